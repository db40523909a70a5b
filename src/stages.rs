//! How long the stages of a scan took: for `/metrics`, never for an answer.

use std::time::{Duration, Instant};

/// How long each stage took; zero for one that did not run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    pub prepare: Duration,
    pub lexicon: Duration,
    pub patterns: Duration,
    pub classifier: Duration,
    pub fuse: Duration,
}

impl Stages {
    /// The stages that ran, by name.
    pub fn ran(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let all = [
            ("prepare", self.prepare),
            ("lexicon", self.lexicon),
            ("patterns", self.patterns),
            ("classifier", self.classifier),
            ("fuse", self.fuse),
        ];
        all.into_iter().filter(|(_, took)| !took.is_zero())
    }
}

/// Reads a clock between stages.
pub struct Clock(Instant);

impl Clock {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start or the last lap.
    pub fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now.duration_since(std::mem::replace(&mut self.0, now))
    }
}
