//! Places in a note that make a match innocent whatever the rule: a surname, a street, a title, an organisation's
//! name, an e-mail address. Each check is small and errs on the side of saying nothing.

mod words;

use crate::category::Category;
use crate::rules::RuleSet;
use crate::span::Span;
use crate::text::{Casing, Document, Word};
use words::{Role, Roles};

/// How far back a street, an organisation or a quotation's announcement may begin, in words.
const REACH: usize = 4;

/// A document and what the rules know of its words.
pub struct Surroundings<'d> {
    pub document: &'d Document<'d>,
    pub rules: &'d RuleSet,
}

impl Surroundings<'_> {
    /// Why a match is innocent where it stands, if it is.
    pub fn innocent(&self, category: Category, span: Span) -> Option<&'static str> {
        let words = self.document.words_in(span);
        let first = words.first()?;
        let at = self.document.words.partition_point(|w| w.span.start < first.span.start);
        if self.in_address_of_the_net(span) {
            return Some("inside an e-mail or web address");
        }
        if words.len() == 1 && self.is_surname(at) {
            return Some("surname position");
        }
        // "Monsieur Sourd", where the rule's own words hold the title. In capitals, a state is as likely as a name.
        let titled = words.len() == 2 && !self.document.shouting && self.is_title(first);
        if titled && self.is_surname(at + 1) {
            return Some("surname position");
        }
        if self.is_street(at) {
            return Some("inside a street address");
        }
        if self.is_quoted_title(at) {
            return Some("inside a quoted title");
        }
        // A party's or a union's name is what gives its member away.
        let by_name = matches!(category, Category::TradeUnion | Category::PoliticalOpinion);
        (!by_name && self.is_organisation_name(at)).then_some("inside an organisation's name")
    }

    fn text(&self, word: &Word) -> &str {
        &self.document.plain.text[word.range.clone()]
    }

    /// The part of the plain view between two neighbouring words.
    fn between(&self, left: usize, right: usize) -> &str {
        let words = &self.document.words;
        self.document.plain.text.get(words[left].range.end..words[right].range.start).unwrap_or("")
    }

    /// Whether a word's capital says that it is a name.
    fn is_capitalised(&self, word: &Word) -> bool {
        !self.document.shouting && matches!(word.casing, Casing::Capitalised | Casing::Upper)
    }

    /// "Mme Juif", "Jean LENOIR", "famille Chrétien". In a note all in capitals, only after a title.
    fn is_surname(&self, at: usize) -> bool {
        let word = &self.document.words[at];
        let Some(before) = at.checked_sub(1) else { return false };
        let gap = self.between(before, at);
        let previous = &self.document.words[before];
        let text = self.text(previous);
        if Roles::of(text).has(Role::Civility) && matches!(gap, " " | ". " | "." | " : " | ": ") {
            return self.document.shouting || self.is_capitalised(word);
        }
        // An acronym in capitals after a name is no surname: "Paul RSA".
        if gap != " " || !self.is_capitalised(word) || word.range.len() < 4 {
            return false;
        }
        if self.rules.is_first_name(text) {
            return self.is_capitalised(previous);
        }
        let looks_like_a_name = previous.casing == Casing::Capitalised
            && !previous.opens_sentence
            && previous.range.len() > 2
            && !self.rules.is_known_word(text);
        looks_like_a_name && (word.casing == Casing::Upper || !word.opens_sentence)
    }

    /// "Monsieur", "Mme", not "famille" or "veuve", which say what somebody is.
    fn is_title(&self, word: &Word) -> bool {
        let text = self.text(word);
        let relation = matches!(text, "famille" | "epoux" | "epouse" | "veuve" | "consorts" | "nee" | "nom");
        Roles::of(text).has(Role::Civility) && !relation
    }

    /// "12 rue de l'Hôpital": only link words and capitals between the street's first word and the match.
    fn is_street(&self, at: usize) -> bool {
        let capital = self.is_capitalised(&self.document.words[at]);
        for before in self.back(at) {
            let word = &self.document.words[before];
            let roles = Roles::of(self.text(word));
            if roles.has(Role::Street) {
                return true;
            }
            if roles.has(Role::MaybeStreet) {
                let numbered = before.checked_sub(1).is_some_and(|i| {
                    self.between(i, before).trim().trim_matches(',').is_empty()
                        && self.text(&self.document.words[i]).starts_with(|c: char| c.is_ascii_digit())
                });
                return capital || numbered;
            }
            if !self.is_link(word, roles) {
                return false;
            }
        }
        false
    }

    /// "association des diabétiques de France", unless somebody is its member.
    fn is_organisation_name(&self, at: usize) -> bool {
        for before in self.back(at) {
            let word = &self.document.words[before];
            let roles = Roles::of(self.text(word));
            if roles.has(Role::Organisation) {
                let member = |i: usize| Roles::of(self.text(&self.document.words[i])).has(Role::Member);
                return !self.back(before).any(member);
            }
            if !self.is_link(word, roles) && !roles.has(Role::OrganisationLink) {
                return false;
            }
        }
        false
    }

    fn is_link(&self, word: &Word, roles: Roles) -> bool {
        roles.has(Role::Link)
            || self.text(word).starts_with(|c: char| c.is_ascii_digit())
            || (self.is_capitalised(word) && !word.opens_sentence)
    }

    /// The words before one, nearest first, up to the reach or to a punctuation that ends a name.
    fn back(&self, at: usize) -> impl Iterator<Item = usize> {
        (at.saturating_sub(REACH)..at)
            .rev()
            .take_while(move |i| self.between(*i, i + 1).chars().all(|c| matches!(c, ' ' | '\'' | '-' | '.')))
    }

    /// Inside « » that open right after a word such as "livre" or "film".
    fn is_quoted_title(&self, at: usize) -> bool {
        let text = &self.document.plain.text;
        let words = &self.document.words;
        let word = &words[at];
        let Some(clause) = self.document.clauses.get(self.document.clause_at(word.span.start)) else {
            return false;
        };
        let sentence = self.document.sentences[clause.sentence];
        let first = words.partition_point(|w| w.span.start < sentence.start);
        let last = words.partition_point(|w| w.span.start < sentence.end);
        let start = words[first.min(at)].range.start.saturating_sub(1);
        let end = words.get(last).map_or(text.len(), |w| w.range.start);
        let (Some(before), Some(after)) = (text.get(start..word.range.start), text.get(word.range.end..end))
        else {
            return false;
        };
        let Some(quote) = before.rfind('"').map(|i| start + i) else { return false };
        if before.matches('"').count() % 2 == 0 || !after.contains('"') {
            return false;
        }
        let announced = words.partition_point(|w| w.range.start < quote);
        (announced.saturating_sub(REACH)..announced).any(|i| Roles::of(self.text(&words[i])).has(Role::Media))
    }

    /// Inside "contact@exemple.fr", "@compte" or "www.…"; "conn@rd" is a word in disguise.
    fn in_address_of_the_net(&self, span: Span) -> bool {
        const FAR: usize = 100;
        let text = self.document.original.as_bytes();
        let blank = |b: &u8| b.is_ascii_whitespace();
        let from = span.start.saturating_sub(FAR);
        let start = text[from..span.start].iter().rposition(blank).map_or(from, |i| from + i + 1);
        let to = (span.end + FAR).min(text.len());
        let end = text[span.end..to].iter().position(blank).map_or(to, |i| span.end + i);
        let token = &text[start..end];
        let opening = |b: &u8| matches!(b, b'(' | b'[' | b'<' | b'"' | b'\'' | b':');
        let name = token.iter().position(|b| !opening(b)).map_or(token, |i| &token[i..]);
        let domain = |rest: &[u8]| {
            rest.windows(3).any(|w| w[0] == b'.' && w[1].is_ascii_alphabetic() && w[2].is_ascii_alphabetic())
        };
        name.first() == Some(&b'@')
            || token.iter().rposition(|b| *b == b'@').is_some_and(|i| domain(&token[i + 1..]))
            || token.windows(3).any(|w| w == b"://")
            || token.windows(4).any(|w| w.eq_ignore_ascii_case(b"www."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUDGEMENT: &str = r#"
category = "judgement"

[[entry]]
id = "insulte"
strength = "strong"
terms = ["connard/n"]
"#;

    fn innocent(note: &str, words: &str) -> Option<&'static str> {
        let rules = RuleSet::from_texts(&[("judgement.toml", JUDGEMENT)]).unwrap();
        let document = Document::new(note);
        let start = note.find(words).unwrap();
        let around = Surroundings { document: &document, rules: &rules };
        around.innocent(Category::Judgement, Span::new(start, start + words.len()))
    }

    #[test]
    fn an_at_sign_makes_an_address_only_before_a_domain() {
        let address = Some("inside an e-mail or web address");
        for (note, words, reason) in [
            ("quel conn@rd ce client", "conn@rd", None),
            ("quelle s@lope.", "s@lope", None),
            ("c@nnard, va", "c@nnard", None),
            ("écrire à connard@exemple.fr", "connard", address),
            ("écrire à (jean@connard.fr)", "connard", address),
            ("insta @connard", "connard", address),
            ("insta (@connard)", "connard", address),
            ("voir www.connard.fr", "connard", address),
        ] {
            assert_eq!(innocent(note, words), reason, "{note}");
        }
    }

    #[test]
    fn a_title_among_the_words_makes_a_surname_too() {
        let surname = Some("surname position");
        for (note, words, reason) in [
            ("rdv avec Monsieur Sourd demain", "Monsieur Sourd", surname),
            ("Mme Malade a signé", "Mme Malade", surname),
            ("devis pour M. Bourré", "M. Bourré", surname),
            ("Mme enceinte, livrer le matin", "Mme enceinte", None),
            ("MONSIEUR SOURD, PARLER FORT", "MONSIEUR SOURD", None),
            ("la famille Malade est venue", "famille Malade", None),
        ] {
            assert_eq!(innocent(note, words), reason, "{note}");
        }
    }
}
