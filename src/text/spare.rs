//! The large buffers of a note, kept by the thread for its next one.
//!
//! A note of 90 kB takes about 1.5 MB of views, words and tokens. Given back to the system and asked for again with every
//! note, they cost a fifth of the whole scan in page faults.

use std::cell::RefCell;
use std::thread::LocalKey;

/// Buffers with room for more items than this are not kept.
const MAX_ITEMS: usize = 1 << 18;

/// Where a thread keeps its buffers of one kind.
pub type Shelf<T> = LocalKey<RefCell<Vec<T>>>;

/// An empty buffer with room for `items`: the thread's, if it has one to spare.
pub fn take<T>(shelf: &'static Shelf<T>, items: usize) -> Vec<T> {
    let mut buffer = shelf.try_with(|spare| spare.take()).unwrap_or_default();
    buffer.reserve(items);
    buffer
}

/// Keeps a buffer for [`take`]; what it holds is dropped.
pub fn give<T>(shelf: &'static Shelf<T>, mut buffer: Vec<T>) {
    buffer.clear();
    if buffer.capacity() <= MAX_ITEMS {
        // A thread that is ending has no shelf any more.
        let _ = shelf.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.capacity() < buffer.capacity() {
                *spare = buffer;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static SHELF: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    }

    #[test]
    fn a_buffer_comes_back_empty_and_a_huge_one_does_not() {
        let mut first = take(&SHELF, 100);
        first.extend(0..100);
        let place = first.as_ptr();
        give(&SHELF, first);
        let second = take(&SHELF, 10);
        assert!(second.is_empty() && second.as_ptr() == place);
        // While it is out, another one is made.
        let third = take(&SHELF, 10);
        assert!(third.as_ptr() != place);
        give(&SHELF, Vec::with_capacity(MAX_ITEMS + 1));
        assert!(take(&SHELF, 0).capacity() <= MAX_ITEMS);
    }
}
