//! Unicode normalisation that never loses the way back.
use super::View;

/// The plain view, and the robust one where it differs.
pub fn views(original: &str) -> (View, Option<View>) {
    let mut view = View::default();
    for (i, c) in original.char_indices() {
        for l in c.to_lowercase() {
            let before = view.text.len();
            view.text.push(l);
            for _ in before..view.text.len() {
                view.marks.push(super::Mark::None);
                view.origin.push((i as u32, (i + c.len_utf8()) as u32));
            }
        }
    }
    (view, None)
}

/// Whether most letters are capitals.
pub fn is_shouting(original: &str) -> bool {
    let upper = original.chars().filter(|c| c.is_uppercase()).count();
    let lower = original.chars().filter(|c| c.is_lowercase()).count();
    upper > 2 * lower
}
