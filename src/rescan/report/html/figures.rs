//! What was found: by category, severity, place, time and rule.

use super::ROWS;
use super::charts::{self, ACTIONS, SEVERITIES};
use super::words::{SCROLLED, count, month, name_or, percent, text};
use crate::report::grouped;
use crate::rescan::report::model::{Authors, Group, Month, Ranking, Report};

/// Above so many months, the table counts years.
const MONTHS: usize = 24;

/// Head of a table whose rows are groups; `first` names what they share.
fn header(first: &str) -> String {
    format!(
        "<thead><tr><th scope=\"col\">{first}</th><td class=\"graph\"></td><th scope=\"col\" class=\"n\">Signalements</th>\
         <th scope=\"col\" class=\"n\">Notes</th><th scope=\"col\" class=\"n\">À retirer</th>\
         <th scope=\"col\" class=\"n\">À reformuler</th><th scope=\"col\" class=\"n\">À savoir</th></tr></thead>"
    )
}

/// A row: what the group shares, its bar, its figures.
fn row(first: &str, group: &Group, longest: u64) -> String {
    format!(
        "<tr><th scope=\"row\">{first}</th><td class=\"graph\">{}</td><td class=\"n\"><b>{}</b></td><td class=\"n\">{}</td>\
         <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        charts::bar(&ACTIONS, charts::actions(group), longest),
        grouped(group.findings),
        grouped(group.notes),
        grouped(group.block),
        grouped(group.warn),
        grouped(group.report),
    )
}

pub fn categories(report: &Report) -> String {
    if report.by_category.is_empty() {
        return String::new();
    }
    let longest = report.by_category.iter().map(|c| c.group.findings).max().unwrap_or(0);
    let rows: String = report
        .by_category
        .iter()
        .map(|c| {
            let mark =
                if c.special_category { " <abbr title=\"catégorie particulière\">*</abbr>" } else { "" };
            let law = format!("<span class=\"soft\">{}</span>", text(c.legal_basis));
            row(&format!("{}{mark}{law}", text(c.label)), &c.group, longest)
        })
        .collect();
    format!(
        "{}{SCROLLED}<table class=\"groups\">{}<tbody>{rows}</tbody></table></div>\n<p class=\"soft\">{}</p>\n",
        charts::legend(&ACTIONS),
        header("Catégorie, fondement"),
        text(
            "* Catégorie particulière de données au sens de l’article 9 du RGPD : en principe, son traitement est interdit. \
             Une note peut compter dans plusieurs catégories."
        )
    )
}

pub fn gravity(report: &Report) -> String {
    if report.total.findings == 0 {
        return String::new();
    }
    let total = &report.total;
    format!(
        "<div class=\"pair\">{}{}</div>\n<p class=\"soft\">{}</p>\n",
        charts::strip("Gravité", &SEVERITIES, [total.high, total.medium, total.low]),
        charts::strip("Suite à donner", &ACTIONS, charts::actions(total)),
        text(
            "La gravité tient à ce que la loi protège : catégories particulières, infractions, NIR et moyens de paiement ou \
             d’accès d’abord. La suite à donner est celle du profil choisi : « À savoir » est listé sans demander de correction."
        )
    )
}

pub fn places(report: &Report) -> String {
    let tables = [
        ("Tables et fichiers", "Table ou fichier", "(sans nom)", &report.by_unit),
        ("Champs", "Champ", "(sans champ)", &report.by_field),
        ("Équipes", "Équipe", "(sans équipe)", &report.by_team),
    ];
    let shown =
        tables.into_iter().filter(|(_, _, _, ranking)| ranking.groups.iter().any(|g| g.name.is_some()));
    shown
        .map(|(title, first, none, groups)| {
            format!("<h3>{title}</h3>\n{}", ranking(groups, first, none, report))
        })
        .collect()
}

