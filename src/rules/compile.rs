//! From files to a [`RuleSet`]; every problem is collected, not only the first.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::builder::Builder;
use super::error::{Problem, RuleError};
use super::expand::{Chain, expand};
use super::fold::fold;
use super::fuzzy::{Fuzzy, MIN_SOUND_LETTERS};
use super::groups::Groups;
use super::matcher::Owner;
use super::schema::{AllowEntry, Cue, Entry};
use super::source::{Located, Sources};
use super::term::{Inflect, parse};
use super::{Allow, Rule, RuleSet};
use crate::category::Category;

/// Longest chain of cues that include one another.
const MAX_INCLUDES: usize = 5;

struct Compiler {
    builder: Builder,
    problems: Vec<Problem>,
    /// Cue name or literal → index.
    cue_ids: FxHashMap<String, u32>,
    cues: Vec<Arc<str>>,
    fuzzy: Vec<(Box<str>, u32)>,
    groups: Groups,
}

/// Compiles everything read.
pub fn compile(mut sources: Sources) -> Result<RuleSet, RuleError> {
    let version = sources.version();
    let mut compiler = Compiler {
        builder: Builder::with_capacity(16 * sources.entries.len() + 4096),
        problems: Vec::new(),
        cue_ids: FxHashMap::default(),
        cues: Vec::new(),
        fuzzy: Vec::new(),
        groups: Groups::default(),
    };
    let groups = compiler.override_by_name(
        std::mem::take(&mut sources.groups),
        sources.embedded.groups,
        |group| group.name.clone(),
        |group| format!("{{{}}}", group.name),
    );
    for group in &groups {
        if let Err(message) = compiler.groups.add(&group.value.name, &group.value.terms) {
            compiler.problem(group, &format!("{{{}}}", group.value.name), message);
        }
    }
    for filler in &sources.fillers {
        compiler.builder.add_filler(&fold(filler).text);
    }
    compiler.words("[common]", &sources.common);
    let cues = compiler.override_by_name(
        std::mem::take(&mut sources.cues),
        sources.embedded.cues,
        |cue| cue.name.clone(),
        |cue| format!("@{}", cue.name),
    );
    compiler.cues(&cues);
    let mut entries = std::mem::take(&mut sources.entries);
    let categories: Vec<Category> = entries.iter().map(|(category, _)| *category).collect();
    let located = entries.drain(..).zip(categories).map(|((_, entry), category)| Located {
        file: entry.file,
        line: entry.line,
        value: (category, entry.value),
    });
    let entries = compiler.override_by_name(
        located.collect(),
        sources.embedded.entries,
        |(category, entry)| format!("{category}/{}", entry.id),
        |(category, entry)| format!("{category}/{}", entry.id),
    );
    let mut rules = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().filter(|entry| entry.value.1.enabled) {
        let rule = compiler.rule(entry, rules.len() as u32);
        rules.push(rule);
    }
    let allows = sources.allows.into_iter().zip(0..).map(|(allow, i)| compiler.allow(allow, i)).collect();
    if !compiler.problems.is_empty() {
        return Err(RuleError::Invalid(compiler.problems));
    }
    let by_name = rules.iter().zip(0..).map(|(rule, i)| (rule.name.clone(), i)).collect();
    Ok(RuleSet {
        rules,
        cues: compiler.cues,
        allows,
        matcher: compiler.builder.build(),
        fuzzy: Fuzzy::new(compiler.fuzzy),
        names: sources.names.iter().map(|name| fold(name).text.into_boxed_str()).collect(),
        by_name,
        version,
    })
}

