//! What goes with the queue: the bar that decides about several findings, the reasons of a dismissal, help.

use crate::report::grouped;
use crate::rescan::review::{Grounds, MAX_TEXT};
use crate::web::words::text;

/// The bar for what is chosen. Without JavaScript it also holds the reason that « Écarter » gives.
pub fn bar() -> String {
    format!(
        "<div class=\"bulk\" role=\"group\" aria-label=\"Signalements choisis\"><label class=\"all\" hidden>\
         <input type=\"checkbox\" id=\"tous\"> <span>Tout choisir</span></label><b id=\"choisis\">Choisis</b>\
         <button class=\"small\" name=\"confirmed\" value=\"choisis\">Confirmer</button>\
         <button class=\"small\" name=\"dismissed\" value=\"choisis\">Écarter</button>\
         <button class=\"small\" name=\"fixed\" value=\"choisis\">Corrigé</button>\
         <noscript><details><summary>Motif pour «\u{a0}Écarter\u{a0}»</summary>{}</details></noscript></div>",
        fields("n")
    )
}

/// The reason of a dismissal; `id` begins the ids of its fields.
fn fields(id: &str) -> String {
    let choices: String = Grounds::ALL
        .iter()
        .enumerate()
        .map(|(i, grounds)| {
            format!(
                "<label class=\"choice\"><input type=\"radio\" name=\"reason\" value=\"{}\"> <span>{}</span> <kbd>{}</kbd></label>",
                grounds.id(),
                text(grounds.label()),
                i + 1
            )
        })
        .collect();
    format!(
        "<fieldset class=\"reasons\"><legend>{why}</legend>{choices}</fieldset>\
         <label for=\"{id}-texte\">Précision <span class=\"soft\">{clear}</span></label>\
         <input id=\"{id}-texte\" name=\"text\" maxlength=\"{MAX_TEXT}\" autocomplete=\"off\">\
         <label for=\"{id}-mots\">Mots inoffensifs <span class=\"soft\">{words}</span></label>\
         <input id=\"{id}-mots\" name=\"phrase\" maxlength=\"80\" autocomplete=\"off\">",
        why = text("Pourquoi écarter ?"),
        clear = text("facultative, sauf pour « Autre motif » ; gardée en clair : ne citez pas la note"),
        words = text("facultatifs ; proposés pour la liste des expressions permises, sur la page Règles"),
    )
}

/// Decides about everything the filters let through; `total` is how many, where that is known.
pub fn whole_filter(total: Option<u64>, most: u64) -> String {
    let what = match total {
        Some(total) if total > most => return String::new(),
        Some(total) => format!("les {} signalements de ces filtres", grouped(total)),
        None => format!("les signalements de ces filtres ({} au plus)", grouped(most)),
    };
    format!(
        "<details class=\"whole\"><summary>Décider de tous {what}</summary>\
         <label class=\"choice\"><input type=\"checkbox\" name=\"sure\" value=\"1\"> <span>{sure}</span></label>\
         <div class=\"row\"><button name=\"confirmed\" value=\"tous\">Tout confirmer</button>\
         <button name=\"dismissed\" value=\"tous\">Tout écarter</button>\
         <button name=\"fixed\" value=\"tous\">Tout marquer corrigé</button></div></details>",
        what = text(&what),
        sure = text("Je décide de tous à la fois, y compris ceux des autres pages"),
    )
}

/// Dialogs that the script opens.
pub fn dialogs() -> String {
    let keys = [
        ("j", "signalement suivant"),
        ("k", "signalement précédent"),
        ("c", "confirmer"),
        ("d", "écarter, avec un motif (1 à 6)"),
        ("f", "marquer corrigé"),
        ("u", "annuler la dernière décision"),
        ("x", "choisir pour décider de plusieurs à la fois"),
        ("r", "révéler l’extrait masqué"),
        ("?", "cette aide"),
    ];
    let rows: String =
        keys.iter().map(|(key, what)| format!("<dt><kbd>{key}</kbd></dt><dd>{}</dd>", text(what))).collect();
    format!(
        "<dialog id=\"ecart\" aria-labelledby=\"ecart-titre\"><form method=\"dialog\" class=\"plain\">\
         <h2 id=\"ecart-titre\">Écarter</h2>{}<p class=\"alert\" role=\"alert\" id=\"ecart-erreur\" hidden></p>\
         <div class=\"row\"><button class=\"main\" value=\"oui\">Écarter</button>\
         <button value=\"non\" formnovalidate>Renoncer</button></div></form></dialog>\n\
         <dialog id=\"aide\" aria-labelledby=\"aide-titre\"><form method=\"dialog\" class=\"plain\">\
         <h2 id=\"aide-titre\">Raccourcis clavier</h2><dl class=\"keys\">{rows}</dl>\
         <label class=\"choice\"><input type=\"checkbox\" id=\"touches\" checked> <span>{}</span></label>\
         <div class=\"row\"><button class=\"main\" autofocus>Fermer</button></div></form></dialog>\n",
        fields("e"),
        text("Utiliser les raccourcis d’une touche"),
    )
}
