//! IP addresses.

use std::net::IpAddr;
use std::ops::Range;

use super::{Reading, byte_before};
use crate::text::Document;

/// A public address; a private one (RFC 1918, RFC 4193) names a machine of a company's network, not a person.
pub fn ip(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let next = text.as_bytes().get(range.end..range.end + 2);
    let goes_on = next.is_some_and(|n| n[0] == b'.' && n[1].is_ascii_digit());
    if matches!(byte_before(text, range.start, 1), b'.' | b'v' | b':') || goes_on {
        return None;
    }
    let address: IpAddr = text[range.clone()].parse().ok()?;
    let private = match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_unspecified() || v4.octets()[0] < 2,
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local(),
    };
    let reading = Reading::new(range);
    Some(if private { reading.veto("adresse d'un réseau privé") } else { reading })
}
