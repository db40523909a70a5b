//! Addresses as operators write them: `${NAME}` filled in, passwords taken out.

use super::SourceError;

/// Fills in `${NAME}` from the environment. Inside `user:password@` the value is percent-encoded, so that a password may
/// hold any character; elsewhere it stands as it is.
pub fn resolve(url: &str) -> Result<String, SourceError> {
    resolve_with(url, |name| std::env::var(name).ok())
}

fn resolve_with(url: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<String, SourceError> {
    let mut out = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find("${") {
        let after = &rest[at + 2..];
        let Some(end) = after.find('}') else {
            return Err(SourceError::permanent("the address has `${` without `}`; write ${NAME}"));
        };
        let name = &after[..end];
        let value = lookup(name).ok_or_else(|| {
            SourceError::permanent(format!(
                "the environment variable {name} of the address is not set; set it"
            ))
        })?;
        out.push_str(&rest[..at]);
        rest = &after[end + 1..];
        let within = out.contains("://") && authority(rest).contains('@');
        out.push_str(&if within { encode(&value) } else { value });
    }
    out.push_str(rest);
    Ok(out)
}

/// Up to where host and port end.
fn authority(text: &str) -> &str {
    text.split(['/', '?']).next().unwrap_or("")
}

/// The address without a password in clear: what may be stored and shown. `${NAME}` stays.
pub fn without_password(url: &str) -> String {
    let Some(parts) = Parts::of(url) else { return url.to_owned() };
    let mut out = format!("{}://", parts.scheme);
    if let Some(user) = parts.user {
        match user.split_once(':') {
            Some((name, password)) if !is_variable(password) => out.push_str(name),
            _ => out.push_str(user),
        }
        out.push('@');
    }
    out.push_str(parts.host);
    let is_shown = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        !pair.is_empty() && (!name.to_ascii_lowercase().starts_with("pass") || is_variable(value))
    };
    let kept: Vec<&str> = parts.query.split('&').filter(is_shown).collect();
    if kept.is_empty() { out } else { format!("{out}?{}", kept.join("&")) }
}

/// The address as shown: without password, variables of one, or parameters.
pub fn place(url: &str) -> String {
    let Some(parts) = Parts::of(url) else { return url.to_owned() };
    match parts.user.map(|user| user.split(':').next().unwrap_or("")) {
        Some(name) => format!("{}://{name}@{}", parts.scheme, parts.host),
        None => format!("{}://{}", parts.scheme, parts.host),
    }
}

/// `scheme://user@host?query`, cut at the last `@`: whatever a password holds, none of it is taken for the rest. An `@` in
/// a parameter is written %40.
pub(super) struct Parts<'a> {
    pub scheme: &'a str,
    /// With the password.
    pub user: Option<&'a str>,
    /// With port and database.
    pub host: &'a str,
    pub query: &'a str,
}

impl<'a> Parts<'a> {
    pub fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
        Some(Self { scheme, user, host, query })
    }
}

/// Whether it is `${NAME}` and nothing else.
fn is_variable(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|t| t.strip_suffix('}'))
        .is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// Percent-encodes everything that is not unreserved (RFC 3986).
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Undoes percent-encoding; `None` where it is wrong.
pub fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        match name {
            "PW" => Some("a:b/c@d é%".to_owned()),
            "BASE" => Some("crm".to_owned()),
            "URL" => Some("mysql://vigie@db/crm".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn variables_are_filled_in_and_passwords_encoded() {
        let url = resolve_with("postgres://vigie:${PW}@db:5432/${BASE}?sslmode=require", lookup).unwrap();
        assert_eq!(url, "postgres://vigie:a%3Ab%2Fc%40d%20%C3%A9%25@db:5432/crm?sslmode=require");
        assert_eq!(resolve_with("${URL}", lookup).unwrap(), "mysql://vigie@db/crm");
        assert_eq!(resolve_with("postgres://db/crm", lookup).unwrap(), "postgres://db/crm");
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let error = resolve_with("postgres://vigie:${NOPE}@db/crm", lookup).unwrap_err();
        assert!(error.message.contains("NOPE") && !error.transient, "{error}");
        assert!(resolve_with("postgres://${NOPE", lookup).is_err());
    }

    #[test]
    fn a_password_in_clear_goes_and_a_variable_stays() {
        for (url, kept) in [
            ("postgres://vigie:secret@db/crm", "postgres://vigie@db/crm"),
            ("postgres://vigie:s3:cr@t@db/crm?sslmode=require", "postgres://vigie@db/crm?sslmode=require"),
            ("postgres://vigie:s3/c?r@=t@db/crm", "postgres://vigie@db/crm"),
            ("postgres://vigie:${PW}@db/crm", "postgres://vigie:${PW}@db/crm"),
            ("postgres://vigie:secret${PW}@db/crm", "postgres://vigie@db/crm"),
            ("mysql://vigie@db/crm?password=x&ssl-mode=require", "mysql://vigie@db/crm?ssl-mode=require"),
            ("mysql://db/crm", "mysql://db/crm"),
            ("${URL}", "${URL}"),
        ] {
            assert_eq!(without_password(url), kept);
        }
    }

    #[test]
    fn a_place_shows_no_password_and_no_parameter() {
        assert_eq!(place("postgres://vigie:${PW}@db/crm?sslmode=require"), "postgres://vigie@db/crm");
        assert_eq!(place("postgres://vigie:secret@db/crm"), "postgres://vigie@db/crm");
        assert_eq!(place("${URL}"), "${URL}");
    }

    #[test]
    fn encoding_is_undone() {
        let text = "a:b/c@d é%";
        assert_eq!(decode(&encode(text)).as_deref(), Some(text));
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%e"), None);
    }
}
