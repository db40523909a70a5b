//! From the model's logits to probabilities that mean what they say.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::category::Category;

/// Probabilities of the 14 categories, in the order of [`Category::ALL`], each in 0..=1.
pub type Probabilities = [f32; Category::COUNT];

/// Platt scaling (J. Platt, 1999) of one category's logit: `p = 1 / (1 + exp(-(logit / temperature + bias)))`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Platt {
    temperature: f32,
    bias: f32,
}

impl Default for Platt {
    fn default() -> Self {
        Self { temperature: 1.0, bias: 0.0 }
    }
}

/// `calibration.toml`: `[token.health]`, `[note.health]`… fitted on the development part. A category that is not
/// listed keeps the model's own probability.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "File")]
pub struct Calibration {
    token: [Platt; Category::COUNT],
    note: [Platt; Category::COUNT],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    token: BTreeMap<Category, Platt>,
    #[serde(default)]
    note: BTreeMap<Category, Platt>,
}

impl From<File> for Calibration {
    fn from(file: File) -> Self {
        let table = |by_id: BTreeMap<Category, Platt>| {
            Category::ALL.map(|c| by_id.get(&c).copied().unwrap_or_default())
        };
        Self { token: table(file.token), note: table(file.note) }
    }
}

impl Calibration {
    /// Probabilities of one token.
    pub fn token(&self, logits: &Probabilities) -> Probabilities {
        apply(&self.token, logits)
    }

    /// Probabilities of a window.
    pub fn note(&self, logits: &Probabilities) -> Probabilities {
        apply(&self.note, logits)
    }
}

fn apply(table: &[Platt; Category::COUNT], logits: &Probabilities) -> Probabilities {
    std::array::from_fn(|i| {
        let z = logits[i] / table[i].temperature + table[i].bias;
        1.0 / (1.0 + (-z).exp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platt_scaling_by_hand() {
        let file = "[token.health]\ntemperature = 2.0\nbias = -1.0\n";
        let calibration: Calibration = toml::from_str(file).unwrap();
        let p = calibration.token(&[4.0; Category::COUNT]);
        assert!((p[0] - 0.7310586).abs() < 1e-6, "sigmoid(4 / 2 - 1)");
        assert!((p[1] - 0.9820138).abs() < 1e-6, "sigmoid(4)");
    }

    #[test]
    fn an_unknown_category_is_refused() {
        assert!(toml::from_str::<Calibration>("[token.sante]\ntemperature = 1.0\nbias = 0.0\n").is_err());
    }
}
