//! What was missed and what was raised for nothing. The one place that shows notes: those of the labelled files the
//! user gave.

use serde::Serialize;

use super::markup::Labelled;
use super::observe::Observed;
use crate::category::Category;

/// How a finding is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The note's category was not reported.
    Missed,
    /// The category was reported, but on other words than these.
    MissedWords,
    /// The category was reported and is neither required nor accepted.
    FalseAlarm,
}

/// One mistake.
#[derive(Clone, Debug, Serialize)]
pub struct Mistake {
    pub kind: Kind,
    pub file: String,
    pub line: usize,
    pub category: Category,
    pub words: String,
    /// The rule that weighed most; of a miss, the rule of the best finding that the profile did not report.
    pub rule: Option<String>,
    pub score: Option<f32>,
    pub text: String,
}

/// The mistakes in one note.
pub fn mistakes(from: &Labelled, findings: &[Observed]) -> Vec<Mistake> {
    let note = &from.note;
    let text = note.text.as_str();
    let mistake = |kind, category, words: &str, finding: Option<&Observed>| Mistake {
        kind,
        file: from.file.to_string(),
        line: from.line,
        category,
        words: words.to_owned(),
        rule: finding.map(|f| f.rule.to_string()),
        score: finding.map(|f| f.score),
        text: text.to_owned(),
    };
    let of = |category| findings.iter().filter(move |f| f.category == category);
    let missed = note.required.iter().filter_map(|(category, span)| {
        let touched = of(*category).any(|f| f.reported && f.span.overlaps(*span));
        let kind = if of(*category).any(|f| f.reported) { Kind::MissedWords } else { Kind::Missed };
        let best =
            of(*category).filter(|f| f.span.overlaps(*span)).max_by(|a, b| a.score.total_cmp(&b.score));
        (!touched).then(|| mistake(kind, *category, span.of(text), best))
    });
    let alarms = findings
        .iter()
        .filter(|f| f.reported && !note.tolerates(f.category))
        .map(|f| mistake(Kind::FalseAlarm, f.category, f.span.of(text), Some(f)));
    missed.chain(alarms).collect()
}

#[cfg(test)]
mod tests {
    use super::super::markup::Marked;
    use super::super::observe::tests::observed;
    use super::*;

    #[test]
    fn misses_and_alarms_by_hand() {
        let note =
            Marked::parse("[health:malade], [offence:prison], [offence:volé], divorce, con |ok=private_life")
                .unwrap();
        let found = [
            observed(&note, Category::Health, "malade", 0.3, false),
            observed(&note, Category::Offence, "prison", 0.9, true),
            observed(&note, Category::PrivateLife, "divorce", 0.9, true),
            observed(&note, Category::Judgement, "con", 0.8, true),
        ];
        let from = Labelled { note, file: "a.txt".into(), line: 2 };
        let all = mistakes(&from, &found);
        let list: Vec<(Kind, &str, Option<f32>)> =
            all.iter().map(|m| (m.kind, m.words.as_str(), m.score)).collect();
        assert_eq!(
            list,
            [
                (Kind::Missed, "malade", Some(0.3)),
                (Kind::MissedWords, "volé", None),
                (Kind::FalseAlarm, "con", Some(0.8)),
            ]
        );
    }
}
