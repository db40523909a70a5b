//! Running the ONNX graph: ONNX Runtime where `ORT_DYLIB_PATH` names its library, else tract, in pure Rust.

use std::borrow::Cow;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::Tensor;

use super::calibration::Probabilities;
use super::hints;
use crate::category::Category;
use crate::memory;

/// Ids of the tokens that open and close every window (`<s>` and `</s>` of the XLM-R vocabulary).
const OPEN: i64 = 0;
const CLOSE: i64 = 2;

/// What runs the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// tract, inside the binary.
    Tract,
    /// ONNX Runtime's own library.
    OnnxRuntime,
}

impl Backend {
    /// The form of the model that suits it: tract computes in fp32, ONNX Runtime is fastest with int8 weights.
    pub fn model_file(self) -> &'static str {
        match self {
            Backend::Tract => "model.onnx",
            Backend::OnnxRuntime => "model.int8.onnx",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Backend::Tract => "tract",
            Backend::OnnxRuntime => "onnxruntime",
        }
    }
}

/// The model cannot be loaded or run.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the model cannot be loaded by {backend}: {reason}")]
    Load { backend: &'static str, reason: String },
    #[error("the model failed on a note: {0}")]
    Run(String),
    #[error("the model's outputs have the shape {0:?}, not [1, tokens, 14] and [1, 14]")]
    Shape(Vec<i64>),
}

/// The backend in use and its environment, one a process.
#[derive(Clone, Debug)]
pub struct Runtime {
    pub backend: Backend,
    environment: ort::environment::Environment,
}

impl Runtime {
    /// Chooses the backend on the first call; later calls give the same one.
    pub fn get() -> Result<&'static Runtime, ModelError> {
        static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
        RUNTIME
            .get_or_init(|| native().map_or_else(embedded, Ok))
            .as_ref()
            .map_err(|reason| ModelError::Load { backend: "tract", reason: reason.clone() })
    }
}

/// ONNX Runtime, where the environment names a library that loads.
fn native() -> Option<Runtime> {
    let path = std::env::var_os("ORT_DYLIB_PATH").filter(|p| !p.is_empty())?;
    let built =
        ort::init_from(&path).map_err(|e| e.to_string()).and_then(|b| b.build().map_err(|e| e.to_string()));
    match built {
        Ok(environment) => Some(Runtime { backend: Backend::OnnxRuntime, environment }),
        Err(error) => {
            tracing::warn!(
                path = %path.display(),
                %error,
                "ORT_DYLIB_PATH cannot be loaded as ONNX Runtime; using the embedded backend"
            );
            None
        }
    }
}

/// tract, which is inside the binary.
fn embedded() -> Result<Runtime, String> {
    ort::set_api(ort_tract::api());
    let environment = ort::init().build().map_err(|e| e.to_string())?;
    Ok(Runtime { backend: Backend::Tract, environment })
}

/// The model's outputs for one window.
pub struct Logits {
    /// One row a token of the window, the special ones left out.
    pub tokens: Vec<Probabilities>,
    pub note: Probabilities,
}

/// Sessions that take turns: one session runs one window at a time.
pub struct Pool {
    model: Cow<'static, [u8]>,
    runtime: &'static Runtime,
    max: usize,
    state: Mutex<State>,
    freed: Condvar,
}

struct State {
    idle: Vec<Session>,
    made: usize,
}

impl Pool {
    /// Makes the first session and runs it once, so that a broken or foreign model is known at start.
    pub fn new(model: Cow<'static, [u8]>, runtime: &'static Runtime, max: usize) -> Result<Self, ModelError> {
        let mut first = open(&model, runtime)?;
        run(&mut first, &[], &[])?;
        let state = Mutex::new(State { idle: vec![first], made: 1 });
        Ok(Self { model, runtime, max: max.max(1), state, freed: Condvar::new() })
    }

    pub fn backend(&self) -> Backend {
        self.runtime.backend
    }

    /// Runs one window: token ids, special ones not included, and [`hints::WIDTH`] flags a token.
    pub fn run(&self, ids: &[u32], hints: &[f32]) -> Result<Logits, ModelError> {
        let mut session = self.take()?;
        let result = run(&mut session, ids, hints);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.idle.push(session);
        drop(state);
        self.freed.notify_one();
        result
    }

    fn take(&self) -> Result<Session, ModelError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(session) = state.idle.pop() {
                return Ok(session);
            }
            if state.made < self.max {
                state.made += 1;
                drop(state);
                return open(&self.model, self.runtime).inspect_err(|_| {
                    self.state.lock().unwrap_or_else(PoisonError::into_inner).made -= 1;
                });
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn open(model: &[u8], runtime: &Runtime) -> Result<Session, ModelError> {
    let backend = runtime.backend;
    let level = match backend {
        // tract asks for an explicit level.
        Backend::Tract => GraphOptimizationLevel::Level1,
        Backend::OnnxRuntime => GraphOptimizationLevel::Level3,
    };
    let load = |reason: String| ModelError::Load { backend: backend.name(), reason };
    let builder = Session::builder(&runtime.environment).map_err(|e| load(e.to_string()))?;
    let builder = builder.with_optimization_level(level).map_err(|e| load(e.to_string()))?;
    let mut builder = match backend {
        // tract has no threads of its own and refuses the option.
        Backend::Tract => builder,
        Backend::OnnxRuntime => builder.with_intra_threads(1).map_err(|e| load(e.to_string()))?,
    };
    let session = builder.commit_from_memory(model).map_err(|e| load(e.to_string()));
    memory::trim();
    session
}

fn run(session: &mut Session, ids: &[u32], hints: &[f32]) -> Result<Logits, ModelError> {
    let failed = |e: ort::Error| ModelError::Run(e.to_string());
    let length = ids.len() + 2;
    let mut input = Vec::with_capacity(length);
    input.push(OPEN);
    input.extend(ids.iter().map(|id| i64::from(*id)));
    input.push(CLOSE);
    let ids = Tensor::from_array(([1, length], input)).map_err(failed)?;
    let mask = Tensor::from_array(([1, length], vec![1i64; length])).map_err(failed)?;
    // The special tokens have no hint.
    let mut flags = vec![0.0f32; length * hints::WIDTH];
    flags[hints::WIDTH..][..hints.len()].copy_from_slice(hints);
    let hints = Tensor::from_array(([1, length, hints::WIDTH], flags)).map_err(failed)?;
    let outputs = session
        .run(ort::inputs!["input_ids" => ids, "attention_mask" => mask, "hints" => hints])
        .map_err(failed)?;
    let (shape, tokens) = outputs["token_logits"].try_extract_tensor::<f32>().map_err(failed)?;
    let (note_shape, note) = outputs["note_logits"].try_extract_tensor::<f32>().map_err(failed)?;
    if tokens.len() != length * Category::COUNT {
        return Err(ModelError::Shape(shape.to_vec()));
    }
    let note = note.try_into().map_err(|_| ModelError::Shape(note_shape.to_vec()))?;
    let rows = tokens.as_chunks::<{ Category::COUNT }>().0;
    Ok(Logits { tokens: rows[1..length - 1].to_vec(), note })
}
