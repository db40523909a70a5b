//! Measures a build must reach: `macro=0.9,clean=0.01,span=0.9,health=0.85`.

use std::str::FromStr;

use super::metrics::Scores;
use crate::category::Category;

/// What a floor is set on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Macro-F1.
    Macro,
    /// Micro-F1.
    Micro,
    /// Share of required words touched.
    Span,
    /// Share of clean notes that raise something: a ceiling.
    Clean,
    /// Expected calibration error: a ceiling.
    Calibration,
    /// F1 of one category.
    Category(Category),
}

/// One measure and its limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Floor {
    measure: Measure,
    limit: f64,
}

/// The text is no floor.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}`: write NAME=LIMIT with a limit from 0 to 1 and a name among macro, micro, span, clean, calibration or a category's id"
)]
pub struct BadFloor(String);

impl FromStr for Floor {
    type Err = BadFloor;

    fn from_str(text: &str) -> Result<Self, BadFloor> {
        let bad = || BadFloor(text.to_owned());
        let (name, limit) = text.split_once('=').ok_or_else(bad)?;
        let limit: f64 = limit.trim().parse().map_err(|_| bad())?;
        if !(0.0..=1.0).contains(&limit) {
            return Err(bad());
        }
        let measure = match name.trim() {
            "macro" => Measure::Macro,
            "micro" => Measure::Micro,
            "span" => Measure::Span,
            "clean" => Measure::Clean,
            "calibration" => Measure::Calibration,
            id => Measure::Category(id.parse().map_err(|_| bad())?),
        };
        Ok(Self { measure, limit })
    }
}

impl Floor {
    /// Why the scores miss it; none if they do not. A measure that the notes cannot give is missed too, for a floor
    /// that cannot fail guards nothing.
    pub fn missed(self, scores: &Scores) -> Option<String> {
        let (name, value, ceiling) = match self.measure {
            Measure::Macro => ("macro-F1".to_owned(), scores.macro_f1, false),
            Measure::Micro => ("micro-F1".to_owned(), scores.micro_f1, false),
            Measure::Span => ("span overlap".to_owned(), scores.span_overlap, false),
            Measure::Clean => ("alarms on clean notes".to_owned(), scores.clean_alarm_rate, true),
            Measure::Calibration => ("calibration error".to_owned(), scores.calibration_error, true),
            Measure::Category(c) => {
                let required = scores.categories.get(c.id()).filter(|s| s.recall.is_some());
                (format!("F1 of {c}"), required.and_then(|s| s.f1), false)
            }
        };
        let limit = self.limit;
        match value {
            None => Some(format!("{name}: the notes do not tell, the limit is {limit}")),
            Some(value) if ceiling && value > limit => Some(format!("{name}: {value:.4}, more than {limit}")),
            Some(value) if !ceiling && value < limit => {
                Some(format!("{name}: {value:.4}, less than {limit}"))
            }
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::markup::Marked;
    use super::super::metrics::Metrics;
    use super::super::observe::tests::observed;
    use super::*;

    fn missed(floor: &str) -> Option<String> {
        let mut metrics = Metrics::default();
        for (line, word) in [("[health:malade]", "malade"), ("[health:fatigué]", ""), ("marché noir", "noir")]
        {
            let note = Marked::parse(line).unwrap();
            let found = (!word.is_empty()).then(|| observed(&note, Category::Health, word, 0.9, true));
            metrics.add(&note, found.as_slice());
        }
        floor.parse::<Floor>().unwrap().missed(&metrics.scores())
    }

    #[test]
    fn floors_and_ceilings_by_hand() {
        assert_eq!(missed("health=0.5"), None);
        assert_eq!(missed("health=0.51").unwrap(), "F1 of health: 0.5000, less than 0.51");
        assert_eq!(missed("macro=0.5"), None);
        assert_eq!(missed("span=0.5"), None);
        assert_eq!(missed("clean=0.1").unwrap(), "alarms on clean notes: 1.0000, more than 0.1");
        assert!(missed("nir=0.1").unwrap().contains("do not tell"));
    }

    #[test]
    fn a_wrong_floor_is_explained() {
        for text in ["macro", "macro=2", "sante=0.5", "=0.5"] {
            assert!(text.parse::<Floor>().unwrap_err().to_string().contains("NAME=LIMIT"), "{text}");
        }
    }
}
