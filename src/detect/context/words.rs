//! The folded words the checks look for, by what they are.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a word is to the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Civility,
    Street,
    MaybeStreet,
    Link,
    Organisation,
    OrganisationLink,
    Member,
    Media,
}

/// Everything that a word is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Roles(u8);

impl Roles {
    /// Looks a folded word up, once for all roles.
    pub fn of(word: &str) -> Self {
        static ALL: LazyLock<FxHashMap<&str, Roles>> = LazyLock::new(|| {
            let mut all: FxHashMap<&str, Roles> = FxHashMap::default();
            for (role, words) in LISTS {
                words.iter().for_each(|word| all.entry(word).or_default().0 |= 1 << role as u8);
            }
            all
        });
        ALL.get(word).copied().unwrap_or_default()
    }

    /// Whether the word is this.
    pub fn has(self, role: Role) -> bool {
        self.0 & 1 << role as u8 != 0
    }
}

const LISTS: [(Role, &[&str]); 8] = [
    (Role::Civility, CIVILITIES),
    (Role::Street, STREETS),
    (Role::MaybeStreet, MAYBE_STREETS),
    (Role::Link, LINKS),
    (Role::Organisation, ORGANISATIONS),
    (Role::OrganisationLink, ORGANISATION_LINKS),
    (Role::Member, MEMBERS),
    (Role::Media, MEDIA),
];

/// Titles after which a capitalised word is a surname.
const CIVILITIES: &[&str] = &[
    "m",
    "mr",
    "monsieur",
    "mme",
    "mm",
    "mmes",
    "madame",
    "mlle",
    "mademoiselle",
    "me",
    "maitre",
    "dr",
    "docteur",
    "pr",
    "professeur",
    "famille",
    "epoux",
    "epouse",
    "veuve",
    "consorts",
    "mrs",
    "melle",
    "nee",
    "nom",
];

/// First words of an address. The second list also means other things and asks for a capital or a number.
const STREETS: &[&str] = &[
    "rue",
    "avenue",
    "av",
    "ave",
    "boulevard",
    "bd",
    "bld",
    "bvd",
    "quai",
    "impasse",
    "imp",
    "chemin",
    "allee",
    "allees",
    "ruelle",
    "faubourg",
    "fbg",
    "lotissement",
    "esplanade",
    "venelle",
    "rocade",
];
const MAYBE_STREETS: &[&str] = &[
    "place",
    "pl",
    "cours",
    "passage",
    "cite",
    "residence",
    "route",
    "rte",
    "villa",
    "hameau",
    "parc",
    "square",
    "rond-point",
    "pont",
    "porte",
    "quartier",
    "metro",
    "arret",
    "station",
    "gare",
    "domaine",
    "clos",
    "mail",
];

/// Words that may stand inside the name of a street or of an organisation.
const LINKS: &[&str] = &[
    "de",
    "du",
    "des",
    "d",
    "la",
    "le",
    "les",
    "l",
    "a",
    "au",
    "aux",
    "et",
    "en",
    "saint",
    "sainte",
    "st",
    "ste",
    "general",
    "gal",
    "marechal",
    "president",
    "docteur",
    "capitaine",
    "colonel",
    "commandant",
    "abbe",
    "pere",
    "vieux",
    "vieille",
    "grand",
    "grande",
    "petit",
    "petite",
    "ancien",
    "ancienne",
    "contre",
    "pour",
];

/// First words of an organisation's name.
const ORGANISATIONS: &[&str] = &[
    "association",
    "asso",
    "assoc",
    "federation",
    "ligue",
    "fondation",
    "institut",
    "comite",
    "collectif",
    "amicale",
    "mutuelle",
    "societe",
    "ste",
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "mairie",
    "ministere",
    "observatoire",
    "agence",
    "conseil",
    "ong",
    "confederation",
    "musee",
    "laboratoire",
    "librairie",
    "editions",
    "boucherie",
    "restaurant",
    "fonds",
];

/// Adjectives of an organisation's name.
const ORGANISATION_LINKS: &[&str] = &[
    "nationale",
    "national",
    "francaise",
    "francais",
    "departementale",
    "departemental",
    "regionale",
    "regional",
    "internationale",
    "locale",
    "generale",
    "francophone",
    "sportive",
    "culturelle",
    "recherche",
    "lutte",
];

/// Somebody who belongs to the organisation: its name then says something about them.
const MEMBERS: &[&str] = &[
    "membre",
    "adherent",
    "adherente",
    "president",
    "presidente",
    "benevole",
    "milite",
    "militant",
    "militante",
    "delegue",
    "deleguee",
    "secretaire",
    "tresorier",
    "tresoriere",
    "fidele",
    "inscrit",
    "inscrite",
    "suivi",
    "suivie",
    "aide",
    "aidee",
    "beneficiaire",
    "frequente",
];

/// What a quotation may be the title of.
const MEDIA: &[&str] = &[
    "livre",
    "livres",
    "ouvrage",
    "roman",
    "film",
    "films",
    "article",
    "articles",
    "magazine",
    "revue",
    "journal",
    "emission",
    "documentaire",
    "titre",
    "intitule",
    "intitulee",
    "titree",
    "conference",
    "brochure",
    "depliant",
    "spectacle",
    "piece",
    "exposition",
    "expo",
    "album",
    "chanson",
    "podcast",
    "campagne",
    "atelier",
    "formation",
    "colloque",
    "rayon",
    "collection",
    "dvd",
    "bd",
    "affiche",
    "guide",
    "manuel",
    "dossier",
    "newsletter",
    "plaquette",
    "these",
    "memoire",
    "reference",
    "produit",
    "modele",
    "gamme",
];
