//! The measures. A category counts once a note: required and reported is right (TP), reported though neither required
//! nor accepted is a false alarm (FP), required and not reported is a miss (FN).

use std::collections::BTreeMap;

use serde::Serialize;

use super::markup::Marked;
use super::observe::Observed;
use crate::category::Category;

/// Equal bins of the scores, for the calibration error.
const BINS: usize = 10;

/// Notes of one category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub tp: u64,
    pub fp: u64,
    #[serde(rename = "fn")]
    pub missed: u64,
}

impl Counts {
    /// Share of reports that are right; none without a report.
    pub fn precision(self) -> Option<f64> {
        ratio(self.tp, self.tp + self.fp)
    }

    /// Share of what is required that is reported; none where nothing is required.
    pub fn recall(self) -> Option<f64> {
        ratio(self.tp, self.tp + self.missed)
    }

    /// Harmonic mean of the two; none where there is nothing to report and nothing reported.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.tp, 2 * self.tp + self.fp + self.missed)
    }

    fn occurs(self) -> bool {
        self.tp + self.missed > 0
    }
}

/// Findings whose score lies in one bin.
#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    findings: u64,
    right: u64,
    scores: f64,
}

/// Counts over a set of notes. Adding notes in the same order gives the same measures to the last digit.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    notes: u64,
    categories: [Counts; Category::COUNT],
    /// Notes without a required finding, and those of them that raise something not accepted.
    clean: u64,
    alarmed: u64,
    /// Required stretches, and those that a report of their category touches.
    stretches: u64,
    touched: u64,
    bins: [Bin; BINS],
}

/// A category's measures, as they are printed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CategoryScores {
    #[serde(flatten)]
    pub counts: Counts,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

/// The measures of a set of notes; rates are 0..=1.
#[derive(Clone, Debug, Serialize)]
pub struct Scores {
    pub notes: u64,
    /// By id, those only that occur or were reported.
    pub categories: BTreeMap<&'static str, CategoryScores>,
    /// Mean F1 of the categories that occur.
    pub macro_f1: Option<f64>,
    /// F1 of all categories' counts together.
    pub micro_f1: Option<f64>,
    pub clean_notes: u64,
    /// Share of clean notes in which something was reported that is not accepted.
    pub clean_alarm_rate: Option<f64>,
    pub required_spans: u64,
    /// Share of the required stretches that a report of their category touches.
    pub span_overlap: Option<f64>,
    /// Findings before policy that are right or wrong.
    pub judged_findings: u64,
    /// Expected calibration error: the mean gap between score and share of right findings over ten bins of the score,
    /// weighted by their size.
    pub calibration_error: Option<f64>,
}

impl Metrics {
    /// Adds one note and what was found in it.
    pub fn add(&mut self, note: &Marked, findings: &[Observed]) {
        self.notes += 1;
        let reported: Vec<&Observed> = findings.iter().filter(|f| f.reported).collect();
        for category in Category::ALL {
            let counts = &mut self.categories[category.index()];
            let found = reported.iter().any(|f| f.category == category);
            match (note.requires(category), found) {
                (true, true) => counts.tp += 1,
                (true, false) => counts.missed += 1,
                (false, true) if !note.tolerates(category) => counts.fp += 1,
                (false, _) => {}
            }
        }
        if note.required.is_empty() {
            self.clean += 1;
            self.alarmed += u64::from(reported.iter().any(|f| !note.tolerates(f.category)));
        }
        for (category, span) in &note.required {
            self.stretches += 1;
            let touched = reported.iter().any(|f| f.category == *category && f.span.overlaps(*span));
            self.touched += u64::from(touched);
        }
        for finding in findings {
            if let Some(right) = finding.right {
                let at = ((finding.score * BINS as f32) as usize).min(BINS - 1);
                let bin = &mut self.bins[at];
                bin.findings += 1;
                bin.right += u64::from(right);
                bin.scores += f64::from(finding.score);
            }
        }
    }

