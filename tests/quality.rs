//! What the shipped scanner reaches on the test part: a change to a lexicon, a weight or the model cannot make it worse
//! unnoticed. `cargo run --release -- eval models/data/test` prints the whole table.

use std::path::Path;
use std::sync::OnceLock;

use vigie::eval::floors::Floor;
use vigie::eval::markup::{Labelled, read};
use vigie::eval::metrics::{Metrics, Scores};
use vigie::eval::observe::observe;
use vigie::scanner::{ScanOptions, Scanner, ScannerOptions};

/// Two points under what the shipped version reaches on the whole, three in a category; ceilings one point over (false
/// alarms) and two (calibration).
const FLOORS: &[&str] = &[
    "macro=0.944",
    "span=0.932",
    "clean=0.026",
    "calibration=0.036",
    "health=0.91",
    "ethnic_origin=0.95",
    "political_opinion=0.95",
    "religion_belief=0.95",
    "trade_union=0.95",
    "sex_life=0.92",
    "genetic=0.95",
    "biometric=0.95",
    "offence=0.93",
    "nir=0.97",
    "socioeconomic=0.95",
    "private_life=0.91",
    "judgement=0.93",
    "identifier=0.97",
];

fn notes() -> Vec<Labelled> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/data/test")).expect("the test part is readable")
}

fn scores(options: &ScannerOptions) -> Scores {
    let scanner = Scanner::load(options).expect("the embedded scanner loads");
    let mut metrics = Metrics::default();
    for labelled in notes() {
        let found =
            observe(&scanner, &labelled.note, &ScanOptions::default()).expect("every note is scanned");
        metrics.add(&labelled.note, &found);
    }
    metrics.scores()
}

/// The default scanner's scores, made once for all tests.
fn shipped() -> &'static Scores {
    static SCORES: OnceLock<Scores> = OnceLock::new();
    SCORES.get_or_init(|| scores(&ScannerOptions::default()))
}

#[test]
fn the_shipped_scanner_keeps_its_floors() {
    let missed: Vec<String> = FLOORS
        .iter()
        .filter_map(|floor| floor.parse::<Floor>().expect("a floor").missed(shipped()))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn rules_and_model_together_beat_either_alone() {
    let rules = scores(&ScannerOptions { classifier: false, ..ScannerOptions::default() });
    let model = scores(&ScannerOptions { rules: false, ..ScannerOptions::default() });
    let both = shipped().macro_f1.unwrap();
    assert!(both > rules.macro_f1.unwrap() + 0.02, "both {both:.3}, rules {:?}", rules.macro_f1);
    assert!(both > model.macro_f1.unwrap() + 0.02, "both {both:.3}, model {:?}", model.macro_f1);
}
