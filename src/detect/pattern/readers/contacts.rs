//! E-mail addresses and birth dates.

use std::ops::Range;

use super::{Reading, byte_before};
use crate::text::Document;

/// An address, written or spelled out. A generic mailbox or a shop's is a company's; a person's at a company counts
/// for less.
pub fn email(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = &document.plain.text[range.clone()];
    let (local, domain) = split(text)?;
    let name = local.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if name.is_empty() {
        return None;
    }
    let head = name.split(['.', '-', '_', '+']).next().unwrap_or(name);
    let head = head.trim_end_matches(|c: char| c.is_ascii_digit());
    let provider = domain.split(['.', ' ', '(', '[']).find(|label| !label.is_empty()).unwrap_or(domain);
    let personal = listed(PROVIDERS, provider);
    let generic = listed(GENERIC, head) && !personal || listed(GENERIC, name);
    let business = name.split(['.', '-', '_', '+', ' ']).any(names_business);
    let reading = Reading::new(range);
    if business && !generic {
        return Some(reading.veto("boîte d'entreprise"));
    }
    Some(match (generic, personal) {
        (true, _) => reading.veto("boîte générique"),
        (false, true) => reading.score(0.95),
        (false, false) => reading.score(0.45),
    })
}

fn split(text: &str) -> Option<(&str, &str)> {
    let (local, domain) = ["@", "arobase", "arrobase", "arobaz", "(at)", "[at]", "(a)", " at "]
        .iter()
        .find_map(|sign| text.split_once(sign))?;
    Some((local.trim(), domain.trim_start_matches(['e', ' ']).trim()))
}

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|w| w == word)
}

/// "boulangerieroy", "sarlroy", "lagarage74": a word of [`BUSINESSES`] begins or ends it; one of [`NO_BUSINESSES`]
/// begins otherwise.
fn names_business(part: &str) -> bool {
    let part = part.trim_matches(|c: char| c.is_ascii_digit());
    let business = BUSINESSES.split(' ').any(|w| part.starts_with(w) || part.ends_with(w));
    business && !NO_BUSINESSES.split(' ').any(|w| part.starts_with(w))
}

/// What a business puts into the name of its mailbox.
const BUSINESSES: &str = "\
    sarl eurl boulangerie garage menuiserie plomberie pharmacie restaurant camping coiffure mairie";

/// Towns, people and hobbies that begin like a business.
const NO_BUSINESSES: &str = "sarlat campingcar pharmacien";

/// Mailboxes of a function, not of a person.
const GENERIC: &str = "\
    abuse accueil achat achats adherents admin administratif administration adv agence assistance \
    assurance atelier bonjour boutique bureau cabinet candidature candidatures client clientele clients \
    commande commandes commercial communication compta comptabilite conseil contact contacts contentieux \
    courriel courrier demande demandes depannage depot devis direction dpo drh ecole emploi equipe etude \
    expedition export facturation facture factures formation fournisseurs garage gestion hello help \
    helpdesk hotel hotline info information informatique infos juridique litiges livraison livraisons \
    location logistique magasin mail maintenance mairie marketing moncompte ne newsletter no noreply \
    notification office paie paiement parc planning postmaster presse prevention privacy pro production \
    qualite reception reclamation reclamations recouvrement recrutement relation relations resa \
    reservation reservations rgpd rh sales sante sav secretariat securite service services siege \
    sinistre sinistres social societe stage standard support syndic technique transport travaux urgence \
    vente ventes webmaster";

/// Mail providers to private persons.
const PROVIDERS: &str = "\
    9online aliceadsl aol bbox cegetel club-internet dartybox duck free gmail gmx googlemail hey hotmail \
    icloud lapost laposte libertysurf live mac mailo me msn neuf noos nordnet numericable orange outlook \
    pm proton protonmail sfr skynet tutanota voila wanadoo yahoo ymail yopmail zoho";

/// A day, a month and a year a living person may be born on.
pub fn birth_date(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let date = &text[range.clone()];
    if matches!(byte_before(text, range.start, 1), b'/' | b'.' | b'-') {
        return None;
    }
    // "15 12.04" of "15 12.04.2024": the date begins further on.
    let rest = &text.as_bytes()[range.end..];
    let goes_on = matches!(rest.first(), Some(b'/' | b'.' | b'-'))
        && rest.get(1..5).is_some_and(|year| year.iter().all(u8::is_ascii_digit));
    if goes_on {
        return None;
    }
    let numbers: Vec<u32> =
        date.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let known = match (numbers.as_slice(), date.len()) {
        ([glued], 8) => {
            let (day, month, year) = (glued / 1_000_000, glued / 10_000 % 100, glued % 10_000);
            plausible(day, month, year)
        }
        ([year, month, day], _) if *year >= 1900 => plausible(*day, *month, *year),
        ([day, month, year], _) => plausible(*day, *month, *year),
        ([day, year], _) => plausible(*day, 1, *year),
        ([day], _) => (1..=31).contains(day),
        _ => false,
    };
    known.then(|| Reading::new(range))
}

fn plausible(day: u32, month: u32, year: u32) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month) && (year < 100 || (1900..=2035).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_before_a_date_is_no_part_of_it() {
        for (date, ok) in [
            ("14/07/1968", true),
            ("14.07.68", true),
            ("1968-07-14", true),
            ("50 12.04", false),
            ("32/12/04", false),
        ] {
            let document = Document::new(date);
            assert_eq!(birth_date(&document, 0..date.len()).is_some(), ok, "{date}");
        }
        let document = Document::new("15 12.04.2024");
        assert_eq!(birth_date(&document, 0.."15 12.04".len()), None);
        assert!(birth_date(&document, "15 ".len().."15 12.04.2024".len()).is_some());
    }

    #[test]
    fn a_mailbox_is_a_persons_or_a_companys() {
        let company = Some("boîte d'entreprise");
        for (address, veto) in [
            ("boulangerieroy@orange.fr", company),
            ("garage.martin@wanadoo.fr", company),
            ("roy-sarl@gmail.com", company),
            ("lemoine.plomberie74@gmail.com", company),
            ("contact.sarlroy@gmail.com", company),
            ("compta@exemple-sa.fr", Some("boîte générique")),
            ("jeanne.lemoine@gmail.com", None),
            ("paul.sarlat@gmail.com", None),
            ("fleurleroy@gmail.com", None),
            ("campingcar33@orange.fr", None),
            ("pharmacienne75@free.fr", None),
        ] {
            let document = Document::new(address);
            let reading = email(&document, 0..address.len()).unwrap();
            assert_eq!(reading.veto, veto, "{address}");
        }
    }
}