impl Compiler {
    fn problem<T>(&mut self, at: &Located<T>, rule: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            file: at.file.clone(),
            line: at.line,
            rule: rule.to_owned(),
            message: message.into(),
        });
    }

    /// Keeps one item a name: the user's where there is one. Two in one layer are a problem.
    fn override_by_name<T>(
        &mut self,
        items: Vec<Located<T>>,
        embedded: usize,
        key: impl Fn(&T) -> String,
        label: impl Fn(&T) -> String,
    ) -> Vec<Located<T>> {
        let mut places: FxHashMap<String, (usize, bool)> = FxHashMap::default();
        let mut kept: Vec<Located<T>> = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            let user = i >= embedded;
            match places.get(&key(&item.value)).copied() {
                Some((at, by_user)) if user && !by_user => {
                    places.insert(key(&item.value), (at, true));
                    kept[at] = item;
                }
                Some((at, _)) => {
                    let first = format!("{}:{}", kept[at].file, kept[at].line);
                    let label = label(&item.value);
                    self.problem(&item, &label, format!("defined twice, first at {first}"));
                }
                None => {
                    places.insert(key(&item.value), (kept.len(), user));
                    kept.push(item);
                }
            }
        }
        kept
    }

    /// Notes the words of a folded text as known.
    fn know(&mut self, folded: &str) {
        folded.split(|c: char| !c.is_alphanumeric()).for_each(|word| self.builder.know(word));
    }

    /// Notes the words of an example as known, save those that look like names.
    fn know_example(&mut self, example: &str) {
        for (i, word) in example.split_whitespace().enumerate() {
            if i == 0 || !word.starts_with(char::is_uppercase) {
                self.know(&fold(word).text);
            }
        }
    }

    /// A list of words of `context.toml`, in the mini-language.
    fn words(&mut self, list: &str, words: &[String]) {
        for word in words {
            match self.chains(word, None) {
                Ok(chains) => {
                    let forms = chains.iter().flatten().flat_map(|segment| &segment.forms);
                    forms.for_each(|form| self.know(&form.folded.text));
                }
                Err(message) => {
                    let at = Located { file: "lexicons/context.toml".into(), line: 0, value: () };
                    self.problem(&at, list, format!("`{word}`: {message}"));
                }
            }
        }
    }

    fn cues(&mut self, cues: &[Located<Cue>]) {
        let by_name: FxHashMap<&str, &Cue> = cues.iter().map(|c| (c.value.name.as_str(), &c.value)).collect();
        for cue in cues {
            let label = format!("@{}", cue.value.name);
            let id = self.cue_id(&label);
            let mut terms = Vec::new();
            if let Err(message) = include(&cue.value, &by_name, 0, &mut terms) {
                self.problem(cue, &label, message);
            }
            for term in terms {
                match self.chains(term, None) {
                    Ok(chains) => self.builder.add(Owner::Cue(id), chains),
                    Err(message) => self.problem(cue, &label, format!("`{term}`: {message}")),
                }
            }
            for phrase in &cue.value.except {
                match self.chains(phrase, None) {
                    Ok(chains) => self.builder.add(Owner::Except(id), chains),
                    Err(message) => self.problem(cue, &label, format!("`{phrase}`: {message}")),
                }
            }
        }
    }

    fn cue_id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.cue_ids.get(name) {
            return *id;
        }
        let id = self.cues.len() as u32;
        self.cue_ids.insert(name.to_owned(), id);
        self.cues.push(name.into());
        id
    }

    /// The cues of a `needs` or `unless` list; a literal becomes a cue of its own, shared by all who use it.
    fn cue_list(&mut self, names: &[String]) -> Result<Box<[u32]>, String> {
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            if let Some(id) = self.cue_ids.get(name.as_str()) {
                ids.push(*id);
                continue;
            }
            if name.starts_with('@') {
                return Err(format!("unknown cue `{name}`"));
            }
            let chains = self.chains(name, None).map_err(|message| format!("`{name}`: {message}"))?;
            let id = self.cue_id(name);
            self.builder.add(Owner::Cue(id), chains);
            ids.push(id);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids.into_boxed_slice())
    }

    fn rule(&mut self, located: Located<(Category, Entry)>, index: u32) -> Rule {
        let (category, entry) = &located.value;
        let name: Arc<str> = format!("{category}/{}", entry.id).into();
        let mut wrong: Vec<String> = Vec::new();
        if entry.id.is_empty()
            || !entry.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            wrong.push("the id must be kebab-case ASCII".into());
        }
        let subcategory = entry.subcategory.as_deref().and_then(|name| category.subcategory(name));
        if let (Some(name), None) = (&entry.subcategory, subcategory) {
            wrong.push(format!(
                "unknown subcategory `{name}`; expected one of {}",
                category.subcategories().join(", ")
            ));
        }
        if entry.terms.is_empty() {
            wrong.push("no terms".into());
        }
        for term in &entry.terms {
            match self.chains(term, entry.inflect) {
                Ok(chains) => {
                    if entry.fuzzy {
                        self.forgive(&chains, index);
                    }
                    self.builder.add(Owner::Rule(index), chains);
                }
                Err(message) => wrong.push(format!("`{term}`: {message}")),
            }
        }
        let mut list = |names: &[String]| self.cue_list(names).map_err(|message| wrong.push(message));
        let needs = list(&entry.needs).unwrap_or_default();
        let unless = list(&entry.unless).unwrap_or_default();
        for example in entry.flag.iter().chain(&entry.pass) {
            self.know_example(example);
        }
        for message in wrong {
            self.problem(&located, &name, message);
        }
        let Located { file, line, value: (category, entry) } = located;
        Rule {
            name,
            category,
            subcategory,
            strength: entry.strength,
            window: entry.window,
            needs,
            unless,
            terms: entry.terms,
            flag: entry.flag,
            pass: entry.pass,
            file,
            line,
        }
    }

    /// Notes the single words of a term, whose misspellings count too.
    fn forgive(&mut self, chains: &[Chain], rule: u32) {
        for chain in chains.iter().filter(|chain| chain.len() == 1) {
            for form in &chain[0].forms {
                let word = form.folded.text.as_str();
                let single = word.len() >= MIN_SOUND_LETTERS && word.bytes().all(|b| b.is_ascii_lowercase());
                if single && form.exact.is_empty() {
                    self.fuzzy.push((word.into(), rule));
                }
            }
        }
    }

    fn allow(&mut self, located: Located<AllowEntry>, index: u32) -> Allow {
        for term in &located.value.terms {
            match self.chains(term, None) {
                Ok(chains) => self.builder.add(Owner::Allow(index), chains),
                Err(message) => self.problem(&located, "allow", format!("`{term}`: {message}")),
            }
        }
        let unless = self.cue_list(&located.value.unless).unwrap_or_else(|message| {
            self.problem(&located, "allow", message);
            Box::default()
        });
        if located.value.reason.trim().is_empty() {
            self.problem(&located, "allow", "an allowed phrase needs its reason");
        }
        Allow { reason: located.value.reason.into(), categories: located.value.categories, unless }
    }

    /// The chains of a term.
    fn chains(&self, term: &str, inflect: Option<Inflect>) -> Result<Vec<Chain>, String> {
        expand(&parse(&self.groups.fill(term)?, inflect)?)
    }
}

/// The terms of a cue and of those it includes.
fn include<'c>(
    cue: &'c Cue,
    all: &FxHashMap<&str, &'c Cue>,
    depth: usize,
    terms: &mut Vec<&'c str>,
) -> Result<(), String> {
    if depth > MAX_INCLUDES {
        return Err("includes itself".into());
    }
    for term in &cue.terms {
        match term.strip_prefix('@') {
            None => terms.push(term),
            Some(name) => {
                let other = all.get(name).ok_or_else(|| format!("unknown cue `@{name}`"))?;
                include(other, all, depth + 1, terms)?;
            }
        }
    }
    Ok(())
}
