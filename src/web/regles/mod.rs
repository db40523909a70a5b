//! The page Règles: which words are looked for, what profiles decide, and why a text is flagged.

mod draft;
pub mod edit;
mod proposed;

use std::fmt::Write;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::category::Category;
use crate::finding::Strength;
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::http::{AppState, body, work};
use crate::note::Note;
use crate::policy::{Action, Policies, PolicyRule};
use crate::report::{decimal, grouped};
use crate::rules::RuleSet;
use crate::scanner::ScanOptions;
use crate::web::bench::{Asked, bench};
use crate::web::html::Escaped;
use crate::web::page::page;

/// `GET /regles`, of one category with `?categorie=`; an unknown one counts as none.
pub async fn get(State(state): State<AppState>, Query(query): Query<Vec<(String, String)>>) -> Response {
    let category = query
        .iter()
        .rev()
        .find(|(name, _)| name == "categorie")
        .and_then(|(_, id)| id.parse::<Category>().ok());
    shown(&state, category, None)
}

/// `POST /regles`: the bench. The note goes back to who sent it, and nowhere else.
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read_form(&headers, body, state.config().max_body_bytes).await?;
    let text = Form::parse(&bytes)?.take("text").unwrap_or_default().replace("\r\n", "\n");
    let scanner = state.scanner();
    let shared = state.clone();
    work::run(&state, move || {
        let options = ScanOptions { profile: &shared.config().profile, min_score: 0.0 };
        let note = Note::new(text);
        let explanation = scanner.explain(&note, &options)?;
        let asked = Asked { text: note.text.as_str(), explanation: &explanation };
        Ok(shown(&shared, None, Some(&asked)))
    })
    .await
}

fn shown(state: &AppState, category: Option<Category>, asked: Option<&Asked<'_>>) -> Response {
    let scanner = state.scanner();
    let rules = scanner.rules();
    let stats = rules.stats();
    let tabs: String = Category::ALL
        .into_iter()
        .map(|c| {
            let current = if Some(c) == category { " aria-current=\"true\"" } else { "" };
            format!(
                "<li><a href=\"/regles?categorie={}#lexique\"{current}>{}</a></li>",
                c.id(),
                Escaped(c.label())
            )
        })
        .collect();
    let main = format!(
        "<h1>Règles</h1>\n<p class=\"lead\">Ce que Vigie cherche, et ce que les profils en font. Cette page se lit ; \
         vos propres entrées s’écrivent dans un dossier de règles, sans reconstruire le programme.</p>\n\
         <p><a class=\"button\" href=\"/regles/fichiers\">Vos règles et les propositions de la revue</a></p>\n\
         {bench}\
         <section class=\"panel\" aria-labelledby=\"lexique\"><h2 id=\"lexique\">Lexique</h2>\
         <p class=\"soft\">{entries} entrées, {terms} termes, {forms} formes, {allowed} expressions inoffensives. \
         Choisissez une catégorie.</p><ul class=\"chips links\">{tabs}</ul>{list}</section>\n\
         <section class=\"panel\" aria-labelledby=\"profils\"><h2 id=\"profils\">Profils</h2>\
         <p class=\"soft\">Les règles se lisent de haut en bas ; la première qui convient décide.</p>{profiles}</section>\n",
        bench = bench(asked),
        entries = grouped(stats.entries),
        terms = grouped(stats.terms),
        forms = grouped(stats.forms),
        allowed = grouped(stats.allowed),
        list = category.map(|c| entries(rules, c)).unwrap_or_default(),
        profiles = profiles(scanner.policies()),
    );
    page("/regles", "Règles", "", &main)
}

/// The entries of a category, each to be unfolded.
fn entries(rules: &RuleSet, category: Category) -> String {
    let mut out = format!("<h3>{} ({})</h3>", Escaped(category.label()), Escaped(category.legal_basis()));
    for rule in rules.rules().iter().filter(|rule| rule.category == category) {
        let strength = match rule.strength {
            Strength::Strong => "suffit seul",
            Strength::Context => "selon le contexte",
            Strength::Weak => "indice",
        };
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "<details class=\"entry\"><summary>{} <span class=\"soft\">{strength} · {} termes</span></summary>\
             <p class=\"terms\">{}</p>{}{}</details>",
            Escaped(&rule.name),
            rule.terms.len(),
            Escaped(rule.terms.join(" · ")),
            examples("Signalé", &rule.flag),
            examples("Laissé", &rule.pass),
        );
    }
    out
}

fn examples(title: &str, notes: &[String]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let rows: String = notes.iter().map(|note| format!("<li>{}</li>", Escaped(note))).collect();
    format!("<p class=\"soft\">{title} :</p><ul>{rows}</ul>")
}

fn profiles(policies: &Policies) -> String {
    let one = |profile: &crate::policy::Profile| {
        let rows: String = profile.rules.iter().map(row).collect();
        let held = match profile.may_save_with_reason() {
            true => "Un texte bloqué peut être enregistré avec un motif.",
            false => "Un texte bloqué ne peut pas être enregistré.",
        };
        format!(
            "<details class=\"entry\"><summary>{} <span class=\"soft\">{}</span></summary><p>{} {held}</p>\
             <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Règles du profil {}\"><table><thead><tr>\
             <th scope=\"col\">Catégories</th><th scope=\"col\">Champs</th><th scope=\"col\">Score minimal</th>\
             <th scope=\"col\">Action</th></tr></thead><tbody>{rows}</tbody></table></div></details>",
            Escaped(&profile.label),
            Escaped(&profile.id),
            Escaped(&profile.description),
            Escaped(&profile.label),
        )
    };
    policies.iter().map(one).collect()
}

fn row(rule: &PolicyRule) -> String {
    let categories = rule.categories.as_ref().map_or_else(
        || "toutes".to_owned(),
        |list| list.iter().map(|c| c.label()).collect::<Vec<_>>().join(", "),
    );
    let narrowed = rule.subcategories.iter().chain(&rule.rules).map(|list| format!(" ({})", list.join(", ")));
    let fields = rule.fields.as_ref().map_or_else(|| "tous".to_owned(), |list| list.join(", "));
    let (action, class) = match rule.action {
        Action::Block => ("bloquer", "block"),
        Action::Warn => ("avertir", "warn"),
        Action::Report => ("lister", "report"),
        Action::Allow => ("laisser", "clear"),
    };
    let beside = rule.beside.map_or_else(String::new, |beside| {
        let (same, other) = (decimal(beside.same_category), decimal(beside.other));
        format!(
            " <span class=\"soft\">({same} à côté d’un constat sûr de la même catégorie, {other} d’une autre)</span>"
        )
    });
    format!(
        "<tr><td>{}{}</td><td>{}</td><td>{}{beside}</td><td><span class=\"tag {class}\">{action}</span></td></tr>",
        Escaped(categories),
        Escaped(narrowed.collect::<String>()),
        Escaped(fields),
        decimal(rule.min_score),
    )
}