    /// The measures so far.
    pub fn scores(&self) -> Scores {
        let occurring: Vec<f64> =
            self.categories.iter().filter(|c| c.occurs()).filter_map(|c| c.f1()).collect();
        let all = self.categories.iter().fold(Counts::default(), |sum, c| Counts {
            tp: sum.tp + c.tp,
            fp: sum.fp + c.fp,
            missed: sum.missed + c.missed,
        });
        let judged: u64 = self.bins.iter().map(|b| b.findings).sum();
        let gaps: f64 = self.bins.iter().map(|b| (b.scores - b.right as f64).abs()).sum();
        Scores {
            notes: self.notes,
            categories: Category::ALL
                .into_iter()
                .map(|c| (c, self.categories[c.index()]))
                .filter(|(_, counts)| *counts != Counts::default())
                .map(|(c, counts)| {
                    let (precision, recall, f1) = (counts.precision(), counts.recall(), counts.f1());
                    (c.id(), CategoryScores { counts, precision, recall, f1 })
                })
                .collect(),
            macro_f1: (!occurring.is_empty()).then(|| occurring.iter().sum::<f64>() / occurring.len() as f64),
            micro_f1: all.f1(),
            clean_notes: self.clean,
            clean_alarm_rate: ratio(self.alarmed, self.clean),
            required_spans: self.stretches,
            span_overlap: ratio(self.touched, self.stretches),
            judged_findings: judged,
            calibration_error: (judged > 0).then(|| gaps / judged as f64),
        }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::observe::tests::observed;
    use Category::{Health, Judgement, Offence, PrivateLife};

    /// Five notes: health right once, missed once, raised for nothing once; offence right on the wrong words.
    fn five() -> Metrics {
        let mut metrics = Metrics::default();
        let mut add = |line: &str, found: &[(Category, &str, f32, bool)]| {
            let note = Marked::parse(line).unwrap();
            let found: Vec<Observed> = found
                .iter()
                .map(|(c, word, score, reported)| observed(&note, *c, word, *score, *reported))
                .collect();
            metrics.add(&note, &found);
        };
        add("[health:malade] hier", &[(Health, "malade", 0.95, true)]);
        add(
            "[health:fatigué] |ok=private_life",
            &[(Health, "fatigué", 0.35, false), (PrivateLife, "fatigué", 0.85, true)],
        );
        add("la dépression du marché", &[(Health, "dépression", 0.85, true)]);
        add("sort de [offence:prison] hier", &[(Offence, "hier", 0.65, true)]);
        add("rien |ok=judgement", &[(Judgement, "rien", 0.65, true)]);
        metrics
    }

    fn close(a: Option<f64>, b: f64) -> bool {
        a.is_some_and(|a| (a - b).abs() < 1e-6)
    }

    #[test]
    fn precision_recall_and_f1_by_hand() {
        let scores = five().scores();
        let health = scores.categories["health"];
        assert_eq!(health.counts, Counts { tp: 1, fp: 1, missed: 1 });
        assert!(close(health.precision, 0.5) && close(health.recall, 0.5) && close(health.f1, 0.5));
        assert!(close(scores.categories["offence"].f1, 1.0), "at note level the words do not count");
        assert!(close(scores.macro_f1, 0.75), "accepted categories do not occur");
        assert!(close(scores.micro_f1, 4.0 / 6.0));
        assert_eq!(scores.categories.len(), 2);
    }

    #[test]
    fn clean_notes_and_words_by_hand() {
        let scores = five().scores();
        assert_eq!((scores.clean_notes, scores.required_spans), (2, 3));
        assert!(close(scores.clean_alarm_rate, 0.5), "what is accepted is no alarm");
        assert!(close(scores.span_overlap, 1.0 / 3.0));
    }

    #[test]
    fn calibration_error_by_hand() {
        // Judged: 0.95 right, 0.35 right, 0.85 wrong, 0.65 wrong: gaps 0.05 + 0.65 + 0.85 + 0.65 over 4.
        let scores = five().scores();
        assert_eq!(scores.judged_findings, 4);
        assert!(close(scores.calibration_error, 2.2 / 4.0), "{:?}", scores.calibration_error);
    }

    #[test]
    fn findings_of_one_bin_are_averaged() {
        let note = Marked::parse("[health:malade] hier").unwrap();
        let mut metrics = Metrics::default();
        let found =
            [observed(&note, Health, "malade", 0.52, true), observed(&note, Health, "hier", 0.58, true)];
        metrics.add(&note, &found);
        assert!(close(metrics.scores().calibration_error, 0.05), "mean score 0.55, half of them right");
    }

    #[test]
    fn nothing_gives_nothing() {
        let scores = Metrics::default().scores();
        assert!(scores.macro_f1.is_none() && scores.clean_alarm_rate.is_none());
        assert!(scores.span_overlap.is_none() && scores.calibration_error.is_none());
    }
}
