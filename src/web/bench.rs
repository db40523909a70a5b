//! Why a text is flagged: what each detector proposed, and what became of it.

use super::html::{Escaped, french};
use crate::finding::{Candidate, Source};
use crate::report::decimal;
use crate::scanner::Explanation;

/// A note and everything that was said of it.
pub struct Asked<'a> {
    pub text: &'a str,
    pub explanation: &'a Explanation,
}

/// The form, and the answer if something was asked.
pub fn bench(asked: Option<&Asked<'_>>) -> String {
    format!(
        "<section class=\"panel\" aria-labelledby=\"pourquoi\"><h2 id=\"pourquoi\">Pourquoi est-ce signalé ?</h2>\
         <form class=\"plain\" method=\"post\" action=\"/regles#pourquoi\"><label for=\"banc\">Texte</label>\
         <textarea id=\"banc\" class=\"short\" name=\"text\" rows=\"3\" spellcheck=\"false\" autocomplete=\"off\">\n{}</textarea>\
         <div class=\"row\"><button class=\"main\">Expliquer</button></div></form>{}</section>\n",
        Escaped(asked.map_or("", |a| a.text)),
        asked.map(answer).unwrap_or_default(),
    )
}

fn answer(asked: &Asked<'_>) -> String {
    let fusion = &asked.explanation.fusion;
    let kept = fusion.kept.iter().enumerate().flat_map(|(i, fused)| {
        let score = decimal(format_args!("{:.2}", fused.finding.score));
        let what = format!("retenu : passage {}, score {score}", i + 1);
        fused.candidates.iter().map(move |c| (c, true, what.clone()))
    });
    let dropped =
        fusion.dropped.iter().map(|d| (&d.candidate, false, format!("écarté : {}", reason(&d.reason))));
    let mut rows: Vec<(&Candidate, bool, String)> = kept.chain(dropped).collect();
    if rows.is_empty() {
        return "<p>Aucun détecteur n’a rien proposé.</p>".to_owned();
    }
    rows.sort_by_key(|(c, ..)| (c.span, c.category, c.source));
    let rows: String = rows.iter().map(|(c, kept, what)| row(asked.text, c, *kept, what)).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Propositions\"><table><thead><tr>\
         <th scope=\"col\">Mots</th><th scope=\"col\">Suite donnée</th><th scope=\"col\">Catégorie</th><th scope=\"col\">Détecteur</th>\
         <th scope=\"col\">Règle</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn row(text: &str, candidate: &Candidate, kept: bool, what: &str) -> String {
    let detector = match candidate.source {
        Source::Lexicon => "lexique",
        Source::Pattern => "motif",
        Source::Classifier => "modèle",
    };
    format!(
        "<tr><td>{}</td><td class=\"{}\">{}</td><td>{}</td><td>{detector}</td><td><code>{}</code></td></tr>",
        Escaped(candidate.span.of(text)),
        if kept { "kept" } else { "soft" },
        Escaped(french(what)),
        Escaped(candidate.category.label()),
        Escaped(&candidate.rule),
    )
}

/// A reason of the detectors in French; their own words are names of cues and phrases.
fn reason(said: &str) -> String {
    const BEGINNINGS: [(&str, &str); 6] = [
        ("allowed phrase: ", "expression inoffensive : "),
        ("next to ", "à côté de : "),
        ("inside an e-mail or web address", "dans une adresse e-mail ou web"),
        ("surname position", "à la place d’un nom de famille"),
        ("inside a street address", "dans une adresse postale"),
        ("inside a quoted title", "dans un titre cité"),
    ];
    let known = BEGINNINGS.iter().find_map(|(english, french)| Some((french, said.strip_prefix(english)?)));
    known.map_or_else(|| said.to_owned(), |(french, rest)| format!("{french}{rest}"))
}
