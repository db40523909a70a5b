//! From the model's logits to probabilities that mean what they say.

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
    /// Where the model alone would draw the line; fusion and policy decide instead.
    #[serde(rename = "threshold")]
    _threshold: f32,
}

/// `calibration.toml`, fitted on the development part by `models/training/calibrate.py`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "File")]
pub struct Calibration {
    token: [Platt; Category::COUNT],
    note: [Platt; Category::COUNT],
    /// Longest window the model was trained on, its two special tokens included.
    pub max_tokens: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    max_tokens: usize,
    category: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Category,
    token: Platt,
    note: Platt,
}

impl TryFrom<File> for Calibration {
    type Error = String;

    fn try_from(file: File) -> Result<Self, String> {
        if file.format != 1 {
            return Err(format!("calibration format {} is not known", file.format));
        }
        if file.max_tokens < 16 {
            return Err(format!("max_tokens is {}; a window needs 16 at least", file.max_tokens));
        }
        let ids: Vec<Category> = file.category.iter().map(|row| row.id).collect();
        if ids != Category::ALL {
            return Err("the categories are not the 14, in order".to_owned());
        }
        Ok(Self {
            token: std::array::from_fn(|i| file.category[i].token),
            note: std::array::from_fn(|i| file.category[i].note),
            max_tokens: file.max_tokens,
        })
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

    fn file(ids: impl Iterator<Item = &'static str>) -> String {
        let rows = ids.map(|id| {
            format!(
                "[[category]]\nid = \"{id}\"\n\
                 token = {{ temperature = 2.0, bias = -1.0, threshold = 0.5 }}\n\
                 note = {{ temperature = 1.0, bias = 0.0, threshold = 0.5 }}\n"
            )
        });
        format!("format = 1\nmax_tokens = 160\n{}", rows.collect::<String>())
    }

    #[test]
    fn platt_scaling_by_hand() {
        let calibration: Calibration = toml::from_str(&file(Category::ALL.iter().map(|c| c.id()))).unwrap();
        let p = calibration.token(&[4.0; Category::COUNT]);
        assert!((p[0] - 0.731_058_6).abs() < 1e-6, "sigmoid(4 / 2 - 1)");
        let p = calibration.note(&[4.0; Category::COUNT]);
        assert!((p[1] - 0.982_013_8).abs() < 1e-6, "sigmoid(4)");
    }

    #[test]
    fn categories_out_of_order_are_refused() {
        assert!(toml::from_str::<Calibration>(&file(Category::ALL.iter().rev().map(|c| c.id()))).is_err());
    }
}
