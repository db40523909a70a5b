//! API keys: random, shown once, stored hashed.
//!
//! A key is `vigie_` and 256 random bits in hexadecimal. Only its SHA-256 is stored, as `name:sha256`. A fast hash is
//! right here, unlike for passwords: 256 random bits cannot be guessed however fast one tries, so a slow hash would
//! only slow down each request. Comparison takes the same time whatever the number of bytes that agree.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key starts with, so that people and secret scanners recognise one.
pub const PREFIX: &str = "vigie_";

/// Keys cannot be made or read. Never carries a key or its hash.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the system gives no random bytes: {0}")]
    Random(String),
    #[error("cannot read the keys file {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}:{line}: {source}")]
    Line { path: PathBuf, line: usize, source: KeyFormatError },
}

/// A stored key is not `name:sha256`. Never carries what was written, which may be a key in clear.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyFormatError {
    #[error("expected `name:sha256`, with no space in the name; `vigie key new` prints such a line")]
    Shape,
    #[error(
        "this is a key in clear: store its hash, `name:sha256`, and make a new key, as this one was exposed"
    )]
    Clear,
    #[error("the part after the colon is not a SHA-256 (64 hexadecimal digits)")]
    Hash,
}

/// A key just made.
pub struct NewKey {
    /// What the client sends; shown once, stored nowhere.
    pub key: String,
    /// What the server stores.
    pub stored: StoredKey,
}

/// Makes a key for a client of that name.
pub fn new_key(name: &str) -> Result<NewKey, SecretError> {
    let mut random = [0u8; 32];
    getrandom::fill(&mut random).map_err(|e| SecretError::Random(e.to_string()))?;
    let key = format!("{PREFIX}{}", hex::encode(random));
    let stored = StoredKey { name: name.to_owned(), sha256: digest(&key) };
    Ok(NewKey { key, stored })
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// A client's name and the SHA-256 of its key.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    name: String,
    sha256: [u8; 32],
}

impl StoredKey {
    /// The client's name, as logs show it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line of a keys file: `name:sha256`.
    pub fn line(&self) -> String {
        format!("{}:{}", self.name, hex::encode(self.sha256))
    }
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredKey({})", self.name)
    }
}

impl FromStr for StoredKey {
    type Err = KeyFormatError;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        if line.contains(PREFIX) && !line.contains(':') {
            return Err(KeyFormatError::Clear);
        }
        let (name, hash) = line.split_once(':').ok_or(KeyFormatError::Shape)?;
        if name.is_empty() || name.chars().any(char::is_whitespace) {
            return Err(KeyFormatError::Shape);
        }
        if hash.starts_with(PREFIX) {
            return Err(KeyFormatError::Clear);
        }
        let mut sha256 = [0u8; 32];
        hex::decode_to_slice(hash, &mut sha256).map_err(|_| KeyFormatError::Hash)?;
        Ok(Self { name: name.to_owned(), sha256 })
    }
}

impl<'de> serde::Deserialize<'de> for StoredKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Shows the name only: what is printed must not help who collects hashes.
impl serde::Serialize for StoredKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}:(hidden)", self.name))
    }
}

/// Reads a keys file: one `name:sha256` a line; blank lines and lines that start with `#` are skipped.
pub fn read_keys_file(path: &Path) -> Result<Vec<StoredKey>, SecretError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| SecretError::Read { path: path.to_owned(), source })?;
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(line, written)| {
            written.parse().map_err(|source| SecretError::Line { path: path.to_owned(), line, source })
        })
        .collect()
}

/// The keys a server accepts.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<StoredKey>);

impl Keys {
    pub fn new(keys: Vec<StoredKey>) -> Self {
        Self(keys)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the client that this key was made for. Every stored key is compared, each in constant time.
    pub fn client_of(&self, presented: &str) -> Option<&str> {
        let presented = digest(presented);
        self.0
            .iter()
            .filter(|stored| bool::from(stored.sha256.ct_eq(&presented)))
            .fold(None, |_, stored| Some(stored.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_accepted_by_its_stored_line_only() {
        let (a, b) = (new_key("crm").unwrap(), new_key("bulk").unwrap());
        assert!(a.key.starts_with(PREFIX) && a.key.len() == PREFIX.len() + 64);
        assert_ne!(a.key, b.key);
        let keys = Keys::new(vec![a.stored.line().parse().unwrap(), b.stored.clone()]);
        assert_eq!(keys.client_of(&a.key), Some("crm"));
        assert_eq!(keys.client_of(&b.key), Some("bulk"));
        assert_eq!(keys.client_of(&a.key[..a.key.len() - 1]), None);
        assert_eq!(keys.client_of(""), None);
    }

    #[test]
    fn stored_lines_that_are_wrong_say_how_without_showing_themselves() {
        let clear = new_key("crm").unwrap().key;
        for (line, expected) in [
            ("crm", KeyFormatError::Shape),
            (":00", KeyFormatError::Shape),
            ("my crm:00", KeyFormatError::Shape),
            ("crm:00", KeyFormatError::Hash),
            ("crm:zz", KeyFormatError::Hash),
            (clear.as_str(), KeyFormatError::Clear),
            (&format!("crm:{clear}"), KeyFormatError::Clear),
        ] {
            let error = line.parse::<StoredKey>().unwrap_err();
            assert_eq!(error, expected);
            assert!(!error.to_string().contains(&clear));
        }
    }

    #[test]
    fn a_keys_file_names_the_wrong_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys");
        let good = new_key("crm").unwrap().stored;
        std::fs::write(&path, format!("# clients\n\n{}\n", good.line())).unwrap();
        assert_eq!(read_keys_file(&path).unwrap(), vec![good.clone()]);
        std::fs::write(&path, format!("# clients\n{}\nnot a key\n", good.line())).unwrap();
        let error = read_keys_file(&path).unwrap_err().to_string();
        assert!(error.contains("keys:3:") && !error.contains("not a key"), "{error}");
        let error = read_keys_file(&dir.path().join("none")).unwrap_err().to_string();
        assert!(error.contains("none"), "{error}");
    }
}
