//! From a parsed term to the forms the automaton looks for.

use super::fold::{Folded, MAX_BYTES, fold};
use super::inflect;
use super::term::{Inflect, Kind, Node, TermWord};

/// A term that stands for more forms than this is refused: it would be slow to build and hard to reason about.
pub const MAX_FORMS: usize = 400;

/// What may stand between two segments of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gap {
    /// Blanks only.
    Adjacent,
    /// After a verb: up to three adverbs or the like ("est *toujours très* malade").
    Fillers,
    /// `..`: up to three words of the same clause.
    Words,
}

impl Gap {
    /// How many kinds there are.
    pub const COUNT: usize = Gap::Words as usize + 1;
}

/// A word of a form whose capitals must be the note's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExactWord {
    /// Bytes of the form.
    pub start: usize,
    pub end: usize,
    /// As the lexicon writes it.
    pub word: String,
}

/// Two lists of alternatives are multiplied out up to this many forms; beyond, each stays a segment of its own, so
/// that `(a|b|c…) (d|e|f…)` costs the sum of its parts.
const MAX_PRODUCT: usize = 24;

/// One written form of a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Form {
    pub folded: Folded,
    pub exact: Vec<ExactWord>,
}

/// Alternatives found as they are in the note; the gap is what may precede them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub gap: Gap,
    pub forms: Vec<Form>,
}

/// Segments that must follow one another.
pub type Chain = Vec<Segment>;

/// All chains of a term.
pub fn expand(nodes: &[Node]) -> Result<Vec<Chain>, String> {
    let paths = sequence(nodes)?;
    let mut chains: Vec<Chain> = paths.into_iter().filter(|p| !p.is_blank()).map(|p| p.segments).collect();
    chains.iter_mut().flatten().flat_map(|segment| &mut segment.forms).for_each(trim);
    let forms: usize = chains.iter().flatten().map(|segment| segment.forms.len()).sum();
    if forms > MAX_FORMS {
        return Err(format!("expands to {forms} forms; the limit is {MAX_FORMS}, split it"));
    }
    if chains.is_empty() {
        return Err("every part of the term is optional".into());
    }
    Ok(chains)
}

/// A chain under construction.
#[derive(Clone, Debug)]
struct Path {
    segments: Vec<Segment>,
    /// Set once a gap was read: what follows opens a new segment.
    pending: Option<Gap>,
}

impl Path {
    fn empty() -> Self {
        Self { segments: vec![Segment { gap: Gap::Words, forms: vec![Form::default()] }], pending: None }
    }

    /// Whether nothing was appended yet.
    fn is_blank(&self) -> bool {
        self.segments.len() == 1 && self.segments[0].forms.iter().all(|form| form.folded.text.is_empty())
    }

    fn append(mut self, forms: &[Form], spaced: bool) -> Result<Self, String> {
        if let Some(gap) = self.pending.take() {
            self.segments.push(Segment { gap, forms: forms.to_vec() });
            return Ok(self);
        }
        let Some(last) = self.segments.last_mut() else { return Err("a chain without words".into()) };
        let product = last.forms.len() * forms.len();
        if product > MAX_PRODUCT && last.forms.len() > 1 && forms.len() > 1 && spaced {
            let gap = Gap::Adjacent;
            self.segments.push(Segment { gap, forms: forms.to_vec() });
            return Ok(self);
        }
        if product > MAX_FORMS {
            return Err(format!("expands to more than {MAX_FORMS} forms; split it"));
        }
        let mut product = Vec::with_capacity(product);
        for left in &last.forms {
            for right in forms {
                product.push(join(left, right, spaced)?);
            }
        }
        last.forms = product;
        Ok(self)
    }
}

/// Two forms one after the other.
fn join(left: &Form, right: &Form, spaced: bool) -> Result<Form, String> {
    if left.folded.text.is_empty() {
        return Ok(right.clone());
    }
    let mut form = left.clone();
    if spaced && !form.folded.text.ends_with(' ') {
        form.folded.text.push(' ');
    }
    let at = form.folded.text.len();
    form.folded.text.push_str(&right.folded.text);
    if form.folded.text.len() > MAX_BYTES {
        return Err(format!("a stretch without gap is longer than {MAX_BYTES} bytes"));
    }
    if right.folded.accents != 0 {
        form.folded.accents |= right.folded.accents << at;
    }
    form.exact.extend(right.exact.iter().map(|word| ExactWord {
        start: word.start + at,
        end: word.end + at,
        word: word.word.clone(),
    }));
    Ok(form)
}

/// A form that ends with an apostrophe ends with a blank once folded; what follows is a matter of the gap.
fn trim(form: &mut Form) {
    form.folded.text.truncate(form.folded.text.trim_end_matches(' ').len());
}

fn sequence(nodes: &[Node]) -> Result<Vec<Path>, String> {
    let mut paths = vec![Path::empty()];
    for (i, node) in nodes.iter().enumerate() {
        let previous = i.checked_sub(1).map(|i| &nodes[i].kind);
        let mut next = Vec::new();
        for path in paths {
            match &node.kind {
                Kind::Gap if path.is_blank() => next.push(path),
                Kind::Gap => next.push(Path { pending: Some(Gap::Words), ..path }),
                Kind::Word(word) => {
                    for piece in pieces(word, previous)? {
                        next.push(append_piece(path.clone(), &piece, node.spaced)?);
                    }
                }
                Kind::Group { alternatives, optional } => {
                    for inner in inner(alternatives)? {
                        next.push(append_path(path.clone(), inner, node.spaced)?);
                    }
                    if *optional {
                        next.push(path);
                    }
                }
            }
        }
        paths = merge(next);
        if paths.len() > MAX_FORMS {
            return Err(format!("expands to more than {MAX_FORMS} chains; split it"));
        }
    }
    Ok(paths)
}

