//! The top of the report: which rescan, how it ended, what counts most.

use jiff::tz::TimeZone;

use super::words::{count, duration, moment, name, percent, period, place, share, text, zone_name};
use crate::report::grouped;
use crate::rescan::report::Report;
use crate::store::State;

/// The mark of the pages.
const LOGO: &str = "<svg class=\"logo\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><rect width=\"32\" height=\"32\" rx=\"8\" \
    fill=\"#1f4fa3\"/><path d=\"M5 16c3-5 6.7-7.5 11-7.5S24 11 27 16c-3 5-6.7 7.5-11 7.5S8 21 5 16Z\" fill=\"#fff\"/>\
    <circle cx=\"16\" cy=\"16\" r=\"4.6\" fill=\"#1f4fa3\"/></svg>";

/// Problems of tables and files told one by one.
const PROBLEMS: usize = 10;

/// Title, dates and, where not all was read, a warning that nobody can miss.
pub fn head(report: &Report, zone: &TimeZone) -> String {
    let rescan = &report.rescan;
    let sources: Vec<String> = rescan.sources.iter().map(|s| place(s)).collect();
    let read = match (rescan.started_at, rescan.ended_at) {
        (Some(from), Some(to)) => period(from, to, zone),
        (Some(from), None) => format!("depuis le {}", moment(from, zone)),
        _ => "pas encore".to_owned(),
    };
    let id = match rescan.name == rescan.id {
        true => String::new(),
        false => format!(" <code>{}</code>", name(&rescan.id)),
    };
    format!(
        "<header><p class=\"brand\">{LOGO} Vigie <span>Rapport d’analyse des notes</span></p>\n<h1>{title}</h1>\n\
         <p class=\"lead\"><span class=\"badge {class}\">{state}</span>{id}</p>\n\
         <dl class=\"meta\"><div><dt>Source</dt><dd>{sources}</dd></div><div><dt>Lecture</dt><dd>{read} \
         <br><span class=\"soft\">({zone}\u{a0}; {worked} d’analyse)</span></dd></div><div><dt>Profil</dt><dd><code>{profile}</code></dd></div>\
         <div><dt>Rapport établi le</dt><dd>{made}</dd></div></dl>\n{warning}</header>\n",
        title = name(&rescan.name),
        class = state_class(report),
        state = text(state(report)),
        sources = if sources.is_empty() { "–".to_owned() } else { sources.join(", ") },
        zone = zone_name(report.made_at, zone),
        worked = duration(rescan.worked_ms),
        profile = name(&rescan.profile),
        made = moment(report.made_at, zone),
        warning = warning(report),
    )
}

fn state(report: &Report) -> &'static str {
    match report.rescan.state {
        State::Done if report.complete => "Terminée : tout a été lu",
        State::Done | State::Partial => "Terminée en partie",
        State::Queued => "En attente",
        State::Running => "En cours",
        State::Paused => "En pause",
        State::Cancelled => "Annulée",
        State::Failed => "Arrêtée par une panne",
    }
}

fn state_class(report: &Report) -> &'static str {
    match report.rescan.state {
        State::Done if report.complete => "clear",
        State::Failed | State::Cancelled => "block",
        _ => "warn",
    }
}

