//! How somebody types: separators, capitals, accents, slips of the keys.

use std::fmt::Write;

use super::random::Random;

/// The habits of one note.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    separator: &'static str,
    habit: Habit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    Careful,
    /// No capital at the beginning.
    Small,
    /// No accents.
    Plain,
    /// Two letters exchanged.
    Slip,
}

const SEPARATORS: [&str; 8] = [". ", ". ", ". ", ", ", " - ", " / ", " ; ", ".\n"];

impl Style {
    pub fn pick(random: &mut Random) -> Self {
        let separator = SEPARATORS[random.below(SEPARATORS.len() as u64) as usize];
        let habit = match random.below(20) {
            0..=9 => Habit::Careful,
            10..=14 => Habit::Small,
            15..=16 => Habit::Plain,
            _ => Habit::Slip,
        };
        Self { separator, habit }
    }

    /// Writes what stands between two sentences.
    pub fn separate(self, text: &mut String) {
        text.push_str(self.separator);
    }

    /// Makes the first letter of a sentence large or small.
    pub fn begin(self, text: &mut String, at: usize) {
        let Some(first) = text[at..].chars().next() else { return };
        // The beginning of an abbreviation or a number stays as it is.
        let second = text[at..].chars().nth(1);
        if second.is_none_or(|c| !c.is_lowercase()) {
            return;
        }
        let fresh = at == 0 || self.separator.starts_with('.');
        let changed = match (self.habit, fresh) {
            (Habit::Small, _) | (_, false) => first.to_lowercase().next(),
            _ => first.to_uppercase().next(),
        };
        if let Some(changed) = changed.filter(|c| *c != first && c.len_utf8() == first.len_utf8()) {
            text.replace_range(at..at + first.len_utf8(), changed.encode_utf8(&mut [0; 4]));
        }
    }

    /// Gives the whole note its looks.
    pub fn end(self, random: &mut Random, text: &mut String) {
        match self.habit {
            Habit::Careful if random.one_in(2) => text.push('.'),
            Habit::Plain => *text = without_accents(text),
            Habit::Slip => exchange(random, text),
            _ => {}
        }
    }
}

/// Exchanges two small letters of a word.
fn exchange(random: &mut Random, text: &mut String) {
    let from = random.below(text.len() as u64) as usize;
    let bytes = text.as_bytes();
    let is_letter = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_lowercase);
    let inside = |i: &usize| (0..4).all(|k| is_letter(i + k)) && bytes[i + 1] != bytes[i + 2];
    let Some(at) = (from..text.len()).find(inside) else { return };
    let pair = [bytes[at + 2], bytes[at + 1]].map(char::from);
    let pair: String = pair.iter().collect();
    text.replace_range(at + 1..at + 3, &pair);
}

/// Text without the accents of French.
pub fn without_accents(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'à' | 'â' | 'ä' => 'a',
            'ç' => 'c',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'À' | 'Â' => 'A',
            'É' | 'È' | 'Ê' => 'E',
            'Î' => 'I',
            c => c,
        })
        .collect()
}

/// A day, counted from 1970, as `YYYY-MM-DD` (Hinnant, "chrono-compatible low-level date algorithms").
pub fn write_date(day: i64, out: &mut String) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Writing to a string cannot fail.
    let _ = write!(out, "{year:04}-{month:02}-{of_month:02}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for day in (-30_000..60_000).step_by(13) {
            let mut out = String::new();
            write_date(day, &mut out);
            let expected = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            assert_eq!(out, expected.to_string());
        }
    }

    #[test]
    fn a_slip_exchanges_letters_inside_a_word_and_nothing_else() {
        for place in 0..200 {
            let before = "Dossier DO00012345 à voir, 12h30";
            let mut after = before.to_owned();
            exchange(&mut Random::new(1, place), &mut after);
            assert!(after.starts_with('D') && after.contains("DO00012345") && after.ends_with("12h30"));
            let sorted = |text: &str| {
                let mut chars: Vec<char> = text.chars().collect();
                chars.sort_unstable();
                chars
            };
            assert_eq!(sorted(before), sorted(&after));
        }
    }

    #[test]
    fn sentences_begin_as_the_habit_wants() {
        let begun = |habit, separator, text: &str, at| {
            let mut text = text.to_owned();
            Style { separator, habit }.begin(&mut text, at);
            text
        };
        assert_eq!(begun(Habit::Careful, ". ", "à voir. élise", 9), "à voir. Élise");
        assert_eq!(begun(Habit::Small, ". ", "Rappeler", 0), "rappeler");
        assert_eq!(begun(Habit::Careful, ", ", "ok, Rappeler", 4), "ok, rappeler");
        assert_eq!(begun(Habit::Small, ", ", "CB 12", 0), "CB 12");
    }
}