/// The paths of a group, alternatives of one segment together.
fn inner(alternatives: &[Vec<Node>]) -> Result<Vec<Path>, String> {
    let mut paths = Vec::with_capacity(alternatives.len());
    for alternative in alternatives {
        paths.extend(sequence(alternative)?);
    }
    Ok(merge(paths))
}

fn append_path(mut path: Path, inner: Path, spaced: bool) -> Result<Path, String> {
    if inner.is_blank() {
        return Ok(path);
    }
    let mut segments = inner.segments.into_iter();
    let Some(first) = segments.next() else { return Ok(path) };
    path = path.append(&first.forms, spaced)?;
    path.segments.extend(segments);
    path.pending = inner.pending;
    Ok(path)
}

/// Puts paths that differ only in the forms of their last segment together.
fn merge(paths: Vec<Path>) -> Vec<Path> {
    let mut merged: Vec<Path> = Vec::with_capacity(paths.len());
    for path in paths {
        let n = path.segments.len();
        let twin = merged.iter_mut().find(|other| {
            other.segments.len() == n
                && other.pending == path.pending
                && other.segments[..n - 1] == path.segments[..n - 1]
                && other.segments[n - 1].gap == path.segments[n - 1].gap
                && other.is_blank() == path.is_blank()
        });
        match twin {
            Some(other) => {
                for form in path.segments.into_iter().next_back().into_iter().flat_map(|last| last.forms) {
                    if !other.segments[n - 1].forms.contains(&form) {
                        other.segments[n - 1].forms.push(form);
                    }
                }
            }
            None => merged.push(path),
        }
    }
    merged
}

/// What a word adds to a path: segments with fillers between, and whether fillers may follow.
struct Piece {
    segments: Vec<Vec<Form>>,
    then_fillers: bool,
}

fn append_piece(mut path: Path, piece: &Piece, spaced: bool) -> Result<Path, String> {
    for (i, forms) in piece.segments.iter().enumerate() {
        if i > 0 {
            path.pending = Some(Gap::Fillers);
        }
        path = path.append(forms, spaced)?;
    }
    if piece.then_fillers {
        path.pending = Some(Gap::Fillers);
    }
    Ok(path)
}

fn forms<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Vec<Form> {
    let fold_one = |word: S| Form { folded: fold(word.as_ref()), exact: Vec::new() };
    words.into_iter().map(fold_one).collect()
}

fn pieces(word: &TermWord, previous: Option<&Kind>) -> Result<Vec<Piece>, String> {
    if word.text.len() > MAX_BYTES / 2 {
        return Err(format!("a word is longer than {} bytes", MAX_BYTES / 2));
    }
    let plain = |forms| vec![Piece { segments: vec![forms], then_fillers: false }];
    let lower = word.text.to_lowercase();
    let after = |verb: &str, reflexive: bool| {
        matches!(previous, Some(Kind::Word(p))
            if p.inflect == Some(Inflect::Verb) && p.reflexive == reflexive && p.text == verb)
    };
    Ok(match word.inflect {
        None => {
            let mut literal = forms([&word.text]);
            if word.exact {
                let end = literal[0].folded.text.len();
                literal[0].exact.push(ExactWord { start: 0, end, word: word.text.clone() });
            } else if let Some(stem) = lower.strip_suffix("er").filter(|_| after("faire", true)) {
                // "s'est fait opéré" is written as often as "s'est fait opérer".
                literal.extend(forms(["é", "ée", "és", "ées"].map(|end| format!("{stem}{end}"))));
            }
            plain(literal)
        }
        Some(Inflect::Noun) => plain(forms(inflect::noun(&lower))),
        Some(Inflect::Adj) => {
            let mut all = forms(inflect::adjective(&lower));
            if let Some(stem) = lower.strip_suffix('é').filter(|_| after("être", false)) {
                // "a été hospitaliser": after "être" the infinitive can only be a misspelt participle.
                all.extend(forms([format!("{stem}er")]));
            }
            plain(all)
        }
        Some(Inflect::Verb) if word.reflexive => reflexive(&lower)?,
        Some(Inflect::Verb) => {
            let all = forms(inflect::conjugate(&lower)?.all());
            vec![Piece { segments: vec![all], then_fillers: true }]
        }
    })
}

/// "se blesse", "me blesse"… and "s'est blessé", "me suis blessée"…
fn reflexive(verb: &str) -> Result<Vec<Piece>, String> {
    let conjugation = inflect::conjugate(verb)?;
    let auxiliary = inflect::conjugate("être")?.simple;
    Ok(vec![
        Piece { segments: vec![forms(with_pronoun(&conjugation.simple))], then_fillers: true },
        Piece {
            segments: vec![forms(with_pronoun(&auxiliary)), forms(&conjugation.participles)],
            then_fillers: true,
        },
    ])
}

fn with_pronoun(verbs: &[String]) -> Vec<String> {
    let mut all = Vec::with_capacity(2 * verbs.len());
    for verb in verbs {
        let first = fold(verb).text.chars().next().unwrap_or_default();
        if "aeiouyh".contains(first) {
            all.extend([format!("s'{verb}"), format!("m'{verb}")]);
        }
        if !"aeiouy".contains(first) {
            all.extend([format!("se {verb}"), format!("me {verb}")]);
        }
    }
    all
}

#[cfg(test)]
mod tests;
