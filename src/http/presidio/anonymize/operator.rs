//! What may be done to the words of an entity, with presidio-anonymizer's names and rules.

use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};

use super::cipher;
use crate::http::members::{Members, string};
use crate::http::problem::{Problem, Violation};

/// The name that stands for all entities without an operator of their own.
pub const DEFAULT: &str = "DEFAULT";

/// Shortest salt of a hash, in bytes.
const MIN_SALT: usize = 16;
const SALT: &str = "a string of 16 bytes or more; leave it out for a random salt";

/// What is done to the words of an entity.
pub enum Operator {
    /// By a text, or by the entity's name.
    Replace(Option<String>),
    Redact,
    Keep,
    Mask {
        with: String,
        count: usize,
        from_end: bool,
    },
    Hash {
        long: bool,
        salt: Option<String>,
    },
    Encrypt {
        key: String,
    },
}

impl Operator {
    /// Reads `{"type": …}` and the members of that type. Others are left alone.
    pub fn read(value: Value, at: String) -> Result<Self, Problem> {
        let mut members = Members::of(value, at.as_str())?;
        let kind = members.required("type", "a string", string);
        let operator = match kind.as_str() {
            "replace" => Self::Replace(members.optional("new_value", "a string", string)),
            "redact" => Self::Redact,
            "keep" => Self::Keep,
            "mask" => Self::Mask {
                with: members.required("masking_char", "one character", |v| {
                    string(v).filter(|s| s.chars().count() <= 1)
                }),
                count: members.required("chars_to_mask", "a whole number", |v| {
                    Some(usize::try_from(v.as_i64()?).unwrap_or(0))
                }),
                from_end: members.required("from_end", "true or false", |v| v.as_bool()),
            },
            "hash" => Self::Hash {
                long: members
                    .optional("hash_type", "sha256 or sha512", |v| match v.as_str()? {
                        "sha256" => Some(false),
                        "sha512" => Some(true),
                        _ => None,
                    })
                    .unwrap_or(false),
                salt: members.optional("salt", SALT, |v| string(v).filter(|s| s.len() >= MIN_SALT)),
            },
            "encrypt" => Self::Encrypt {
                key: members.required("key", "a string of 16, 24 or 32 bytes", |v| {
                    string(v).filter(|key| cipher::is_key(key.as_bytes()))
                }),
            },
            _ => {
                members.finish_open()?;
                let detail = "expected replace, redact, mask, hash, encrypt or keep";
                return Err(Problem::invalid(vec![Violation::new(format!("{at}/type"), detail)]));
            }
        };
        members.finish_open().map(|()| operator)
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Replace(_) => "replace",
            Self::Redact => "redact",
            Self::Keep => "keep",
            Self::Mask { .. } => "mask",
            Self::Hash { .. } => "hash",
            Self::Encrypt { .. } => "encrypt",
        }
    }

    /// What stands in the place of `words`, found to be an `entity`.
    pub fn apply(&self, words: &str, entity: &str) -> Result<String, Problem> {
        Ok(match self {
            Self::Replace(value) => {
                value.clone().filter(|v| !v.is_empty()).unwrap_or_else(|| format!("<{entity}>"))
            }
            Self::Redact => String::new(),
            Self::Keep => words.to_owned(),
            Self::Mask { with, count, from_end } => mask(words, with, *count, *from_end),
            Self::Hash { long, salt } => {
                let salt = match salt {
                    Some(salt) => salt.as_bytes().to_vec(),
                    None => random::<32>()?.to_vec(),
                };
                let salted = [words.as_bytes(), &salt].concat();
                match long {
                    true => hex::encode(Sha512::digest(salted)),
                    false => hex::encode(Sha256::digest(salted)),
                }
            }
            Self::Encrypt { key } => {
                cipher::encrypt(key.as_bytes(), words, random()?).ok_or_else(Problem::internal)?
            }
        })
    }
}

fn mask(words: &str, with: &str, count: usize, from_end: bool) -> String {
    let length = words.chars().count();
    let count = count.min(length);
    let shown = length - count;
    match from_end {
        true => words.chars().take(shown).collect::<String>() + &with.repeat(count),
        false => with.repeat(count) + &words.chars().skip(count).collect::<String>(),
    }
}

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map(|()| bytes).map_err(|_| Problem::internal())
}
