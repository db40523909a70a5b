//! Named lists of words that terms share: `son {mari}` reads as `son (mari|époux|…)`.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::term;

/// Every group by its name, written out as a group of the mini-language.
#[derive(Debug, Default)]
pub struct Groups {
    alternatives: FxHashMap<String, String>,
}

impl Groups {
    /// Adds a group. Its terms are of the mini-language and hold no other group, so that none can hold itself.
    ///
    /// # Errors
    ///
    /// What is wrong with its name or its terms.
    pub fn add(&mut self, name: &str, terms: &[String]) -> Result<(), String> {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
            return Err("the name must be kebab-case ASCII".into());
        }
        for term in terms {
            if term.contains(['{', '}']) {
                return Err(format!("`{term}`: a group cannot hold another"));
            }
            term::parse(term, None).map_err(|message| format!("`{term}`: {message}"))?;
        }
        if terms.is_empty() {
            return Err("no terms".into());
        }
        self.alternatives.insert(name.to_owned(), format!("({})", terms.join("|")));
        Ok(())
    }

    /// A term with its groups written out.
    ///
    /// # Errors
    ///
    /// An unknown group, or a brace without its fellow.
    pub fn fill<'t>(&self, term: &'t str) -> Result<Cow<'t, str>, String> {
        if !term.contains(['{', '}']) {
            return Ok(term.into());
        }
        let mut filled = String::new();
        let mut rest = term;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a group opened by `{` is not closed by `}`")?;
            let group = self.alternatives.get(name).ok_or_else(|| format!("unknown group `{{{name}}}`"))?;
            filled.extend([before, group]);
            rest = after;
        }
        filled.push_str(rest);
        if filled.contains('}') { Err("`}` outside a group".into()) } else { Ok(filled.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Groups {
        let mut groups = Groups::default();
        groups.add("wife", &["femme".into(), "petite amie".into()]).unwrap();
        groups
    }

    #[test]
    fn a_group_is_written_out_wherever_it_is_named() {
        let groups = groups();
        assert_eq!(groups.fill("sa {wife}").unwrap(), "sa (femme|petite amie)");
        assert_eq!(
            groups.fill("({wife}|amie) ou {wife}").unwrap(),
            "((femme|petite amie)|amie) ou (femme|petite amie)"
        );
        assert!(matches!(groups.fill("sa femme").unwrap(), Cow::Borrowed("sa femme")));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let mut groups = groups();
        for (term, says) in
            [("sa {wive}", "unknown group"), ("sa {wife", "not closed"), ("sa wife}", "outside")]
        {
            let error = groups.fill(term).unwrap_err();
            assert!(error.contains(says), "{term}: {error}");
        }
        for (name, term, says) in [
            ("Épouse", "femme", "kebab"),
            ("spouse", "{wife}", "another"),
            ("spouse", "(femme", "not closed"),
        ] {
            let error = groups.add(name, &[term.into()]).unwrap_err();
            assert!(error.contains(says), "{name}: {error}");
        }
        assert!(groups.add("nobody", &[]).is_err());
    }
}
