//! A model as it ships: `models/manifest.toml` names the files of a version and their SHA-256.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::calibration::Calibration;
use super::model::Backend;
use crate::category::Category;
use crate::fuse::Weights;

/// `models/manifest.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    version: String,
    #[allow(dead_code, reason = "read by people and by packaging, not by the program")]
    licence: String,
    /// Category ids in the order of the model's outputs.
    labels: Vec<String>,
    /// SHA-256 in hexadecimal by file name.
    sha256: BTreeMap<String, String>,
}

/// The files of a model, checked.
pub struct Bundle {
    pub name: String,
    pub version: String,
    /// The ONNX graph for the backend in use.
    pub model: Cow<'static, [u8]>,
    pub tokenizer: Cow<'static, [u8]>,
    pub calibration: Calibration,
    pub weights: Weights,
}

/// The model's files are missing, altered or do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(
        "model file {path} cannot be read: {source}; give --model-dir a folder with manifest.toml and, beside it, the folder it names, or leave it out for the embedded model"
    )]
    Read { path: PathBuf, source: std::io::Error },
    #[error(
        "model file {file} is altered: its SHA-256 is {found}, the manifest says {expected}; fetch the model again, or correct the manifest if you changed it on purpose"
    )]
    Altered { file: String, found: String, expected: String },
    #[error("the model's manifest does not list {0}")]
    NotListed(String),
    #[error("model file {file}:{line}: {message}")]
    Syntax { file: String, line: usize, message: String },
    #[error("the model's labels are not this program's categories: {0}")]
    Labels(String),
}

macro_rules! shipped {
    ($($file:literal),* $(,)?) => {
        &[("manifest.toml", include_bytes!("../../../models/manifest.toml").as_slice()),
          $(($file, include_bytes!(concat!("../../../models/vigie-fr-small/", $file)).as_slice())),*]
    };
}

/// The shipped version, inside the binary.
static EMBEDDED: &[(&str, &[u8])] =
    shipped!["model.onnx", "model.int8.onnx", "tokenizer.json", "calibration.toml", "fusion.toml"];

impl Bundle {
    /// Reads the files the backend needs, from `dir` or from the binary, and checks each against the manifest. `dir` is
    /// laid out as `models/`: `manifest.toml`, and beside it the folder of the name it gives.
    pub fn load(dir: Option<&Path>, backend: Backend) -> Result<Self, BundleError> {
        let manifest: Manifest = parse("manifest.toml", &read(dir, "manifest.toml")?)?;
        let files = dir.map(|d| d.join(&manifest.name));
        let expected: Vec<&str> = Category::ALL.iter().map(|c| c.id()).collect();
        if manifest.labels != expected {
            return Err(BundleError::Labels(manifest.labels.join(", ")));
        }
        let checked = |file: &str| -> Result<Cow<'static, [u8]>, BundleError> {
            let bytes = read(files.as_deref(), file)?;
            let expected =
                manifest.sha256.get(file).ok_or_else(|| BundleError::NotListed(file.to_owned()))?;
            let found = hex::encode(Sha256::digest(&bytes));
            if found != *expected {
                return Err(BundleError::Altered {
                    file: file.to_owned(),
                    found,
                    expected: expected.clone(),
                });
            }
            Ok(bytes)
        };
        Ok(Self {
            model: checked(backend.model_file())?,
            tokenizer: checked("tokenizer.json")?,
            calibration: parse("calibration.toml", &checked("calibration.toml")?)?,
            weights: parse("fusion.toml", &checked("fusion.toml")?)?,
            name: manifest.name,
            version: manifest.version,
        })
    }
}

fn read(dir: Option<&Path>, file: &str) -> Result<Cow<'static, [u8]>, BundleError> {
    match dir {
        Some(dir) => {
            let path = dir.join(file);
            std::fs::read(&path).map(Cow::Owned).map_err(|source| BundleError::Read { path, source })
        }
        None => EMBEDDED
            .iter()
            .find(|(name, _)| *name == file)
            .map(|(_, bytes)| Cow::Borrowed(*bytes))
            .ok_or_else(|| BundleError::NotListed(file.to_owned())),
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, BundleError> {
    let syntax = |line: usize, message: String| BundleError::Syntax { file: file.to_owned(), line, message };
    let text = std::str::from_utf8(bytes).map_err(|e| syntax(1, e.to_string()))?;
    toml::from_str(text).map_err(|e| {
        syntax(e.span().map_or(1, |s| text[..s.start].matches('\n').count() + 1), e.message().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "vigie-fr-small";

    fn copy_of_embedded() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(MODEL)).unwrap();
        for (name, bytes) in EMBEDDED {
            let at = if *name == "manifest.toml" { dir.path().to_owned() } else { dir.path().join(MODEL) };
            std::fs::write(at.join(name), bytes).unwrap();
        }
        dir
    }

    #[test]
    fn the_embedded_model_agrees_with_its_manifest() {
        for backend in [Backend::Tract, Backend::OnnxRuntime] {
            Bundle::load(None, backend).unwrap();
        }
    }

    #[test]
    fn an_altered_model_is_refused_by_name() {
        let dir = copy_of_embedded();
        let path = dir.path().join(MODEL).join("model.onnx");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[100] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let error = Bundle::load(Some(dir.path()), Backend::Tract).err().unwrap();
        assert!(matches!(&error, BundleError::Altered { file, .. } if file == "model.onnx"), "{error}");
    }

    #[test]
    fn a_missing_file_names_its_path_and_the_remedy() {
        let dir = copy_of_embedded();
        std::fs::remove_file(dir.path().join(MODEL).join("tokenizer.json")).unwrap();
        let error = Bundle::load(Some(dir.path()), Backend::Tract).err().unwrap().to_string();
        assert!(error.contains("tokenizer.json") && error.contains("--model-dir"), "{error}");
    }
}
