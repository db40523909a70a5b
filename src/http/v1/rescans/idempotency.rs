//! `Idempotency-Key`: a request sent again, as its answer was lost, makes no second rescan. Key and body are kept as keyed
//! digests of the data folder: neither can be read back from the store.

use axum::http::HeaderMap;
use serde_json::Value;

use super::asked::wrong;
use crate::http::auth::Client;
use crate::http::problem::Problem;
use crate::rescan::keys::{Keys, hmac};

/// Longest key, in bytes.
const LONGEST: usize = 255;

/// A request as the store knows it again.
pub struct Request {
    /// Of the client's key, and of the client: two clients may choose the same.
    pub key: String,
    /// Of what is asked for.
    pub digest: String,
}

impl Request {
    /// A request without a key gets one that no other has.
    pub fn of(
        keys: &Keys,
        client: Option<&Client>,
        key: Option<&str>,
        body: &Value,
    ) -> Result<Self, Problem> {
        let client = client.map_or("", |client| client.0.as_str());
        let mut random = [0u8; 16];
        let key = match key {
            Some(key) => {
                let length = (client.len() as u64).to_le_bytes();
                hmac(&keys.derive("idempotency"), &[&length, client.as_bytes(), key.as_bytes()])[..16]
                    .to_vec()
            }
            None => {
                getrandom::fill(&mut random).map_err(|_| Problem::internal())?;
                random.to_vec()
            }
        };
        let digest = hmac(&keys.derive("idempotency"), &[b"body", body.to_string().as_bytes()]);
        Ok(Self { key: hex::encode(key), digest: hex::encode(&digest[..16]) })
    }
}

/// The key of a request, if it has one.
pub fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let plain = value.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
    plain.map(|key| Some(key.to_owned())).ok_or_else(|| {
        wrong("Idempotency-Key", format!("expected 1 to {LONGEST} printable ASCII characters"))
    })
}
