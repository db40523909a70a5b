//! The term mini-language: `souffrir/v de (diabète|asthme) [très] grave`, `touche .. rsa`, `=FO`.

/// How a word is inflected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inflect {
    Noun,
    /// Adjective or noun for a person: gender and number.
    Adj,
    Verb,
}

/// One word of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermWord {
    pub text: String,
    pub inflect: Option<Inflect>,
    /// `se faire/v`: the pronoun is the engine's business, `text` is the verb alone.
    pub reflexive: bool,
    /// `=FO`: the note must use the same capitals.
    pub exact: bool,
}

/// A node and whether a blank separates it from what precedes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub spaced: bool,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Word(TermWord),
    /// One of several sequences; `optional` adds the empty one.
    Group {
        alternatives: Vec<Vec<Node>>,
        optional: bool,
    },
    /// `..`: up to three words of the same clause.
    Gap,
}

/// Parses a term. `inflect` applies to its first word if no word of the term carries a mark.
pub fn parse(term: &str, inflect: Option<Inflect>) -> Result<Vec<Node>, String> {
    let mut parser = Parser { rest: term, depth: 0 };
    let mut nodes = parser.sequence()?;
    if !parser.rest.is_empty() {
        return Err(format!("unexpected `{}`", &parser.rest[..1]));
    }
    if let Some(inflect) = inflect
        && !any_word(&nodes, &|w| w.inflect.is_some())
    {
        mark_first(&mut nodes, inflect, true);
    }
    reflexives(&mut nodes);
    match (nodes.first(), nodes.last()) {
        (None, _) => Err("the term is empty".into()),
        (Some(first), Some(last)) if first.kind == Kind::Gap || last.kind == Kind::Gap => {
            Err("a gap `..` needs a word on both sides".into())
        }
        _ => Ok(nodes),
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl Parser<'_> {
    /// Reads up to the end or to a `|`, `)` or `]` that belongs to an enclosing group.
    fn sequence(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes: Vec<Node> = Vec::new();
        loop {
            let trimmed = self.rest.trim_start();
            let spaced = nodes.is_empty() || trimmed.len() < self.rest.len();
            self.rest = trimmed;
            let kind = match self.rest.chars().next() {
                None => return Ok(nodes),
                Some('|' | ')' | ']') if self.depth > 0 => return Ok(nodes),
                Some(c @ ('|' | ')' | ']')) => return Err(format!("`{c}` outside a group")),
                Some(open @ ('(' | '[')) => self.group(open)?,
                Some(_) => {
                    let text = self.word();
                    let mark = text.strip_prefix('/').and_then(read_mark).filter(|_| !spaced);
                    if let Some(inflect) = mark {
                        if let Some(Node { kind: Kind::Group { alternatives, .. }, .. }) = nodes.last_mut() {
                            alternatives.iter_mut().for_each(|a| mark_first(a, inflect, false));
                        }
                        continue;
                    }
                    if text == ".." { Kind::Gap } else { Kind::Word(read_word(text)?) }
                }
            };
            nodes.push(Node { spaced, kind });
        }
    }

    fn group(&mut self, open: char) -> Result<Kind, String> {
        let close = if open == '(' { ')' } else { ']' };
        let mut optional = open == '[';
        let mut alternatives = Vec::new();
        self.depth += 1;
        if self.depth > 8 {
            return Err("groups nested more than 8 deep".into());
        }
        loop {
            self.rest = &self.rest[1..];
            let alternative = self.sequence()?;
            if alternative.is_empty() {
                optional = true;
            } else {
                alternatives.push(alternative);
            }
            match self.rest.chars().next() {
                Some('|') => {}
                Some(c) if c == close => break,
                _ => return Err(format!("a group opened by `{open}` is not closed by `{close}`")),
            }
        }
        self.rest = &self.rest[1..];
        self.depth -= 1;
        if alternatives.is_empty() {
            return Err("an empty group".into());
        }
        Ok(Kind::Group { alternatives, optional })
    }

    fn word(&mut self) -> &str {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '|'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }
}

fn read_mark(letter: &str) -> Option<Inflect> {
    match letter {
        "n" => Some(Inflect::Noun),
        "a" => Some(Inflect::Adj),
        "v" => Some(Inflect::Verb),
        _ => None,
    }
}

/// Splits a token into its exact-case sign, its word and its inflection mark.
fn read_word(token: &str) -> Result<TermWord, String> {
    let (exact, token) = match token.strip_prefix('=') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, token),
    };
    let (text, inflect) = match token.rsplit_once('/') {
        // "n/a" and "s/c" are words; a marked word has two letters or more.
        Some((stem, mark)) if stem.chars().count() > 1 && read_mark(mark).is_some() => {
            (stem, read_mark(mark))
        }
        _ => (token, None),
    };
    if exact && inflect.is_some() {
        return Err(format!("`={token}` cannot be both exact and inflected"));
    }
    if text.starts_with('@') {
        return Err(format!("a cue (`{text}`) cannot be part of a term"));
    }
    Ok(TermWord { text: text.to_owned(), inflect, reflexive: false, exact })
}