/// What keeps the figures from being those of all notes; empty where nothing does.
fn warning(report: &Report) -> String {
    if report.complete {
        return String::new();
    }
    let first = match report.rescan.state {
        State::Done | State::Partial => "Une partie des notes n’a pas pu être lue.",
        State::Failed => "L’analyse s’est arrêtée sur une panne avant la fin.",
        State::Cancelled => "L’analyse a été annulée avant la fin.",
        State::Paused => "L’analyse est en pause.",
        State::Queued | State::Running => "L’analyse n’est pas terminée.",
    };
    let mut items = Vec::new();
    if report.notes.unreadable > 0 {
        items.push(format!(
            "{} sur {} ({}), avec leur motif au chapitre <a href=\"#couverture\">Couverture</a>",
            count(report.notes.unreadable, "note illisible", "notes illisibles"),
            grouped(report.notes.seen),
            percent(report.notes.unreadable, report.notes.seen)
        ));
    }
    let problems: Vec<_> = report.problems().collect();
    for unit in problems.iter().take(PROBLEMS) {
        let problem = unit.problem.as_deref().unwrap_or_default();
        items.push(format!(
            "<code>{}</code>, lue en partie ou pas du tout\u{a0}: {}",
            name(&unit.name),
            name(problem)
        ));
    }
    if problems.len() > PROBLEMS {
        let more = (problems.len() - PROBLEMS) as u64;
        let more = count(more, "autre table ou fichier", "autres tables ou fichiers");
        items.push(text(&format!("et {more}, au chapitre Couverture")));
    }
    let pending = report.coverage.iter().filter(|unit| !unit.done && unit.problem.is_none()).count();
    if pending > 0 {
        items.push(count(
            pending as u64,
            "table ou fichier reste à lire",
            "tables ou fichiers restent à lire",
        ));
    }
    if report.rescan.state == State::Failed {
        let message = report.rescan.message.as_deref().unwrap_or_default();
        items.push(format!("Message du programme\u{a0}: {}", name(message)));
    }
    let list: String = items.iter().map(|item| format!("<li>{item}</li>")).collect();
    format!(
        "<div class=\"alert\" role=\"note\"><p><strong>{}</strong> {}</p><ul>{list}</ul></div>\n",
        text(first),
        text("Les chiffres de ce rapport ne portent que sur ce qui a été lu."),
    )
}

/// The figures a reader looks for first.
pub fn essentials(report: &Report) -> String {
    let (notes, total) = (&report.notes, &report.total);
    let judged = notes.judged();
    let unread = match notes.unreadable {
        0 => "aucune illisible".to_owned(),
        n => count(n, "illisible", "illisibles"),
    };
    let precision = match &report.precision {
        Some(p) => (
            share(p.value),
            format!("entre {} et {}, sur {}", share(p.low), share(p.high), reviewed(p.reviewed())),
        ),
        None => ("–".to_owned(), "aucun signalement examiné".to_owned()),
    };
    let cards = [
        (
            "Notes lues",
            grouped(notes.seen),
            format!("dont {} et {unread}", count(notes.empty, "vide", "vides")),
        ),
        (
            "Notes concernées",
            grouped(notes.with_findings),
            format!("{} des {} avec du texte", percent(notes.with_findings, judged), grouped(judged)),
        ),
        ("Signalements", grouped(total.findings), format!("dont {} de gravité élevée", grouped(total.high))),
        ("À retirer", grouped(total.block), format!("et {} à reformuler", grouped(total.warn))),
        (
            "Restent à examiner",
            grouped(report.backlog.to_review),
            format!("{} des signalements", percent(report.backlog.to_review, total.findings)),
        ),
        ("Précision mesurée", precision.0, precision.1),
    ];
    let cards: String = cards
        .iter()
        .map(|(title, figure, more)| {
            format!(
                "<div class=\"card\"><dt>{}</dt><dd class=\"figure\">{figure}</dd><dd class=\"soft\">{}</dd></div>",
                text(title),
                text(more)
            )
        })
        .collect();
    format!("<dl class=\"cards\">{cards}</dl>\n{}", sentence(report))
}

fn reviewed(n: u64) -> String {
    count(n, "examiné", "examinés")
}

/// The same in words.
fn sentence(report: &Report) -> String {
    let special: u64 =
        report.by_category.iter().filter(|c| c.special_category).map(|c| c.group.findings).sum();
    let first = match report.by_category.first() {
        None => "Rien n’a été signalé dans ce qui a été lu.".to_owned(),
        Some(first) => format!(
            "La catégorie la plus fréquente est « {} » ({} des signalements). Les catégories particulières de données \
             (RGPD, article 9) comptent pour {}.",
            first.label,
            percent(first.group.findings, report.total.findings),
            percent(special, report.total.findings)
        ),
    };
    let again = match report.backlog.found_again {
        0 => String::new(),
        n => format!(
            "<p class=\"alert\">{} : la correction n’a pas été faite dans la source, ou le texte a été saisi à nouveau.</p>",
            text(&count(
                n,
                "signalement marqué corrigé a été retrouvé",
                "signalements marqués corrigés ont été retrouvés"
            ))
        ),
    };
    format!("<p>{}</p>\n{again}", text(&first))
}

/// Footers of printed pages. Only what cannot close a string of CSS goes in.
pub fn page_footer(report: &Report) -> String {
    let id: String = report.rescan.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("@page {{ @bottom-left {{ content: \"Vigie · {id}\"; }} }}\n")
}
