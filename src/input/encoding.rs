//! Bytes of a file as UTF-8: byte-order marks, UTF-16, and Windows-1252 line by line.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What the first bytes of a file say of its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    None,
    Utf8,
    Utf16,
}

/// Looks for a byte-order mark at the beginning of a source.
pub fn mark(source: &mut impl Read) -> io::Result<Mark> {
    let mut head = [0; 3];
    let size = head_of(source, &mut head)?;
    Ok(match &head[..size] {
        [0xEF, 0xBB, 0xBF] => Mark::Utf8,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Mark::Utf16,
        _ => Mark::None,
    })
}

/// Reads as many bytes as a mark may have, without waiting for more than it needs to know.
fn head_of(source: &mut impl Read, head: &mut [u8; 3]) -> io::Result<usize> {
    let mut size = 0;
    while size < head.len() {
        match source.read(&mut head[size..])? {
            0 => break,
            n => size += n,
        }
        if !b"\xEF\xBB\xBF".starts_with(&head[..size]) && size >= 2 {
            break;
        }
    }
    Ok(size)
}

/// The source without its byte-order mark; UTF-16 with a mark is made UTF-8 on the way. Other bytes pass as they are.
pub fn utf8(mut source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut head = [0; 3];
    let size = head_of(&mut source, &mut head)?;
    let head = &head[..size];
    let (skip, decoder) = match head {
        [0xEF, 0xBB, 0xBF] => (3, None),
        [0xFF, 0xFE, ..] => (2, Some(UTF_16LE.new_decoder_without_bom_handling())),
        [0xFE, 0xFF, ..] => (2, Some(UTF_16BE.new_decoder_without_bom_handling())),
        _ => (0, None),
    };
    let whole = Cursor::new(head[skip..].to_vec()).chain(source);
    Ok(match decoder {
        None => Box::new(whole),
        Some(decoder) => {
            Box::new(Transcoder { source: whole, decoder, pending: Vec::new(), at: 0, done: false })
        }
    })
}

/// Reads another encoding as UTF-8.
struct Transcoder<R> {
    source: R,
    decoder: Decoder,
    pending: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.pending.len() && !self.done {
            let mut chunk = [0; 8192];
            let size = self.source.read(&mut chunk)?;
            self.done = size == 0;
            self.pending.resize(self.decoder.max_utf8_buffer_length(size).unwrap_or(4 * chunk.len()), 0);
            let (_, _, written, _) =
                self.decoder.decode_to_utf8(&chunk[..size], &mut self.pending, self.done);
            self.pending.truncate(written);
            self.at = 0;
        }
        let size = out.len().min(self.pending.len() - self.at);
        out[..size].copy_from_slice(&self.pending[self.at..self.at + size]);
        self.at += size;
        Ok(size)
    }
}

/// Text of a line: UTF-8 where it is valid, else Windows-1252, which old exports use; the flag says so.
pub fn text(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut out = String::new();
        utf8(Box::new(Cursor::new(bytes.to_vec()))).unwrap().read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn marks_are_taken_off() {
        assert_eq!(read("\u{feff}été".as_bytes()), "été");
        assert_eq!(read("été".as_bytes()), "été");
        assert_eq!(read(b"{"), "{");
        assert_eq!(read(b""), "");
    }

    #[test]
    fn utf16_is_read() {
        let text = "été 😀 ".repeat(5000);
        let units = || std::iter::once(0xFEFF).chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert!(read(&little) == text && read(&big) == text);
    }

    #[test]
    fn what_is_not_utf8_is_windows_1252() {
        assert_eq!(text(b"\xE9t\xE9 \x80").0, "été €");
        assert!(!text("été".as_bytes()).1);
    }
}
