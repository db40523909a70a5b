//! What dismissals propose for the rules.

use std::path::Path;

use rusqlite::Connection;

use super::draft::RulesFile;
use super::edit::editor;
use crate::rescan::proposals::{ProposalError, Proposals, propose};
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::words::{count, name, text};

/// Proposals, with the files they make.
pub struct Proposed {
    proposals: Proposals,
    /// Each file with its new content: what it holds now, then what is proposed.
    files: Vec<(RulesFile, String)>,
}

impl Proposed {
    pub fn read(connection: &Connection, profile: &str, rules_dir: Option<&Path>) -> Result<Self, Failure> {
        let proposals = propose(connection, profile, rules_dir).map_err(|error| match error {
            ProposalError::Policy(_) => Failure::NotFound("Ce profil n’existe pas."),
            ProposalError::Rules(error) => {
                tracing::warn!(%error, "the folder of rules is broken");
                Failure::refused(
                    "Le dossier de règles a un défaut : corrigez d’abord le fichier que nomme le journal.",
                )
            }
            ProposalError::Sqlite(error) => error.into(),
        })?;
        let policy = proposals.policy.as_ref().map(|(file, text)| (format!("policy/{file}"), text));
        let allow = proposals.allow.as_ref().map(|text| ("allow.toml".to_owned(), text));
        let mut files = Vec::new();
        for (path, proposed) in policy.into_iter().chain(allow) {
            let Some(file) = RulesFile::parse(&path) else { continue };
            let now = match rules_dir {
                Some(dir) => file.read(dir).map_err(Failure::internal)?,
                None => None,
            };
            let text = match now {
                Some(now) => format!("{}\n\n{proposed}", now.trim_end()),
                None => proposed.clone(),
            };
            files.push((file, text));
        }
        Ok(Self { proposals, files })
    }
}

/// The beginning of the section of proposals: which profile's. [`section`] ends it.
pub fn heading(profile: &str, profiles: &[(String, String)]) -> String {
    let options: String = profiles
        .iter()
        .map(|(id, label)| {
            let selected = if id == profile { " selected" } else { "" };
            format!("<option value=\"{}\"{selected}>{}</option>", Escaped(id), Escaped(label))
        })
        .collect();
    format!(
        "<section class=\"panel\" aria-labelledby=\"propositions\"><h2 id=\"propositions\">Ce que la revue propose</h2>\
         <form class=\"plain\" method=\"get\" action=\"/regles/fichiers\"><label for=\"profil\">Profil des décisions</label>\
         <div class=\"row tight\"><div class=\"grow\"><select id=\"profil\" name=\"profil\">{options}</select></div>\
         <button>Voir</button></div></form>"
    )
}

/// The proposals of a profile, the end of their section, and the forms that take them over.
pub fn section(proposed: &Proposed, can_save: bool) -> String {
    let p = &proposed.proposals;
    let editors: String = proposed
        .files
        .iter()
        .enumerate()
        .map(|(i, (file, text))| editor(file, text, can_save, None, &format!("p{i}")))
        .collect();
    let body = match p.rules.is_empty() && p.phrases.is_empty() && p.refused.is_empty() {
        true => format!(
            "<p>{}</p>",
            text(
                "Rien à proposer pour ce profil. Une règle écartée au moins cinq fois, et quatre fois sur cinq, le sera ici ; de \
                 même les mots inoffensifs donnés en écartant."
            )
        ),
        false => format!("{}{}{}", rules(p), phrases(p), refused(p)),
    };
    format!("{body}</section>\n{editors}")
}

fn rules(p: &Proposals) -> String {
    if p.rules.is_empty() {
        return String::new();
    }
    let rows: String = p
        .rules
        .iter()
        .map(|rule| {
            format!(
                "<tr><td><code>{}</code></td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                name(&rule.rule),
                rule.field.as_deref().map_or_else(|| text("tous"), name),
                rule.dismissed,
                rule.kept
            )
        })
        .collect();
    format!(
        "<h3>{}</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Règles à laisser\"><table><thead><tr>\
         <th scope=\"col\">Règle</th><th scope=\"col\">Champ</th><th scope=\"col\" class=\"n\">Écartée</th>\
         <th scope=\"col\" class=\"n\">Confirmée</th></tr></thead><tbody>{rows}</tbody></table></div>",
        text("Règles à laisser dans un profil")
    )
}

fn phrases(p: &Proposals) -> String {
    if p.phrases.is_empty() {
        return String::new();
    }
    let rows: String = p
        .phrases
        .iter()
        .map(|phrase| {
            let categories: Vec<&str> = phrase.categories.iter().map(|c| c.label()).collect();
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
                name(&phrase.phrase),
                name(&phrase.reason),
                text(&categories.join(", ")),
                phrase.dismissed
            )
        })
        .collect();
    format!(
        "<h3>{}</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Expressions à permettre\"><table><thead><tr>\
         <th scope=\"col\">Expression</th><th scope=\"col\">Pourquoi</th><th scope=\"col\">Catégories</th>\
         <th scope=\"col\" class=\"n\">Écartée</th></tr></thead><tbody>{rows}</tbody></table></div>",
        text("Expressions à permettre")
    )
}

fn refused(p: &Proposals) -> String {
    if p.refused.is_empty() {
        return String::new();
    }
    let items: String = p
        .refused
        .iter()
        .map(|r| {
            format!(
                "<li>«\u{a0}{}\u{a0}»\u{a0}: <span lang=\"en\">{}</span></li>",
                name(&r.what),
                name(&r.why)
            )
        })
        .collect();
    let title = count(p.refused.len() as u64, "proposition refusée", "propositions refusées");
    format!(
        "<h3>{}</h3><ul class=\"wrong\">{items}</ul>",
        text(&format!("{title} : une règle n’y retrouverait plus ses exemples"))
    )
}
