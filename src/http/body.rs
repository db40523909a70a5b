//! Request bodies: content type, size, UTF-8 and JSON, each with its own refusal.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::Value;

use super::problem::{Kind, Problem};

/// What `POST` routes take.
pub const JSON: &[&str] = &["application/json"];
/// What the stream takes; there is no registered name, these are the ones in use.
pub const NDJSON: &[&str] =
    &["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

/// Refuses any content type but those of `accepted`, any charset but UTF-8, any content encoding.
pub fn check_type(headers: &HeaderMap, accepted: &[&str]) -> Result<(), Problem> {
    let refuse = |what: &str| {
        let detail = format!("{what}; send Content-Type: {}", accepted[0]);
        Err(Problem::new(Kind::UnsupportedMediaType, detail))
    };
    check_encoding(headers)?;
    let Some(value) = headers.get(CONTENT_TYPE) else { return refuse("the content type is missing") };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let (essence, parameters) = value.split_once(';').unwrap_or((&value, ""));
    if !accepted.contains(&essence.trim()) {
        return refuse("the content type is another one");
    }
    let charset = parameters.split(';').find_map(|p| p.trim().strip_prefix("charset="));
    match charset.map(|c| c.trim_matches('"')) {
        None | Some("utf-8" | "utf8") => Ok(()),
        Some(_) => refuse("the charset is not UTF-8"),
    }
}

fn check_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(CONTENT_ENCODING) {
        Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            Err(Problem::new(Kind::UnsupportedMediaType, "compressed bodies are not read"))
        }
        _ => Ok(()),
    }
}

/// Reads a JSON body of at most `limit` bytes.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    check_type(headers, JSON)?;
    read_whole(headers, body, limit).await
}

/// Reads a form of at most `limit` bytes, whatever it is called: an editor's client calls it JSON.
pub async fn read_form(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    check_encoding(headers)?;
    let kind = headers.get(CONTENT_TYPE).map(|t| t.as_bytes().to_ascii_lowercase()).unwrap_or_default();
    if kind.starts_with(b"multipart/") {
        let detail = "forms in parts are not read; send Content-Type: application/x-www-form-urlencoded";
        return Err(Problem::new(Kind::UnsupportedMediaType, detail));
    }
    read_whole(headers, body, limit).await
}

async fn read_whole(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = format!("the body is larger than the limit of {limit} bytes (max_body_bytes)");
        Problem::new(Kind::TooLarge, detail)
    };
    let announced = headers.get(CONTENT_LENGTH).and_then(|l| l.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let over = std::error::Error::source(&error).is_some_and(|e| e.to_string().contains("length limit"));
        if over { too_large() } else { Problem::new(Kind::InvalidBody, "the body ended before its end") }
    })
}

/// Parses JSON. The parser refuses nesting deeper than 128 levels.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let detail = format!("the body is not UTF-8: see byte {}", e.valid_up_to());
        Problem::new(Kind::InvalidBody, detail)
    })?;
    // Messages of the parser's syntax errors are fixed words with line and column; none quotes its input.
    serde_json::from_str(text)
        .map_err(|e| Problem::new(Kind::InvalidBody, format!("the body is not valid JSON: {e}")))
}
