//! What reviewers decided, what it says of the scanner, and examples.

use super::ROWS;
use super::charts::{self, REVIEW};
use super::words::{SCROLLED, count, name, percent, share, text};
use crate::report::grouped;
use crate::rescan::report::model::{Backlog, Group, Report};
use crate::rescan::review::Precision;

/// Fewest reviewed findings of a rule for its precision to be told.
const ENOUGH: u64 = 5;

fn parts(backlog: &Backlog) -> [u64; 4] {
    [backlog.to_review, backlog.confirmed, backlog.dismissed, backlog.fixed]
}

pub fn review(report: &Report) -> String {
    if report.total.findings == 0 {
        return String::new();
    }
    let rows: String = report
        .by_category
        .iter()
        .map(|c| {
            let [todo, confirmed, dismissed, fixed] = parts(&c.group.review);
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"graph\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                text(c.label),
                charts::bar(&REVIEW, parts(&c.group.review), c.group.findings),
                grouped(todo),
                grouped(confirmed),
                grouped(dismissed),
                grouped(fixed)
            )
        })
        .collect();
    let heads: String =
        REVIEW.iter().map(|(_, name)| format!("<th scope=\"col\" class=\"n\">{}</th>", text(name))).collect();
    format!(
        "{}{SCROLLED}<table class=\"groups\"><thead><tr><th scope=\"col\">Catégorie</th><td class=\"graph\"></td>\
         {heads}</tr></thead><tbody>{rows}</tbody></table></div>\n{}",
        charts::strip("État de la revue", &REVIEW, parts(&report.backlog)),
        precision(report)
    )
}

fn precision(report: &Report) -> String {
    let Some(overall) = &report.precision else {
        return format!(
            "<h3>Précision mesurée</h3>\n<p>{}</p>\n",
            text(
                "Aucun signalement n’a encore été examiné : la précision se mesure à mesure de la revue (vigie rescan review)."
            )
        );
    };
    let categories = report.by_category.iter().filter_map(|c| Some((text(c.label), c.group.precision?)));
    let rules = report.by_rule.groups.iter().filter_map(|g: &Group| {
        let precision = g.precision.filter(|p| p.reviewed() >= ENOUGH)?;
        Some((name(g.name.as_deref().unwrap_or_default()), precision))
    });
    let mut rules: Vec<(String, Precision)> = rules.collect();
    rules.sort_by(|(_, a), (_, b)| a.high.total_cmp(&b.high));
    rules.truncate(ROWS);
    let all = std::iter::once((format!("<b>{}</b>", text("Ensemble")), *overall)).chain(categories);
    let mut out = format!("<h3>Précision mesurée</h3>\n{}", table("Catégorie", all));
    if !rules.is_empty() {
        out.push_str(&format!(
            "<h3>Règles les moins précises</h3>\n{}",
            table("Règle", rules.into_iter().map(|(rule, p)| (format!("<code>{rule}</code>"), p)))
        ));
    }
    out.push_str(&format!(
        "<p class=\"soft\">{}</p>\n",
        text(
            "Part de signalements justes (confirmés ou corrigés) parmi ceux que la revue a jugés ; l’intervalle est celui de \
             Wilson à 95 %. Ce qui a été écarté comme licite ou inventé ne compte ni pour ni contre. Les signalements examinés \
             n’étant pas tirés au hasard, la mesure vaut pour eux et indique une tendance pour les autres. Une règle est citée \
             à partir de 5 jugements."
        )
    ));
    out
}

fn table(first: &str, rows: impl Iterator<Item = (String, Precision)>) -> String {
    let rows: String = rows
        .map(|(what, p)| {
            format!(
                "<tr><th scope=\"row\">{what}</th><td class=\"graph\">{}</td><td class=\"n\"><b>{}</b></td>\
                 <td class=\"n\">{} – {}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                charts::interval(&p),
                share(p.value),
                share(p.low),
                share(p.high),
                grouped(p.right),
                grouped(p.wrong)
            )
        })
        .collect();
    format!(
        "{SCROLLED}<table class=\"groups\"><thead><tr><th scope=\"col\">{first}</th><td class=\"graph\"></td>\
         <th scope=\"col\" class=\"n\">Précision</th><th scope=\"col\" class=\"n\">Intervalle</th>\
         <th scope=\"col\" class=\"n\">Justes</th><th scope=\"col\" class=\"n\">Faux</th></tr></thead><tbody>{rows}</tbody>\
         </table></div>\n"
    )
}

/// Masked excerpts, by category; nothing where none were kept.
pub fn examples(report: &Report) -> String {
    let Some(examples) = report.examples.as_ref().filter(|e| !e.is_empty()) else { return String::new() };
    let groups: String = examples
        .chunk_by(|a, b| a.category == b.category)
        .map(|group| {
            let items: String = group
                .iter()
                .map(|e| {
                    format!(
                        "<li><q>{}</q> <span class=\"soft\">{} · {} · {}</span></li>",
                        text(&e.excerpt),
                        name(&e.unit),
                        name(&e.note),
                        name(&e.column)
                    )
                })
                .collect();
            format!(
                "<div class=\"examples\"><h3>{}</h3><ul>{items}</ul></div>\n",
                text(group[0].category.label())
            )
        })
        .collect();
    let shown = count(examples.len() as u64, "extrait", "extraits");
    format!(
        "<p class=\"soft\">{}</p>\n<div class=\"two\">{groups}</div>\n",
        text(&format!(
            "{shown} sur {} ({}) : ce qui est signalé y est réduit aux initiales, les autres signalements à leur catégorie, \
             les chiffres à des points. Leur consultation est consignée.",
            count(report.total.findings, "signalement", "signalements"),
            percent(examples.len() as u64, report.total.findings)
        ))
    )
}
