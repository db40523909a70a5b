//! How the findings of the same tables and files went over time.

use rusqlite::Connection;

use crate::policy::Action;
use crate::report::grouped;
use crate::rescan::report::html::charts::{self, ACTIONS};
use crate::store::State;
use crate::store::rescans::{self, RescanRow};
use crate::store::units::{self, UnitRow};
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::words::{self, moment, name, text, zone};

/// Rescans looked at, the newest ones.
const LOOKED_AT: usize = 200;

/// Rescans of the same tables and files, the newest first.
pub struct Group {
    /// Where they are, and what they are called.
    places: Vec<String>,
    units: Vec<String>,
    rescans: Vec<Point>,
}

/// A rescan's figures.
struct Point {
    row: RescanRow,
    /// `block`, `warn`, `report`.
    parts: [u64; 3],
}

impl Point {
    fn findings(&self) -> u64 {
        self.parts.iter().sum()
    }

    /// Whether its figures are those of everything there is, so that they compare.
    fn is_whole(&self) -> bool {
        matches!(self.row.state, State::Done | State::Partial)
    }
}

/// Every group, that of the newest rescan first. A rescan that has read nothing has no report.
pub fn groups(connection: &Connection) -> Result<Vec<Group>, Failure> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rescans::list(connection)?.into_iter().take(LOOKED_AT) {
        let read = units::list(connection, row.no)?;
        if read.is_empty() {
            continue;
        }
        let (places, names) = (distinct(&read, |unit| &unit.source), distinct(&read, |unit| &unit.name));
        let mut parts = [0; 3];
        for tally in units::tally(connection, row.no)? {
            match tally.action {
                Action::Block => parts[0] += tally.findings,
                Action::Warn => parts[1] += tally.findings,
                Action::Report | Action::Allow => parts[2] += tally.findings,
            }
        }
        let point = Point { row, parts };
        match groups.iter_mut().find(|group| group.places == places && group.units == names) {
            Some(group) => group.rescans.push(point),
            None => groups.push(Group { places, units: names, rescans: vec![point] }),
        }
    }
    Ok(groups)
}

fn distinct(units: &[UnitRow], of: impl Fn(&UnitRow) -> &String) -> Vec<String> {
    let mut all: Vec<String> = units.iter().map(|unit| of(unit).clone()).collect();
    all.sort();
    all.dedup();
    all
}

/// A group with its bars, which the numbers beside them say too.
pub fn section(group: &Group) -> String {
    let title = match group.units.len() {
        1..=3 => group.units.iter().map(|n| name(n)).collect::<Vec<_>>().join(", "),
        n => format!("{} et {} autres", name(&group.units[0]), grouped(n - 1)),
    };
    let places: String = group.places.iter().take(3).map(|p| words::place(p) + " ").collect();
    let longest = group.rescans.iter().map(Point::findings).max().unwrap_or(0);
    let rows: String = group
        .rescans
        .iter()
        .enumerate()
        .map(|(i, point)| line(point, group.rescans[i + 1..].iter().find(|p| p.is_whole()), longest))
        .collect();
    format!(
        "<section class=\"panel\"><h2>{title}</h2><p class=\"soft\">{places}</p>{legend}<div class=\"scroll\" tabindex=\"0\" \
         role=\"region\" aria-label=\"Analyses de {title}\"><table class=\"list\"><thead><tr><th scope=\"col\">Rapport</th>\
         <td class=\"graph\"></td><th scope=\"col\" class=\"n\">Signalements</th><th scope=\"col\" class=\"n\">Évolution</th>\
         <th scope=\"col\" class=\"n\">À retirer</th><th scope=\"col\" class=\"n\">À reformuler</th>\
         <th scope=\"col\" class=\"n\">À savoir</th><th scope=\"col\">État</th></tr></thead><tbody>{rows}</tbody></table></div>\
         </section>\n",
        legend = charts::legend(&ACTIONS),
    )
}

fn line(point: &Point, before: Option<&Point>, longest: u64) -> String {
    let row = &point.row;
    let (state, class) = words::state(row);
    let [block, warn, report] = point.parts;
    let change = match before.filter(|_| point.is_whole()) {
        None => "–".to_owned(),
        Some(before) => change(before.findings(), point.findings()),
    };
    format!(
        "<tr><th scope=\"row\"><a href=\"/rapport/{id}\">{name}</a> <span class=\"soft\">{at}</span></th>\
         <td class=\"graph\">{bar}</td><td class=\"n\"><b>{findings}</b></td><td class=\"n\">{change}</td>\
         <td class=\"n\">{block}</td><td class=\"n\">{warn}</td><td class=\"n\">{report}</td>\
         <td><span class=\"tag {class}\">{state}</span></td></tr>",
        id = Escaped(&row.id),
        name = name(&row.name),
        at = moment(row.started_at.unwrap_or(row.created_at), &zone()),
        bar = charts::bar(&ACTIONS, point.parts, longest),
        findings = grouped(point.findings()),
        block = grouped(block),
        warn = grouped(warn),
        report = grouped(report),
        state = text(state),
    )
}

/// More or fewer than before: `+12`, `−3`, `=`.
fn change(before: u64, now: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "=".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", grouped(now - before)),
        std::cmp::Ordering::Less => format!("−{}", grouped(before - now)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::fixture::{Fixture, Found};

    #[test]
    fn rescans_of_the_same_files_are_compared_and_nothing_is_markup() {
        let fixture = Fixture::new();
        for (name, units, findings) in
            [("a", &["n<b>"][..], 3), ("other", &["n<b>", "x"][..], 9), ("b<i>", &["n<b>"][..], 1)]
        {
            let row = fixture.rescan(json!({ "name": name }));
            for unit in units {
                let unit = fixture.unit(row.no, unit, &["comment"], 20);
                for key in 0..findings {
                    fixture.finding(unit, &Found { key: &key.to_string(), ..Found::default() });
                }
            }
            fixture.end(&row, "done", 1000);
        }
        let connection = fixture.connection();
        // The fixture stores findings only: the counters are the commits'.
        connection
            .execute(
                "INSERT INTO tally SELECT unit, category, action, COUNT(*) FROM finding GROUP BY 1, 2, 3",
                [],
            )
            .unwrap();
        let groups = groups(&connection).unwrap();
        let sizes: Vec<usize> = groups.iter().map(|group| group.rescans.len()).collect();
        assert_eq!(sizes, [2, 1]);
        let html = section(&groups[0]);
        assert!(html.contains("b&lt;i&gt;</a>") && html.contains("<td class=\"n\">−2</td>"), "{html}");
        assert!(!html.contains("<i>") && !html.contains("n<b>"));
    }
}
