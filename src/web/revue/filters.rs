//! The form that narrows the queue.

use super::query::{ALL, Query, SIZES, TO_CHANGE};
use crate::category::Category;
use crate::policy::{Action, Severity};
use crate::report::decimal;
use crate::rescan::review::ReviewState;
use crate::store::rescans::RescanRow;
use crate::web::html::Escaped;
use crate::web::words;

/// Values that findings have, to be offered for the fields of the same name; none where counting would take long.
#[derive(Default)]
pub struct Known(pub Vec<(&'static str, Vec<String>)>);

/// The form.
pub fn filters(query: &Query, rescans: &[RescanRow], known: &Known) -> String {
    let f = &query.filter;
    let rescan_options = std::iter::once(("all".to_owned(), "Toutes".to_owned()))
        .chain(rescans.iter().map(|row| (row.id.clone(), row.name.clone())));
    let first = [
        select("rescan", "Analyse", rescan_options, f.rescan.as_deref().unwrap_or("all")),
        select(
            "review",
            "Revue",
            ReviewState::ALL
                .iter()
                .map(|s| (s.id().to_owned(), s.label().to_owned()))
                .chain([("all".to_owned(), "Tous".to_owned())]),
            f.review.map_or("all", ReviewState::id),
        ),
        select(
            "category",
            "Catégorie",
            any("Toutes").chain(Category::ALL.iter().map(|c| (c.id().to_owned(), c.label().to_owned()))),
            f.category.map_or("", |c| c.id()),
        ),
        select(
            "action",
            "Suite à donner",
            [(TO_CHANGE, "À retirer ou à reformuler"), (ALL, "Toutes")]
                .map(|(value, label)| (value.to_owned(), label.to_owned()))
                .into_iter()
                .chain(
                    [Action::Block, Action::Warn, Action::Report]
                        .map(|a| (a.id().to_owned(), words::action(a.id()).0.to_owned())),
                ),
            query.action(),
        ),
    ]
    .concat();
    let more = [
        select(
            "severity",
            "Gravité",
            any("Toutes").chain(
                [Severity::High, Severity::Medium, Severity::Low]
                    .map(|s| (s.id().to_owned(), words::severity(s.id()).to_owned())),
            ),
            f.severity.map_or("", Severity::id),
        ),
        input("unit", "Table ou fichier", f.unit.as_deref(), known),
        input("column", "Colonne", f.column.as_deref(), known),
        input("field", "Champ", f.field.as_deref(), known),
        input("team", "Équipe", f.team.as_deref(), known),
        input("rule", "Règle", f.rule.as_deref(), known),
        input("month", "Mois (AAAA-MM)", f.month.as_deref(), known),
        input("min_score", "Confiance minimale (0 à 1)", f.min_score.map(decimal).as_deref(), known),
        select(
            "size",
            "Par page",
            SIZES.iter().map(|size| (size.to_string(), size.to_string())),
            &query.size.to_string(),
        ),
    ]
    .concat();
    let rest = [&f.unit, &f.column, &f.field, &f.team, &f.rule, &f.month];
    let open = f.severity.is_some()
        || f.min_score.is_some()
        || query.size != SIZES[0]
        || rest.iter().any(|value| value.is_some());
    format!(
        "<form class=\"filters\" method=\"get\" action=\"/revue\" aria-label=\"Filtres\"><details><summary>Filtres \
         <span class=\"soft\">{said}</span></summary><div class=\"fields\">{first}</div><details class=\"more\"{open}>\
         <summary>Plus de filtres</summary><div class=\"fields\">{more}</div></details>\
         <div class=\"row\"><button class=\"main\">Filtrer</button></div></details>{clear}</form>\n",
        said = said(query, rescans),
        open = if open { " open" } else { "" },
        clear = match query.is_narrowed() {
            true => "<a href=\"/revue\">Effacer les filtres</a>",
            false => "",
        },
    )
}

/// What the filters are, in a line.
fn said(query: &Query, rescans: &[RescanRow]) -> String {
    let f = &query.filter;
    let rescan = f.rescan.as_ref().map(|id| {
        rescans.iter().find(|row| row.id == *id).map_or_else(|| id.clone(), |row| row.name.clone())
    });
    let parts = [
        Some(rescan.unwrap_or_else(|| "toutes les analyses".to_owned())),
        Some(f.review.map_or("tous les états", ReviewState::label).to_lowercase()),
        f.category.map(|c| c.label().to_owned()),
        Some(match f.action {
            Some(action) => words::action(action.id()).0.to_lowercase(),
            None if f.to_change => "à retirer ou à reformuler".to_owned(),
            None => "toutes les suites".to_owned(),
        }),
        f.severity.map(|s| format!("gravité {}", words::severity(s.id()))),
        f.unit.clone(),
        f.column.clone(),
        f.field.clone(),
        f.team.as_ref().map(|team| format!("équipe {team}")),
        f.rule.clone(),
        f.month.clone(),
        f.min_score.map(|score| format!("confiance dès {}", words::share(score))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| words::name(&part)).collect();
    parts.join(" · ")
}

fn any(name: &str) -> impl Iterator<Item = (String, String)> {
    std::iter::once((String::new(), name.to_owned()))
}

fn select(name: &str, label: &str, options: impl Iterator<Item = (String, String)>, chosen: &str) -> String {
    let options: String = options
        .map(|(value, shown)| {
            let selected = if value == chosen { " selected" } else { "" };
            format!("<option value=\"{}\"{selected}>{}</option>", Escaped(&value), Escaped(&shown))
        })
        .collect();
    format!(
        "<div><label for=\"q-{name}\">{label}</label><select id=\"q-{name}\" name=\"{name}\">{options}</select></div>"
    )
}

fn input(name: &'static str, label: &str, value: Option<&str>, known: &Known) -> String {
    let offered = known.0.iter().find(|(n, values)| *n == name && !values.is_empty());
    let (list, options) = match offered {
        None => (String::new(), String::new()),
        Some((_, values)) => {
            let options: String =
                values.iter().map(|v| format!("<option value=\"{}\">", Escaped(v))).collect();
            (format!(" list=\"l-{name}\""), format!("<datalist id=\"l-{name}\">{options}</datalist>"))
        }
    };
    format!(
        "<div><label for=\"q-{name}\">{label}</label><input id=\"q-{name}\" name=\"{name}\" value=\"{}\"{list} \
         autocomplete=\"off\" spellcheck=\"false\">{options}</div>",
        Escaped(value.unwrap_or_default())
    )
}
