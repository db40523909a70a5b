//! Proposals as the files a user's folder of rules holds.

use std::fmt::Write;

use ::toml::Value;

use super::{PhraseProposal, RuleProposal};
use crate::policy::Profile;

/// `allow.toml`: one entry a phrase.
pub fn allow(phrases: &[PhraseProposal]) -> String {
    let mut out = "# Tournures anodines, proposées d’après la revue. À enregistrer comme allow.toml du dossier --rules-dir, \
                   ou à ajouter à celui qui s’y trouve.\n"
        .to_owned();
    for p in phrases {
        let categories: Vec<Value> = p.categories.iter().map(|c| c.id().into()).collect();
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "\n# écartée {} fois\n[[allow]]\nterms = {}\nreason = {}\ncategories = {}\n",
            p.dismissed,
            Value::Array(vec![p.phrase.clone().into()]),
            Value::from(p.reason.clone()),
            Value::Array(categories)
        );
    }
    out
}

/// A profile that leaves rules alone and is otherwise another's.
pub fn policy(id: &str, base: &Profile, rules: &[RuleProposal]) -> String {
    let mut out = format!(
        "# Règles presque toujours écartées en revue. À enregistrer dans policy/ du dossier --rules-dir, puis à nommer avec\n\
         # --profile {id}. « report » au lieu de « allow » les garderait listées sans rien demander.\n\
         id = {}\nlabel = {}\ndescription = {}\nextends = {}\n",
        Value::from(id),
        Value::from(format!("{}, revu", base.label)),
        Value::from(format!(
            "Comme « {} », sans les règles que la revue écarte presque toujours.",
            base.label
        )),
        Value::from(base.id.clone()),
    );
    for p in rules {
        let _ = write!(
            out,
            "\n# écartée {} fois sur {}\n[[rule]]\nrules = {}\n",
            p.dismissed,
            p.dismissed + p.kept,
            Value::Array(vec![p.rule.clone().into()])
        );
        if let Some(field) = &p.field {
            let _ = writeln!(out, "fields = {}", Value::Array(vec![field.clone().into()]));
        }
        out.push_str("action = \"allow\"\n");
    }
    out
}
