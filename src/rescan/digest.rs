//! What a note was, in eight bytes: how an incremental rescan knows that nothing changed.

use super::keys::Keys;

/// Makes digests of notes. Keyed, as what a short note says could be guessed from a plain hash.
#[derive(Clone)]
pub struct Digester {
    key: [u8; 32],
}

impl Digester {
    pub fn new(keys: &Keys) -> Self {
        Self { key: keys.derive("digest") }
    }

    /// The first eight bytes of keyed BLAKE3 over key, column, field and text, each with its length before it.
    pub fn note(&self, key: &str, column: &str, field: &str, text: &str) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        for part in [key, column, field, text] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let mut first = [0u8; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(first)
    }
}

/// Digests as the store keeps them: eight bytes each, in the order of the notes.
pub fn pack(digests: &[u64]) -> Vec<u8> {
    digests.iter().flat_map(|d| d.to_le_bytes()).collect()
}

/// The digests of a page; a tail that is no whole digest is none.
pub fn unpack(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.chunks_exact(8).map(|chunk| {
        let mut digest = [0u8; 8];
        digest.copy_from_slice(chunk);
        u64::from_le_bytes(digest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts_and_so_does_the_key() {
        let keys = |byte: &str| Keys::from_environment(&byte.repeat(32)).unwrap();
        let digester = Digester::new(&keys("01"));
        let note = digester.note("12", "suivi", "suivi", "livrer le matin");
        assert_eq!(note, digester.note("12", "suivi", "suivi", "livrer le matin"));
        for other in [
            digester.note("1", "2suivi", "suivi", "livrer le matin"),
            digester.note("12", "suivi", "adresse", "livrer le matin"),
            digester.note("12", "suivi", "suivi", "livrer le soir"),
            Digester::new(&keys("02")).note("12", "suivi", "suivi", "livrer le matin"),
        ] {
            assert_ne!(note, other);
        }
    }

    #[test]
    fn what_is_packed_comes_back() {
        let digests = [0, 1, u64::MAX, 0x0123_4567_89ab_cdef];
        assert_eq!(unpack(&pack(&digests)).collect::<Vec<_>>(), digests);
    }
}
