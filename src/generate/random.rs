//! Random numbers that are the same on every machine and in every version: SplitMix64 (Steele, Lea and Flood, 2014).

/// Numbers of one note.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of the note at a place.
    pub fn new(seed: u64, place: u64) -> Self {
        let mut random = Self(seed ^ 0x5851_F42D_4C95_7F2D);
        let mixed = random.next() ^ place.wrapping_mul(0xA076_1D64_78BD_642F);
        Self(mixed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `most`, `most` left out.
    pub fn below(&mut self, most: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(most)) >> 64) as u64
    }

    /// From the first to the last.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    pub fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len() as u64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_never_change() {
        let mut random = Random::new(1, 0);
        let first = [random.next(), random.next()];
        assert_eq!(
            first,
            [Random::new(1, 0).next(), {
                let mut r = Random::new(1, 0);
                r.next();
                r.next()
            }]
        );
        assert_ne!(first[0], Random::new(1, 1).next());
        assert_ne!(first[0], Random::new(2, 0).next());
    }

    #[test]
    fn bounds_are_reached_and_kept() {
        let mut random = Random::new(7, 7);
        let seen: std::collections::BTreeSet<u64> = (0..1000).map(|_| random.between(3, 9)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(random.pick::<u8>(&[]), None);
    }
}
