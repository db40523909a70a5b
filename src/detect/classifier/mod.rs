//! The ONNX classifier: probabilities of the 14 categories for every token and for the whole note.
//!
//! A note goes through in one window where it fits (`max_tokens` of `calibration.toml`); a longer one is cut at clause
//! boundaries, each window preceded by some of what stands before it. Windows run one by one, never padded together,
//! so that a note's findings do not depend on what it was scanned with.

mod bundle;
mod calibration;
mod hints;
mod model;
mod names;
mod reading;
mod window;

use std::path::Path;

pub use bundle::{Bundle, BundleError};
pub use calibration::Calibration;
pub use hints::Hint;
pub use model::{Backend, ModelError};
pub use reading::{Reading, TokenReading};

use crate::finding::Candidate;
use crate::fuse::Weights;
use crate::span::Span;
use crate::text::Document;
use model::{Pool, Runtime};
use names::Neutral;

/// Reads notes with the shipped model, or with one from a folder.
pub struct Classifier {
    tokenizer: tokenizers::Tokenizer,
    neutral: Neutral,
    pool: Pool,
    calibration: Calibration,
    weights: Weights,
    /// `name@version`, for the API's `engine.model`.
    version: String,
}

/// The classifier cannot be loaded, or failed on a note. Never carries the note's text.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    #[error(transparent)]
    Bundle(#[from] BundleError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error("tokenizer: {0}")]
    Tokenizer(String),
}

impl Classifier {
    /// Loads the embedded model, or the one in `dir`, after checking its checksums. `sessions` is how many notes may
    /// be read at the same time; the first session is made now, the others when they are needed.
    pub fn load(dir: Option<&Path>, sessions: usize) -> Result<Self, ClassifierError> {
        let runtime = Runtime::get()?;
        let bundle = Bundle::load(dir, runtime.backend)?;
        let tokenizer = tokenizers::Tokenizer::from_bytes(&bundle.tokenizer)
            .map_err(|e| ClassifierError::Tokenizer(e.to_string()))?;
        let neutral = Neutral::new(&tokenizer).map_err(|e| ClassifierError::Tokenizer(e.to_string()))?;
        Ok(Self {
            tokenizer,
            neutral,
            calibration: bundle.calibration,
            weights: bundle.weights,
            version: format!("{}@{}", bundle.name, bundle.version),
            pool: Pool::new(bundle.model, runtime, sessions)?,
        })
    }

    /// What runs the model.
    pub fn backend(&self) -> Backend {
        self.pool.backend()
    }

    /// Name and version of the model.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How fusion weighs this model against the rules.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Reads a note. `candidates` are what the rules propose for it: the model sees them beside the words.
    pub fn read(
        &self,
        document: &Document<'_>,
        candidates: &[Candidate],
    ) -> Result<Reading, ClassifierError> {
        let encoding = self
            .tokenizer
            .encode(document.original, false)
            .map_err(|e| ClassifierError::Tokenizer(e.to_string()))?;
        let spans: Vec<Span> = encoding
            .get_offsets()
            .iter()
            .map(|(start, end)| visible(document.original, *start, *end))
            .collect();
        let (ids, spans) = self.neutral.tokens(document.original, encoding.get_ids(), &spans);
        let hints = hints::rows(candidates, &spans);
        let mut reading = Reading::default();
        // Two of the window's tokens are the special ones.
        let max = self.calibration.max_tokens - 2;
        for window in window::plan(&spans, document, max) {
            let range = window.tokens.clone();
            let logits = self
                .pool
                .run(&ids[range.clone()], &hints[range.start * hints::WIDTH..range.end * hints::WIDTH])?;
            let fresh = window.fresh.start - range.start;
            let note = reading.add_window(self.calibration.note(&logits.note));
            for (span, row) in spans[range].iter().zip(&logits.tokens).skip(fresh) {
                reading.add_token(*span, self.calibration.token(row), note);
            }
        }
        Ok(reading)
    }
}

/// A token's bytes without the blanks at its ends.
fn visible(original: &str, start: usize, end: usize) -> Span {
    let text = &original[start..end];
    let start = start + (text.len() - text.trim_start().len());
    Span::new(start, start + text.trim().len())
}
