//! The frequent forms of a verb in notes: present, imperfect, future, conditional, participles, infinitive.

use super::irregular::{Irregular, lookup};
use super::{adjective, push, stem};

/// A verb's forms, apart by what they combine with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conjugation {
    /// Infinitive, present participle and the finite forms of je, il and ils.
    pub simple: Vec<String>,
    /// Past participle in its four agreements.
    pub participles: Vec<String>,
}

impl Conjugation {
    /// All forms, without repetition.
    pub fn all(self) -> Vec<String> {
        let mut forms = self.simple;
        for participle in self.participles {
            push(&mut forms, participle);
        }
        forms
    }
}

/// The stems every form is made from.
struct Stems {
    present: [String; 3],
    /// Imperfect and present participle before `a` ("mange-ait", "avanç-ait").
    imperfect: String,
    future: String,
    participle: String,
}

/// Conjugates an infinitive; an error if it is not one.
pub fn conjugate(infinitive: &str) -> Result<Conjugation, String> {
    let others;
    let stems = if let Some((row, prefix)) = lookup(infinitive) {
        others = row.others.iter().map(|form| format!("{prefix}{form}")).collect();
        irregular(row, prefix)
    } else {
        others = Vec::new();
        if let Some(stem) = stem(infinitive, "er") {
            first_group(stem)
        } else if let Some(stem) = stem(infinitive, "ir") {
            second_group(stem)
        } else if let Some(stem) = stem(infinitive, "re") {
            third_group(stem)
        } else {
            return Err(format!("`{infinitive}` is not an infinitive"));
        }
    };
    let mut simple = vec![infinitive.to_owned()];
    for form in stems.present.into_iter().chain(others) {
        push(&mut simple, form);
    }
    for ending in ["ais", "ait", "aient", "ant"] {
        push(&mut simple, format!("{}{ending}", stems.imperfect));
    }
    for ending in ["ai", "a", "ont", "ais", "ait"] {
        push(&mut simple, format!("{}{ending}", stems.future));
    }
    Ok(Conjugation { simple, participles: participles(&stems.participle) })
}

fn participles(masculine: &str) -> Vec<String> {
    match masculine {
        "dû" => ["dû", "due", "dus", "dues"].map(str::to_owned).to_vec(),
        // "eu" and "été" are the auxiliaries' own: their other agreements never meet.
        "eu" | "été" => vec![masculine.to_owned()],
        _ => adjective(masculine),
    }
}

fn irregular(row: &Irregular, prefix: &str) -> Stems {
    let join = |stem: &str| format!("{prefix}{stem}");
    Stems {
        present: row.present.map(join),
        imperfect: join(row.imperfect),
        future: join(row.future),
        participle: join(row.participle),
    }
}

fn first_group(stem: &str) -> Stems {
    // The stem before a silent e: "appelle", "achète", "espère", "emploie".
    let mute = mute(stem);
    let before_a = match stem.as_bytes().last() {
        Some(b'g') => format!("{stem}e"),
        Some(b'c') => format!("{}ç", &stem[..stem.len() - 1]),
        _ => stem.to_owned(),
    };
    // "espérera" keeps its é in the traditional spelling; the folded match is the same.
    Stems {
        present: [format!("{mute}e"), format!("{mute}e"), format!("{mute}ent")],
        imperfect: before_a,
        future: format!("{mute}er"),
        participle: format!("{stem}é"),
    }
}

/// Verbs in `-eler` and `-eter` that double their consonant instead of taking a grave accent.
const DOUBLING: [&str; 7] = ["appel", "rappel", "jet", "rejet", "projet", "chancel", "feuillet"];

fn mute(stem: &str) -> String {
    if let Some(base) = stem.strip_suffix('y').filter(|base| base.ends_with(['o', 'u', 'a'])) {
        return format!("{base}i");
    }
    if DOUBLING.contains(&stem) {
        return format!("{stem}{}", &stem[stem.len() - 1..]);
    }
    let mut letters: Vec<char> = stem.chars().collect();
    let n = letters.len();
    let consonant = |c: char| c.is_alphabetic() && !"aeiouyéèêàâîïôûù".contains(c);
    // "achet", "lev", "pes", "espér", "sèch": one consonant after the e or é.
    if n >= 2 && consonant(letters[n - 1]) && matches!(letters[n - 2], 'e' | 'é') {
        letters[n - 2] = 'è';
    }
    letters.into_iter().collect()
}

fn second_group(stem: &str) -> Stems {
    Stems {
        present: [format!("{stem}is"), format!("{stem}it"), format!("{stem}issent")],
        imperfect: format!("{stem}iss"),
        future: format!("{stem}ir"),
        participle: format!("{stem}i"),
    }
}

fn third_group(stem: &str) -> Stems {
    let third = if stem.ends_with(['d', 't', 'c']) { stem.to_owned() } else { format!("{stem}t") };
    Stems {
        present: [format!("{stem}s"), third, format!("{stem}ent")],
        imperfect: stem.to_owned(),
        future: format!("{stem}r"),
        participle: format!("{stem}u"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_and_the_irregular() {
        for (infinitive, expected) in [
            ("souffrir", &["souffre", "souffrent", "souffrait", "souffrira", "souffrant", "souffert"][..]),
            ("consommer", &["consomme", "consommaient", "consommera", "consommé", "consommées"]),
            ("manger", &["mange", "mangeait", "mangeant"]),
            ("annoncer", &["annonçait", "annonce"]),
            ("appeler", &["appelle", "appelait", "appellera"]),
            ("acheter", &["achète", "achetait", "achètera"]),
            ("espérer", &["espère", "espérait", "espéré"]),
            ("employer", &["emploie", "employait", "emploiera"]),
            ("vomir", &["vomit", "vomissait", "vomi", "vomissent"]),
            ("perdre", &["perd", "perdent", "perdait", "perdra", "perdu", "perdue"]),
            ("être", &["est", "suis", "était", "étais", "sera", "étant", "été", "serait", "soit"]),
            ("avoir", &["a", "ai", "ont", "avait", "aura", "ayant", "eu"]),
            ("devenir", &["devient", "deviendra", "devenue"]),
            ("obtenir", &["obtient", "obtenu"]),
            ("apprendre", &["apprend", "apprennent", "appris", "apprise"]),
            ("connaître", &["connaît", "connaissait", "connu"]),
            ("décrire", &["décrit", "décrivait"]),
            ("recevoir", &["reçoit", "recevait", "reçu", "recevra"]),
            ("rejoindre", &["rejoint", "rejoignait"]),
            ("offrir", &["offre", "offert", "offrira"]),
            ("naître", &["né", "née", "naît"]),
            ("mourir", &["meurt", "mort", "morte", "mourra"]),
            ("vivre", &["vit", "vivait", "vécu"]),
            ("conduire", &["conduit", "conduisait"]),
            ("devoir", &["doit", "dû", "due"]),
            ("faire", &["fait", "faisait", "fera", "faite"]),
            ("avertir", &["avertit", "avertissait"]),
            ("suivre", &["suit", "suivie"]),
        ] {
            let forms = conjugate(infinitive).unwrap().all();
            for form in expected {
                assert!(forms.iter().any(|f| f == form), "{infinitive}: no {form} in {forms:?}");
            }
        }
    }

    #[test]
    fn a_word_that_is_no_infinitive_is_refused() {
        assert!(conjugate("diabète").is_err());
    }

    #[test]
    fn no_form_twice() {
        let forms = conjugate("mettre").unwrap().all();
        let mut once = forms.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), forms.len());
    }
}
