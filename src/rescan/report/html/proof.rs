//! What scanned, how, and how the figures can be checked.

use jiff::tz::TimeZone;

use super::words::{moment, name, text};
use crate::report::decimal;
use crate::rescan::report::Report;

pub fn proof(report: &Report, zone: &TimeZone) -> String {
    let (rescan, versions) = (&report.rescan, &report.versions);
    let yes = |on: bool| if on { "oui" } else { "non" }.to_owned();
    let mut lines = vec![
        ("Moteur", code(&versions.engine)),
        ("Modèle", code(&versions.model)),
        ("Lexiques", code(&versions.lexicons)),
        ("Profil", code(&versions.policy)),
        ("Score minimal", decimal(rescan.min_score)),
        ("Seulement ce qui a changé", yes(rescan.incremental)),
        ("Demandée le", moment(rescan.created_at, zone)),
    ];
    if let Some(baseline) = &rescan.baseline {
        lines.push(("Notes inchangées reprises de", code(baseline)));
    }
    let lines: String =
        lines.iter().map(|(what, value)| format!("<dt>{}</dt><dd>{value}</dd>", text(what))).collect();
    let manifest = match &report.manifest {
        Some(digest) => format!(
            "<p>{}</p>\n<p class=\"digest\"><code>{}</code></p>\n<p class=\"soft\">{}</p>\n",
            text("Empreinte du manifeste signé de cette analyse :"),
            name(digest),
            text(
                "Le manifeste énumère sources, réglages, versions, couverture et nombres par catégorie ; il est signé par la clé \
                 du dossier de données. « vigie rescan report … --format manifest » l’écrit, « vigie rescan verify » vérifie \
                 qu’aucun octet n’en a été changé et recompte ce qu’il annonce."
            )
        ),
        None => format!(
            "<p>{}</p>\n",
            text("Pas encore de manifeste signé : il est établi à la fin de l’analyse.")
        ),
    };
    format!("<dl class=\"lines\">{lines}</dl>\n{manifest}")
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", name(text))
}