/// Whether any word satisfies `test`.
fn any_word(nodes: &[Node], test: &impl Fn(&TermWord) -> bool) -> bool {
    nodes.iter().any(|node| match &node.kind {
        Kind::Word(word) => test(word),
        Kind::Group { alternatives, .. } => alternatives.iter().any(|a| any_word(a, test)),
        Kind::Gap => false,
    })
}

/// Marks the first word that is always there; in a group, the first word of every alternative. By default (the
/// entry's inflection, not a mark), a verb is left alone unless it looks like an infinitive: "à fuir", "blacklist".
fn mark_first(nodes: &mut [Node], inflect: Inflect, by_default: bool) {
    for node in nodes {
        match &mut node.kind {
            Kind::Word(word) => {
                let infinitive = ["er", "ir", "re", "ïr"].iter().any(|end| word.text.ends_with(end));
                if !word.exact && (infinitive || !by_default || inflect != Inflect::Verb) {
                    word.inflect.get_or_insert(inflect);
                }
                return;
            }
            Kind::Group { alternatives, optional: false } => {
                alternatives.iter_mut().for_each(|a| mark_first(a, inflect, by_default));
                return;
            }
            Kind::Group { .. } => {}
            Kind::Gap => return,
        }
    }
}

/// Turns `se faire/v`, `s'enivrer/v` and `se (droguer/v|piquer/v)` into reflexive verbs.
fn reflexives(nodes: &mut Vec<Node>) {
    for node in nodes.iter_mut() {
        match &mut node.kind {
            Kind::Group { alternatives, .. } => alternatives.iter_mut().for_each(reflexives),
            Kind::Word(word) if word.inflect == Some(Inflect::Verb) => {
                if let Some(verb) = word.text.strip_prefix("s'").or_else(|| word.text.strip_prefix("s’")) {
                    word.text = verb.to_owned();
                    word.reflexive = true;
                }
            }
            _ => {}
        }
    }
    let mut i = 0;
    while i + 1 < nodes.len() {
        if matches!(&nodes[i].kind, Kind::Word(w) if w.text == "se" && w.inflect.is_none())
            && absorb_pronoun(&mut nodes[i + 1])
        {
            let spaced = nodes[i].spaced;
            nodes.remove(i);
            nodes[i].spaced = spaced;
        }
        i += 1;
    }
}

/// Makes the verb, or every alternative that opens with one, reflexive; says whether "se" was absorbed.
fn absorb_pronoun(node: &mut Node) -> bool {
    match &mut node.kind {
        Kind::Word(word) if word.inflect == Some(Inflect::Verb) => {
            word.reflexive = true;
            true
        }
        Kind::Group { alternatives, optional: false } => {
            let verb_first =
                |a: &Vec<Node>| matches!(&a[0].kind, Kind::Word(w) if w.inflect == Some(Inflect::Verb));
            let all = alternatives.iter().all(verb_first);
            if all {
                alternatives.iter_mut().for_each(|a| {
                    absorb_pronoun(&mut a[0]);
                });
            }
            all
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn word(nodes: &[Node], i: usize) -> &TermWord {
        match &nodes[i].kind {
            Kind::Word(word) => word,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn marks_apply_to_their_word() {
        let nodes = parse("souffrir/v de diabète", None).unwrap();
        assert_eq!(word(&nodes, 0).inflect, Some(Inflect::Verb));
        assert_eq!(word(&nodes, 0).text, "souffrir");
        assert_eq!(word(&nodes, 2).inflect, None);
    }

    #[test]
    fn the_entry_s_inflection_yields_to_a_mark() {
        assert_eq!(word(&parse("crise aiguë", Some(Inflect::Noun)).unwrap(), 0).inflect, Some(Inflect::Noun));
        assert_eq!(word(&parse("crise aigu/a", Some(Inflect::Noun)).unwrap(), 0).inflect, None);
    }

    #[test]
    fn a_mark_after_a_group_applies_inside() {
        let nodes = parse("(dépressif|anxieux)/a", None).unwrap();
        assert!(any_word(&nodes, &|w| w.text == "anxieux" && w.inflect == Some(Inflect::Adj)));
    }

    #[test]
    fn slashes_of_abbreviations_stay() {
        assert_eq!(word(&parse("n/a", None).unwrap(), 0).text, "n/a");
        assert_eq!(word(&parse("et/ou", None).unwrap(), 0).text, "et/ou");
    }

    #[test]
    fn reflexive_verbs_lose_their_pronoun() {
        for term in ["se faire/v opérer", "s'enivrer/v"] {
            assert!(word(&parse(term, None).unwrap(), 0).reflexive, "{term}");
        }
        let nodes = parse("se (droguer/v|piquer/v)", None).unwrap();
        assert_eq!(nodes.len(), 1);
        assert!(any_word(&nodes, &|w| w.text == "piquer" && w.reflexive));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (term, says) in [
            ("", "empty"),
            ("(a|b", "not closed"),
            ("a)", "outside"),
            ("[]", "empty group"),
            (".. a", "both sides"),
            ("malade @person", "cue"),
            ("=CGT/n", "exact"),
        ] {
            let error = parse(term, None).unwrap_err();
            assert!(error.contains(says), "{term}: {error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(term in "[a-zé '/|()\\[\\].=@]{0,40}") {
            let _ = parse(&term, Some(Inflect::Adj));
        }
    }
}
