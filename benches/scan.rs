//! The whole way of a note: `cargo bench --bench scan`. Set `ORT_DYLIB_PATH` to measure ONNX Runtime instead of tract.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use vigie::detect::Detector;
use vigie::detect::classifier::Classifier;
use vigie::detect::lexicon::LexiconDetector;
use vigie::detect::pattern::PatternDetector;
use vigie::eval::markup;
use vigie::fuse::fuse;
use vigie::note::Note;
use vigie::rules::RuleSet;
use vigie::scanner::{ScanOptions, Scanner, ScannerOptions};
use vigie::text::Document;

/// 300 characters as an adviser types them: one sensitive fact among ordinary ones.
const NOTE: &str = "Rappel de M. Gosselin ce matin, devis n°2291 reçu mais il trouve le délai long. Pose prévue \
semaine 18, accès par la cour, prévenir la veille. Sa femme sort de l'hôpital jeudi donc pas avant 14h. Souhaite payer \
en trois fois, ok sur le principe, voir avec la compta. Remise de 5 % accordée, relancer lundi.";

fn scanner(classifier: bool) -> Scanner {
    let options = ScannerOptions { classifier, sessions: 1, ..ScannerOptions::default() };
    Scanner::load(&options).expect("the embedded scanner loads")
}

/// Different notes, so that no branch predictor learns one by heart.
fn long_text(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + NOTE.len());
    let mut i = 0;
    while text.len() < bytes {
        text.push_str(
            &NOTE
                .replace("2291", &format!("{}", 1000 + i * 7))
                .replace("Gosselin", ["Arnaud", "Lefort", "Da Silva"][i % 3]),
        );
        text.push('\n');
        i += 1;
    }
    text
}

/// The labelled notes of the development part, without their marks.
fn labelled_text(bytes: usize) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/data/dev");
    let notes = markup::read(&folder).expect("the labelled notes are part of the sources");
    let mut text = String::with_capacity(bytes + 1000);
    for note in notes.iter().cycle() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(note.note.text.as_str());
        text.push('\n');
    }
    text
}

fn whole(c: &mut Criterion) {
    assert!((290..=310).contains(&NOTE.chars().count()), "{}", NOTE.chars().count());
    let note = Note::new(NOTE);
    let options = ScanOptions::default();

    let rules = scanner(false);
    c.bench_function("scan/rules/300-characters", |b| b.iter(|| rules.scan(black_box(&note), &options)));

    let long = Note::new(long_text(90_000));
    let mut group = c.benchmark_group("scan/rules");
    group.throughput(Throughput::Bytes(long.text.as_str().len() as u64));
    group.bench_function("90-kB", |b| b.iter(|| rules.scan(black_box(&long), &options)));
    group.finish();

    // Labelled notes one after the other: most hold something, so that it is the worst of long texts.
    let labelled = Note::new(labelled_text(90_000));
    let mut group = c.benchmark_group("scan/rules");
    group.throughput(Throughput::Bytes(labelled.text.as_str().len() as u64));
    group.bench_function("90-kB-labelled", |b| b.iter(|| rules.scan(black_box(&labelled), &options)));
    group.finish();

    let all = scanner(true);
    let name = format!("scan/all/{}/300-characters", all.backend().unwrap_or("none"));
    c.bench_function(&name, |b| b.iter(|| all.scan(black_box(&note), &options)));
}

fn stages(c: &mut Criterion) {
    c.bench_function("stage/prepare", |b| b.iter(|| Document::new(black_box(NOTE))));

    let document = Document::new(NOTE);
    let rules = Arc::new(RuleSet::load(None).expect("the embedded lexicons load"));
    let detectors: [Box<dyn Detector>; 2] = [
        Box::new(LexiconDetector::new(rules)),
        Box::new(PatternDetector::embedded().expect("the embedded patterns load")),
    ];
    for detector in &detectors {
        c.bench_function(&format!("stage/{}", detector.name()), |b| {
            b.iter(|| {
                let mut candidates = Vec::new();
                detector.detect(black_box(&document), &mut candidates).map(|()| candidates)
            })
        });
    }

    let mut candidates = Vec::new();
    for detector in &detectors {
        detector.detect(&document, &mut candidates).expect("the rules read the note");
    }
    let classifier = Classifier::load(None, 1).expect("the embedded model loads");
    c.bench_function("stage/classifier", |b| b.iter(|| classifier.read(black_box(&document), &candidates)));

    let reading = classifier.read(&document, &candidates).expect("the model reads the note");
    c.bench_function("stage/fuse", |b| {
        b.iter_batched(
            || reading.candidates(NOTE),
            |candidates| fuse(candidates, Some(&reading), Some(classifier.weights())),
            BatchSize::SmallInput,
        )
    });
}

fn load(c: &mut Criterion) {
    let mut group = c.benchmark_group("load");
    group.sample_size(10);
    group.bench_function("rules", |b| b.iter(|| scanner(false)));
    group.bench_function("all", |b| b.iter(|| scanner(true)));
    group.finish();
}

criterion_group!(benches, whole, stages, load);
criterion_main!(benches);
