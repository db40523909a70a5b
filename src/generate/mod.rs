//! Invented CRM notes in French, in any number, for load tests: all different, the same for the same seed.
//!
//! They say how fast a rescan is, not how good: they come from a small grammar, and finding what it says proves nothing
//! about what people write.

mod grammar;
mod random;
mod style;
mod values;
pub mod write;

pub use grammar::GrammarError;

use std::fmt::Write;

use grammar::Grammar;
use random::Random;

/// Of a hundred notes, how many say something that does not belong there.
const SENSITIVE: u64 = 8;

/// Longest note, in bytes, to which another sentence is added.
const LONG: usize = 105;

const TEAMS: [&str; 8] =
    ["Nord", "Sud", "Ouest", "Est", "Grands comptes", "Service client", "Recouvrement", "Agence en ligne"];
const AUTHORS: usize = 64;
const FIELDS: [&str; 6] =
    ["commentaire", "note_appel", "suivi_livraison", "compte_rendu", "remarque", "memo"];

/// First day of the dates, in days since 1970: 2021-01-01. They span five years.
const FIRST_DAY: i64 = 18_628;
const DAYS: u64 = 1_826;

/// A note and what a CRM keeps with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invented {
    pub id: u64,
    pub client: String,
    pub text: String,
    pub field: &'static str,
    pub author: String,
    pub team: &'static str,
    /// Days since 1970.
    pub day: i64,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// What was put in that does not belong there: category, or category and subcategory. Empty for most.
    pub truth: String,
}

/// Makes notes.
pub struct Generator {
    grammar: Grammar,
    seed: u64,
    authors: Vec<(String, &'static str)>,
}

impl Generator {
    pub fn new(seed: u64) -> Result<Self, GrammarError> {
        let grammar = Grammar::shipped()?;
        let mut random = Random::new(seed, u64::MAX);
        let authors = (0..AUTHORS).map(|i| {
            let first = random.pick(&grammar.first_names).and_then(|name| name.chars().next());
            let name = random.pick(&grammar.names).map_or("", String::as_str);
            let login = format!("{}.{name}", first.unwrap_or('x')).to_lowercase();
            (style::without_accents(&login), TEAMS[i % TEAMS.len()])
        });
        let authors = authors.collect();
        Ok(Self { grammar, seed, authors })
    }

    /// Makes the note at a place, from 0, in the place of another one.
    pub fn write(&self, place: u64, note: &mut Invented) {
        let random = &mut Random::new(self.seed, place);
        note.id = place + 1;
        note.text.clear();
        note.truth.clear();
        self.write_text(random, place, note);
        self.write_client(random, &mut note.client);
        note.field = FIELDS[random.below(FIELDS.len() as u64) as usize];
        if let Some((author, team)) = random.pick(&self.authors) {
            note.author.clone_from(author);
            note.team = team;
        }
        note.day = FIRST_DAY + random.below(DAYS) as i64;
        note.date.clear();
        style::write_date(note.day, &mut note.date);
    }

    /// One sentence with the reference that makes the note different from all others, others until it is long enough, and
    /// in some one that does not belong there.
    fn write_text(&self, random: &mut Random, place: u64, note: &mut Invented) {
        let Some(sector) = random.pick(&self.grammar.sectors) else { return };
        let sensitive = random.below(100) < SENSITIVE;
        let style = style::Style::pick(random);
        // Where the reference and the sensitive sentence stand among the others.
        let (mut reference, mut secret) = (random.below(2), sensitive.then(|| random.below(3)));
        let mut count = 0;
        let text = &mut note.text;
        loop {
            if count > 0 {
                style.separate(text);
            }
            let begin = text.len();
            if secret.is_some_and(|at| count >= at) {
                secret = None;
                if let Some((name, list)) = random.pick(&self.grammar.sensitive) {
                    note.truth.push_str(name);
                    self.grammar.write(*list, random, place, text);
                }
            } else if reference <= count {
                reference = u64::MAX;
                self.grammar.write(sector.referring, random, place, text);
            } else {
                let list = if random.one_in(2) { self.grammar.common } else { sector.plain };
                self.grammar.write(list, random, place, text);
            }
            style.begin(text, begin);
            count += 1;
            let enough = text.len() >= LONG || random.one_in(5);
            if enough && reference == u64::MAX && secret.is_none() {
                break;
            }
        }
        style.end(random, text);
    }

    fn write_client(&self, random: &mut Random, client: &mut String) {
        let name = random.pick(&self.grammar.names).map_or("", String::as_str);
        client.clear();
        // Writing to a string cannot fail.
        let _ = match random.below(4) {
            0 => write!(client, "{} {name}", ["SARL", "SAS", "Ets", "Cabinet"][random.below(4) as usize]),
            _ => {
                write!(client, "{} {name}", random.pick(&self.grammar.first_names).map_or("", String::as_str))
            }
        };
    }
}

#[cfg(test)]
mod tests;