/// The largest groups, and what the rest comes to.
fn ranking(ranking: &Ranking, first: &str, none: &str, report: &Report) -> String {
    let longest = ranking.groups.first().map_or(0, |g| g.findings);
    let rows: String = ranking
        .groups
        .iter()
        .take(ROWS)
        .map(|group| row(&name_or(group.name.as_deref(), none), group, longest))
        .collect();
    let hidden = ranking.groups.iter().skip(ROWS);
    let findings = hidden.clone().map(|g| g.findings).sum::<u64>() + ranking.other_findings;
    let groups = hidden.count() as u64 + ranking.other_groups;
    let others = match groups {
        0 => String::new(),
        n => format!(
            "<p class=\"soft\">{}</p>\n",
            text(&format!(
                "{}, qui {} ensemble {} ({}). La liste entière est dans le rapport JSON ou CSV.",
                count(n, "autre ligne", "autres lignes"),
                if n == 1 { "compte" } else { "comptent" },
                count(findings, "signalement", "signalements"),
                percent(findings, report.total.findings)
            ))
        ),
    };
    format!(
        "{SCROLLED}<table class=\"groups\">{}<tbody>{rows}</tbody></table></div>\n{others}",
        header(first)
    )
}

pub fn months(report: &Report) -> String {
    if report.by_month.is_empty() {
        return String::new();
    }
    let undated = match report.undated {
        0 => String::new(),
        n => format!(
            "<p class=\"soft\">{}</p>\n",
            text(&format!(
                "{} dans des notes sans date, hors du graphique.",
                count(n, "signalement se trouve", "signalements se trouvent")
            ))
        ),
    };
    let by_year = report.by_month.len() > MONTHS;
    let periods = if by_year { years(&report.by_month) } else { report.by_month.clone() };
    let longest = periods.iter().map(|m| m.findings).max().unwrap_or(0);
    let rows: String = periods
        .iter()
        .map(|m| {
            let group = Group {
                findings: m.findings,
                notes: m.notes,
                block: m.block,
                warn: m.warn,
                report: m.report,
                ..Group::default()
            };
            row(&month(&m.month), &group, longest)
        })
        .collect();
    format!(
        "<figure>{}{}</figure>\n<p class=\"soft\">{}</p>\n{undated}{SCROLLED}<table class=\"groups\">{}<tbody>\
         {rows}</tbody></table></div>\n",
        charts::legend(&ACTIONS),
        charts::columns(&report.by_month),
        text("Mois de la note, d’après la colonne de date de la source."),
        header(if by_year { "Année" } else { "Mois" })
    )
}

fn years(months: &[Month]) -> Vec<Month> {
    let mut years: Vec<Month> = Vec::new();
    for m in months {
        let year = m.month.split('-').next().unwrap_or_default();
        match years.last_mut().filter(|y| y.month == year) {
            Some(sum) => {
                sum.findings += m.findings;
                sum.notes += m.notes;
                sum.block += m.block;
                sum.warn += m.warn;
                sum.report += m.report;
            }
            None => years.push(Month { month: year.to_owned(), ..m.clone() }),
        }
    }
    years
}

pub fn rules(report: &Report) -> String {
    if report.by_rule.groups.is_empty() {
        return String::new();
    }
    format!(
        "{}<p class=\"soft\"><code>classifier</code>\u{a0}: {} <code>vigie rules list</code> {}</p>\n",
        ranking(&report.by_rule, "Règle", "(sans règle)", report),
        text("le modèle, seul."),
        text(
            "donne les autres règles. Leur précision, quand la revue l’a mesurée, est au chapitre de la revue."
        )
    )
}

/// Figures by author, or why there are none.
pub fn authors(report: &Report) -> String {
    let law = "Des chiffres par auteur sont un contrôle de l’activité des salariés. Ils supposent que les personnes en aient \
               été informées au préalable (Code du travail, art. L1222-4), que le comité social et économique ait été \
               consulté (art. L2312-38) et que le contrôle soit justifié et proportionné (art. L1121-1).";
    match &report.by_author {
        Authors::NotKept => format!(
            "<p>{}</p>\n",
            text(&format!(
                "Aucun : l’analyse n’a pas lu les auteurs des notes, comme il est de règle. {law}"
            ))
        ),
        Authors::NotShown => format!(
            "<p>{}</p>\n",
            text(&format!(
                "L’analyse a gardé les auteurs ; ce rapport ne les montre pas, comme il est de règle. {law}"
            ))
        ),
        Authors::Shown(groups) => format!(
            "<p class=\"alert\">{}</p>\n{}",
            text(&format!("{law} Ce rapport ne se diffuse qu’à ceux qui ont qualité pour en connaître.")),
            ranking(groups, "Auteur", "(sans auteur)", report)
        ),
    }
}
