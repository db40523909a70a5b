//! What is wrong with a line of JSON, said without what it holds.

/// What the parser says, without its line number, which is always 1.
pub fn syntax(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(head, _)| head);
    format!("not JSON: {message} at column {}", error.column())
}

/// The line as UTF-8, which JSON is.
pub fn utf8(line: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(line)
        .map_err(|e| format!("byte {} is not valid UTF-8; JSON is UTF-8 (RFC 8259)", e.valid_up_to() + 1))
}
