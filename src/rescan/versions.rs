//! Versions of everything that decides: findings of two rescans compare only where these agree.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::policy::PolicyError;
use crate::scanner::Scanner;

/// What scanned, as stored with a rescan and said in its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Versions {
    pub engine: String,
    pub model: String,
    pub lexicons: String,
    /// Name of the profile and a digest of its rules: `default@5f0c2e91`.
    pub policy: String,
}

impl Versions {
    /// Those of a scanner with a profile.
    pub fn of(scanner: &Scanner, profile: &str) -> Result<Self, PolicyError> {
        let rules = &scanner.policies().get(profile)?.rules;
        // A profile is plain data with text for keys: nothing in it can fail to become JSON.
        let rules = serde_json::to_vec(rules).unwrap_or_default();
        let digest = hex::encode(&Sha256::digest(&rules)[..4]);
        let versions = scanner.versions();
        Ok(Self {
            engine: versions.engine.to_owned(),
            model: versions.model.clone(),
            lexicons: versions.lexicons.clone(),
            policy: format!("{profile}@{digest}"),
        })
    }

    /// What differs, for a message: `lexicons 1a2b, now 3c4d`. `None` where nothing does.
    pub fn difference(&self, now: &Self) -> Option<String> {
        let pairs = [
            ("engine", &self.engine, &now.engine),
            ("model", &self.model, &now.model),
            ("lexicons", &self.lexicons, &now.lexicons),
            ("policy", &self.policy, &now.policy),
        ];
        let said: Vec<String> = pairs
            .iter()
            .filter(|(_, then, now)| then != now)
            .map(|(name, then, now)| format!("{name} {then}, now {now}"))
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_what_changed_and_nothing_else() {
        let then =
            Versions { engine: "1".into(), model: "none".into(), lexicons: "a".into(), policy: "p@1".into() };
        assert_eq!(then.difference(&then), None);
        let now = Versions { lexicons: "b".into(), policy: "p@2".into(), ..then.clone() };
        assert_eq!(then.difference(&now).unwrap(), "lexicons a, now b; policy p@1, now p@2");
    }
}
