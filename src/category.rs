//! The 14 categories of the taxonomy: the one list that lexicons, classifier, policy, API and data sets share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a finding is about. The order is that of the taxonomy and of the classifier's outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Category {
    Health,
    EthnicOrigin,
    PoliticalOpinion,
    ReligionBelief,
    TradeUnion,
    SexLife,
    Genetic,
    Biometric,
    Offence,
    Nir,
    Socioeconomic,
    PrivateLife,
    Judgement,
    Identifier,
}

/// One row of the taxonomy.
struct Row {
    id: &'static str,
    label: &'static str,
    /// Stands for the removed words in a redacted note, between square brackets.
    placeholder: &'static str,
    legal_basis: &'static str,
    special: bool,
    subcategories: &'static [&'static str],
}

const ROWS: [Row; Category::COUNT] = [
    Row {
        id: "health",
        label: "Santé",
        placeholder: "santé",
        legal_basis: "RGPD art. 9(1), 4(15)",
        special: true,
        subcategories: &[
            "illness",
            "mental_health",
            "disability",
            "treatment",
            "pregnancy",
            "addiction",
            "sick_leave",
            "other",
        ],
    },
    Row {
        id: "ethnic_origin",
        label: "Origine raciale ou ethnique",
        placeholder: "origine",
        legal_basis: "RGPD art. 9(1)",
        special: true,
        subcategories: &["origin", "appearance", "community"],
    },
    Row {
        id: "political_opinion",
        label: "Opinion politique",
        placeholder: "opinion politique",
        legal_basis: "RGPD art. 9(1)",
        special: true,
        subcategories: &["party", "vote", "activism"],
    },
    Row {
        id: "religion_belief",
        label: "Convictions religieuses ou philosophiques",
        placeholder: "conviction",
        legal_basis: "RGPD art. 9(1)",
        special: true,
        subcategories: &["faith", "practice", "belief"],
    },
    Row {
        id: "trade_union",
        label: "Appartenance syndicale",
        placeholder: "appartenance syndicale",
        legal_basis: "RGPD art. 9(1)",
        special: true,
        subcategories: &["membership", "office"],
    },
    Row {
        id: "sex_life",
        label: "Vie ou orientation sexuelle",
        placeholder: "vie intime",
        legal_basis: "RGPD art. 9(1)",
        special: true,
        subcategories: &["orientation", "gender_identity", "sex_life"],
    },
    Row {
        id: "genetic",
        label: "Donnée génétique",
        placeholder: "donnée génétique",
        legal_basis: "RGPD art. 9(1), 4(13)",
        special: true,
        subcategories: &[],
    },
    Row {
        id: "biometric",
        label: "Donnée biométrique",
        placeholder: "donnée biométrique",
        legal_basis: "RGPD art. 9(1), 4(14)",
        special: true,
        subcategories: &[],
    },
    Row {
        id: "offence",
        label: "Infractions et condamnations",
        placeholder: "infraction",
        legal_basis: "RGPD art. 10",
        special: false,
        subcategories: &[],
    },
    Row {
        id: "nir",
        label: "NIR (n° de sécurité sociale)",
        placeholder: "NIR",
        legal_basis: "RGPD art. 87 ; loi Informatique et Libertés art. 30",
        special: false,
        subcategories: &[],
    },
    Row {
        id: "socioeconomic",
        label: "Situation financière ou sociale",
        placeholder: "situation sociale",
        legal_basis: "RGPD art. 5(1)(c)",
        special: false,
        subcategories: &["debt", "benefits", "income", "guardianship", "housing"],
    },
    Row {
        id: "private_life",
        label: "Vie privée et familiale",
        placeholder: "vie privée",
        legal_basis: "RGPD art. 5(1)(c)",
        special: false,
        subcategories: &["family", "bereavement", "violence", "household", "nationality"],
    },
    Row {
        id: "judgement",
        label: "Jugement de valeur, propos excessif",
        placeholder: "propos retiré",
        legal_basis: "RGPD art. 5(1)(c), 5(1)(a)",
        special: false,
        subcategories: &["insult", "contempt", "appearance", "character", "exclusion"],
    },
    Row {
        id: "identifier",
        label: "Identifiant hors champ",
        placeholder: "identifiant",
        legal_basis: "RGPD art. 5(1)(c), 32",
        special: false,
        subcategories: &[
            "phone",
            "email",
            "address",
            "birth_date",
            "iban",
            "payment_card",
            "identity_document",
            "tax_number",
            "vehicle_plate",
            "credential",
            "access_code",
        ],
    },
];

impl Category {
    /// How many categories there are; the length of the classifier's outputs.
    pub const COUNT: usize = 14;

    /// Every category, in the order of the taxonomy.
    pub const ALL: [Category; Category::COUNT] = [
        Category::Health,
        Category::EthnicOrigin,
        Category::PoliticalOpinion,
        Category::ReligionBelief,
        Category::TradeUnion,
        Category::SexLife,
        Category::Genetic,
        Category::Biometric,
        Category::Offence,
        Category::Nir,
        Category::Socioeconomic,
        Category::PrivateLife,
        Category::Judgement,
        Category::Identifier,
    ];

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The stable id used in data files and in the API.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// The French name shown to people.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// What a redacted note shows, without its square brackets.
    pub fn placeholder(self) -> &'static str {
        self.row().placeholder
    }

    /// The article that forbids or restricts keeping this in a comment.
    pub fn legal_basis(self) -> &'static str {
        self.row().legal_basis
    }

    /// Whether this is a special category in the sense of GDPR article 9(1).
    pub fn is_special(self) -> bool {
        self.row().special
    }

    /// The subcategories a rule may name; empty where the taxonomy has none.
    pub fn subcategories(self) -> &'static [&'static str] {
        self.row().subcategories
    }

    /// The static copy of a subcategory's name, if it is one of this category's.
    pub fn subcategory(self, name: &str) -> Option<&'static str> {
        self.subcategories().iter().copied().find(|s| *s == name)
    }

    /// Position in [`Category::ALL`] and in the classifier's outputs.
    pub fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The text is not one of the 14 ids.
#[derive(Debug, thiserror::Error)]
#[error("unknown category `{0}`; expected one of {list}", list = Category::ALL.map(Category::id).join(", "))]
pub struct UnknownCategory(pub String);

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Category::ALL.into_iter().find(|c| c.id() == s).ok_or_else(|| UnknownCategory(s.to_owned()))
    }
}

impl Serialize for Category {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = std::borrow::Cow::<str>::deserialize(deserializer)?;
        id.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_the_enum() {
        for (i, c) in Category::ALL.into_iter().enumerate() {
            assert_eq!(c.index(), i);
            assert_eq!(c.id().parse::<Category>().unwrap(), c);
        }
    }

    #[test]
    fn the_first_eight_are_special() {
        assert!(Category::ALL[..8].iter().all(|c| c.is_special()));
        assert!(Category::ALL[8..].iter().all(|c| !c.is_special()));
    }

    #[test]
    fn an_unknown_id_names_the_known_ones() {
        let error = "santé".parse::<Category>().unwrap_err().to_string();
        assert!(error.contains("santé") && error.contains("health"), "{error}");
    }
}
