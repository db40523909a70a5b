//! The secret of a data folder, and the keys derived from it.
//!
//! Digests and fingerprints of short personal data can be guessed where the hash is plain; these are keyed. The master
//! key is 32 random bytes: `VIGIE_DATA_KEY` (64 hexadecimal digits), else the file `key` of the data folder, made at the
//! first use, readable by its owner alone. Each use has a key of its own, HMAC-SHA256(master, label).

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Variable that holds the master key.
pub const VARIABLE: &str = "VIGIE_DATA_KEY";

/// Name of the file in the data folder.
const FILE: &str = "key";

/// The key cannot be had. Never carries what was written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{0} is not 64 hexadecimal digits; `openssl rand -hex 32` prints a key")]
    Shape(String),
    #[error("cannot read the key {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("cannot write the key {path}: {source}; name another folder with --data-dir or VIGIE_DATA_DIR")]
    Write { path: PathBuf, source: std::io::Error },
    #[error(
        "the key {path} is missing, and the store beside it cannot be used without: put it back, or set VIGIE_DATA_KEY"
    )]
    Missing { path: PathBuf },
    #[error("the system gives no random bytes: {0}")]
    Random(String),
}

/// The keys of a data folder.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
    from_environment: bool,
}

impl Keys {
    /// The key of the environment, else that of the folder; made unless `used` says that a store relies on one already.
    pub fn load(dir: &Path, used: bool) -> Result<Self, KeyError> {
        match std::env::var(VARIABLE).ok().filter(|value| !value.is_empty()) {
            Some(value) => Self::from_environment(&value),
            None => Self::of_folder(dir, used),
        }
    }

    /// The key a variable of the environment holds.
    pub fn from_environment(value: &str) -> Result<Self, KeyError> {
        let master = parse(value).ok_or_else(|| KeyError::Shape(VARIABLE.to_owned()))?;
        Ok(Self { master, from_environment: true })
    }

    /// The key of the file, made at the first use.
    pub fn of_folder(dir: &Path, used: bool) -> Result<Self, KeyError> {
        let path = dir.join(FILE);
        if !path.exists() {
            if used {
                return Err(KeyError::Missing { path });
            }
            make(&path)?;
        }
        let text =
            std::fs::read_to_string(&path).map_err(|source| KeyError::Read { path: path.clone(), source })?;
        let master = parse(&text).ok_or_else(|| KeyError::Shape(path.display().to_string()))?;
        Ok(Self { master, from_environment: false })
    }

    /// The key for one use.
    pub fn derive(&self, label: &str) -> [u8; 32] {
        hmac(&self.master, &[label.as_bytes()])
    }

    /// Whether the key is kept apart from the store, as excerpts of notes ask for.
    pub fn is_from_environment(&self) -> bool {
        self.from_environment
    }

    /// Tells two keys apart, and says nothing of either.
    pub fn check(&self) -> String {
        hex::encode(&self.derive("check")[..8])
    }
}

/// HMAC-SHA256, to be fed. It takes a key of any length.
pub fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("a key of any length")
}

/// HMAC-SHA256 over parts, joined.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = mac(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0u8; 32];
    hex::decode_to_slice(text.trim(), &mut key).ok()?;
    Some(key)
}

/// Writes a new key, whole or not at all, unless another process was quicker.
fn make(path: &Path) -> Result<(), KeyError> {
    let mut random = [0u8; 40];
    getrandom::fill(&mut random).map_err(|e| KeyError::Random(e.to_string()))?;
    let (key, name) = random.split_at(32);
    let draft = path.with_extension(format!("{}.tmp", hex::encode(name)));
    let write = || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        writeln!(file, "{}", hex::encode(key))?;
        file.sync_all()?;
        match std::fs::hard_link(&draft, path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    };
    let result = write().map_err(|source| KeyError::Write { path: path.to_owned(), source });
    // The draft is of no use any more, and its name is its own: what cannot be removed harms nobody.
    let _ = std::fs::remove_file(&draft);
    result
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gets_one_key_and_keeps_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = Keys::of_folder(dir.path(), false).unwrap();
        assert_eq!(Keys::of_folder(dir.path(), true).unwrap().master, first.master);
        assert_ne!(first.master, [0; 32]);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_that_went_missing_is_not_replaced_by_another() {
        let dir = tempfile::tempdir().unwrap();
        let error = Keys::of_folder(dir.path(), true).unwrap_err().to_string();
        assert!(error.contains("missing") && error.contains(VARIABLE), "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_wrong_key_is_refused_without_being_shown() {
        let error = Keys::from_environment("c0ffee").unwrap_err().to_string();
        assert!(error.contains(VARIABLE) && !error.contains("c0ffee"), "{error}");
        let keys = Keys::from_environment(&"ab".repeat(32)).unwrap();
        assert!(keys.is_from_environment() && !format!("{keys:?}").contains("ab"));
    }

    #[test]
    fn each_use_has_a_key_of_its_own() {
        let keys = Keys::from_environment(&"ab".repeat(32)).unwrap();
        assert_ne!(keys.derive("digest"), keys.derive("fingerprint"));
        assert_eq!(keys.check().len(), 16);
        // HMAC-SHA256 of RFC 4231, test case 1, with the key padded as HMAC pads it.
        let mut key = [0u8; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex::encode(hmac(&key, &[b"Hi ", b"There"])), expected);
    }
}
