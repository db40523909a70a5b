//! Where a value with digits may begin, so that the patterns are not tried at every byte.

/// Longest word without a digit that may open a value: the letters of "AB-123-CD", "B-3-6-9".
const OPENING_WORD: usize = 3;

/// Starts of words that hold a digit, or that a digit follows after one sign; a plus or minus before a digit too.
pub fn of(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut starts = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut digit = false;
        while at < bytes.len() && word(bytes[at]) {
            digit |= bytes[at].is_ascii_digit();
            at += 1;
        }
        if at > start {
            let follows = at - start <= OPENING_WORD && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if digit || follows {
                starts.push(start);
            }
            continue;
        }
        let signed = matches!(bytes[at], b'+' | b'-')
            && bytes.get(at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b' ');
        if signed && (at == 0 || !word(bytes[at - 1])) {
            starts.push(at);
        }
        at += 1;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_at_few_places() {
        let at = |text: &str| {
            of(text).iter().map(|i| text[*i..].chars().take(3).collect()).collect::<Vec<String>>()
        };
        assert_eq!(
            at("le 12/05 ab-123-cd tel +33 6"),
            ["le ", "12/", "05 ", "ab-", "123", "+33", "33 ", "6"]
        );
        assert!(at("client satisfait, rappeler").is_empty());
        assert_eq!(at("\u{e9}1 b4 _2"), ["1 b", "b4 ", "_2"]);
    }
}
