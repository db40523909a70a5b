//! Normalisation and segmentation, on one note and on long text.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use vigie::text::{Document, normalise};

const NOTE: &str = "Cliente rappelée le 12/05 à 14h30, très mécontente du délai de livraison : le colis n° 4471 est resté \
    bloqué à l’agence. Elle demande un geste commercial (10 %) - voir avec M. Lefèvre / dir. régionale. RDV pris au \
    magasin jeudi, préférer le matin, tél. du standard 01 44 00 00 00. Facture à renvoyer à l'adresse habituelle svp.";

fn text(c: &mut Criterion) {
    let mut group = c.benchmark_group("text");
    let long = NOTE.repeat(1_000_000 / NOTE.len());
    for (name, text) in [("note", NOTE), ("1 MB", &long)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("normalise/{name}"), |b| b.iter(|| normalise::views(black_box(text))));
        group.bench_function(format!("document/{name}"), |b| {
            b.iter(|| Document::new(black_box(text)).clauses.len())
        });
    }
    group.finish();
}

criterion_group!(benches, text);
criterion_main!(benches);
