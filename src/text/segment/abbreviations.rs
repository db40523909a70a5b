//! Full stops that end no sentence.

/// Titles and address words: what follows is a name, capital or not.
const BEFORE_NAME: &[&str] = &[
    "al", "all", "appt", "apt", "av", "ave", "bat", "bd", "bld", "blvd", "ch", "chem", "cf", "cie", "dr",
    "ets", "ex", "fbg", "imp", "lot", "m", "me", "mgr", "mlle", "mm", "mme", "mmes", "mr", "mrs", "no",
    "num", "pl", "pr", "prof", "qu", "ref", "res", "resid", "rte", "sq", "st", "ste", "sté", "tel", "vve",
];

/// Trade abbreviations: they end a sentence only when a capital follows.
const TRADE: &[&str] = &[
    "adr", "approx", "art", "bcp", "chap", "cli", "cial", "comm", "cde", "cdes", "dec", "dem", "dep", "dept",
    "dest", "dim", "dir", "dispo", "env", "esc", "etc", "ext", "fact", "fax", "fev", "fevr", "fourn", "hab",
    "int", "interv", "janv", "jeu", "juil", "liv", "livr", "lun", "mail", "mar", "max", "mens", "mer", "min",
    "mob", "mr", "nbre", "nov", "oct", "op", "pb", "perso", "port", "pp", "prec", "prev", "qte", "rdc",
    "rdv", "resp", "rev", "sam", "sept", "suiv", "suppl", "svp", "stp", "tt", "ttc", "ven", "vol",
];

/// Whether the full stop after `word` (plain view) ends a sentence, `capital` telling whether a capital follows.
pub fn ends_sentence(word: &str, capital: bool) -> bool {
    let initial = word.len() <= 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    if initial || BEFORE_NAME.contains(&word) {
        return false;
    }
    capital || !TRADE.contains(&word)
}
