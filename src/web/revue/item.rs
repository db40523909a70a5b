//! One finding of the queue, as markup. The page's script puts the same markup in its place after a decision.

use std::fmt::Write;

use crate::report::grouped;
use crate::rescan::review::ReviewState;
use crate::store::findings::StoredFinding;
use crate::web::words;

/// A finding, masked; `revealed` is its excerpt, where somebody asked to see it.
pub fn item(finding: &StoredFinding, revealed: Option<&str>) -> String {
    let print = finding.fingerprint;
    let (action, class) = words::action(&finding.action);
    let label = finding.category.parse::<crate::category::Category>().map_or("Autre", |c| c.label());
    let place = format!("{}, note {}, {}", finding.unit, finding.note, finding.column);
    format!(
        "<li class=\"finding case {class}{decided}\" id=\"s-{print}\" data-print=\"{print}\" tabindex=\"-1\">\
         <div class=\"head\"><label class=\"pick\"><input type=\"checkbox\" name=\"f\" value=\"{print}\">\
         <span class=\"unseen\">Choisir : {aria}</span></label><h3>{label}</h3><span class=\"tag\">{action}</span></div>\
         <p class=\"place\"><b>{unit}</b> · note <code>{note}</code> · <code>{column}</code></p>\
         {excerpt}<p class=\"soft facts\">{facts}</p>{state}</li>",
        decided = if finding.state == ReviewState::ToReview { "" } else { " decided" },
        aria = words::name(&place),
        label = words::text(label),
        unit = words::name(&finding.unit),
        note = words::name(&finding.note),
        column = words::name(&finding.column),
        excerpt = excerpt(finding, revealed),
        facts = facts(finding),
        state = state(finding),
    )
}

/// What stands where the words would: dots, and a button to see the masked excerpt where one was kept.
fn excerpt(finding: &StoredFinding, revealed: Option<&str>) -> String {
    match (revealed, &finding.excerpt) {
        (Some(text), _) => format!("<p class=\"note excerpt\">{}</p>", words::name(text)),
        (None, None) => String::new(),
        (None, Some(_)) => format!(
            "<p class=\"note excerpt\"><span class=\"dots\" aria-hidden=\"true\">•••••• •••• ••••••••• •••</span> \
             <button class=\"small\" name=\"reveal\" value=\"{}\">Révéler<span class=\"unseen\"> l’extrait masqué ; c’est \
             consigné</span></button></p>",
            finding.fingerprint
        ),
    }
}

fn facts(finding: &StoredFinding) -> String {
    let mut out = format!(
        "règle <code>{}</code> · gravité {} · confiance {} · caractères {} à {}",
        words::name(&finding.rule),
        words::severity(&finding.severity),
        words::share(finding.score),
        grouped(finding.start),
        grouped(finding.end),
    );
    // Writing to a string does not fail.
    if let Some(field) = finding.field.as_deref().filter(|field| *field != finding.column) {
        let _ = write!(out, " · champ {}", words::name(field));
    }
    if let Some(team) = &finding.team {
        let _ = write!(out, " · équipe {}", words::name(team));
    }
    if let Some(month) = &finding.month {
        let _ = write!(out, " · {}", words::month(month));
    }
    out
}

/// The decision and how to take it back, or the buttons that take one.
fn state(finding: &StoredFinding) -> String {
    let print = finding.fingerprint;
    let Some(review) = &finding.review else {
        return format!(
            "<div class=\"acts\"><button name=\"confirmed\" value=\"{print}\">Confirmer</button>\
             <button name=\"dismissed\" value=\"{print}\">Écarter</button>\
             <button name=\"fixed\" value=\"{print}\">Corrigé</button></div>"
        );
    };
    let (name, class) = words::review(review.decision);
    let by = review.by.as_deref().map(|by| format!(" par {}", words::name(by))).unwrap_or_default();
    let reason = review.reason.as_ref().map(|reason| {
        let mut said = words::text(reason.code.label());
        for more in [&reason.text, &reason.phrase].into_iter().flatten() {
            let _ = write!(said, ", «\u{a0}{}\u{a0}»", words::name(more));
        }
        format!("\u{a0}: {said}")
    });
    format!(
        "<div class=\"acts\"><p><span class=\"tag {class}\">{name}</span> <span class=\"soft\">{by} le {at}{reason}</span></p>\
         <button name=\"undo\" value=\"{print}\">Annuler<span class=\"unseen\"> cette décision</span></button></div>",
        at = words::moment(review.at, &words::zone()),
        reason = reason.unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rescan::review::{Decision, Grounds, Reason};
    use crate::store::findings::newest;
    use crate::store::fixture::{Fixture, Found};
    use crate::store::reviews;

    #[test]
    fn a_finding_is_masked_and_nothing_from_the_source_is_markup() {
        let fixture = Fixture::new();
        let row = fixture.rescan(serde_json::json!({"excerpts": true}));
        let unit = fixture.unit(row.no, "a<b>.csv", &["c<i>"], 2);
        let found = Found {
            key: "<u>7",
            column: "c<i>",
            rule: "x\"<y>",
            team: Some("<script>"),
            month: Some("2026-03"),
            text: Some("Client malade"),
            ..Found::default()
        };
        let print = fixture.finding(unit, &found);
        let connection = fixture.connection();
        let stored = newest(&connection, &print).unwrap().unwrap();
        let masked = item(&stored, None);
        for tag in ["<b>.csv", "<i>", "<u>", "<y>", "<script>"] {
            assert!(!masked.contains(tag), "{tag} in {masked}");
        }
        assert!(
            masked.contains("name=\"reveal\"") && masked.contains("mars 2026") && !masked.contains("alade")
        );
        let revealed = item(&stored, Some("Client m••••• <b>"));
        assert!(revealed.contains("Client m••••• &lt;b&gt;") && !revealed.contains("name=\"reveal\""));

        let reason = Reason::new(Grounds::Other, Some("essai <b>"), None).unwrap();
        reviews::decide(&connection, &[print], &Decision::Dismissed(reason), Some("ana<b>")).unwrap();
        let decided = item(&newest(&connection, &print).unwrap().unwrap(), None);
        assert!(decided.contains("name=\"undo\"") && !decided.contains("name=\"confirmed\""), "{decided}");
        assert!(
            decided.contains("Autre motif, «\u{a0}essai &lt;b&gt;\u{a0}»")
                && decided.contains("par ana&lt;b&gt;")
        );
    }
}
