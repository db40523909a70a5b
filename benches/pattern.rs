//! The pattern detector on a note with numbers, on one without, and on long text.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use vigie::detect::Detector;
use vigie::detect::pattern::PatternDetector;
use vigie::text::Document;

const NUMBERS: &str = "Cliente rappelée le 12/05 à 14h30, très mécontente du délai de livraison : le colis n° 4471 est resté \
    bloqué à l’agence. Elle demande un geste commercial (10 %) - voir avec M. Lefèvre / dir. régionale. RDV pris au \
    magasin jeudi, préférer le matin, tél. du standard 01 44 00 00 00. Facture à renvoyer à l'adresse habituelle svp.";
const WORDS: &str = "Cliente rappelée hier matin, très mécontente du délai de livraison : le colis est resté bloqué à \
    l’agence. Elle demande un geste commercial - voir avec M. Lefèvre / dir. régionale. Visite au magasin jeudi, \
    préférer le matin, passer par le standard. Tout à renvoyer chez elle svp, merci de ne rien oublier cette fois.";

fn pattern(c: &mut Criterion) {
    let detector = PatternDetector::embedded().expect("the shipped catalogue is right");
    let mut group = c.benchmark_group("pattern");
    let long = NUMBERS.repeat(1_000_000 / NUMBERS.len());
    for (name, text) in [("numbers", NUMBERS), ("words", WORDS), ("1 MB", &long)] {
        let document = Document::new(text);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut out = Vec::new();
                detector.detect(black_box(&document), &mut out).map(|()| out.len())
            })
        });
    }
    group.finish();
}

criterion_group!(benches, pattern);
criterion_main!(benches);
