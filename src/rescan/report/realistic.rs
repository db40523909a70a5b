//! A store as a rescan of a middling company's CRM leaves it: invented, seeded, the same at every run.

use serde_json::json;

use crate::category::Category;
use crate::policy::Action;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::store::fixture::{Fixture, Found};
use crate::store::rescans::RescanRow;
use crate::store::reviews;

/// What is found: its share among all, the rules that find it, an invented note with the words found between bars.
type Kind = (Category, Option<&'static str>, Action, u64, [&'static str; 3], &'static str);

const KINDS: [Kind; 10] = [
    (
        Category::Health,
        Some("illness"),
        Action::Block,
        26,
        ["health/diabete", "health/cancer-personne", "classifier"],
        "Client |diabétique|, demande livraison le matin uniquement",
    ),
    (
        Category::Health,
        Some("sick_leave"),
        Action::Block,
        9,
        ["health/arret-maladie", "classifier", "health/hospitalisation"],
        "En |arrêt maladie| jusqu’à la fin du mois, rappeler ensuite",
    ),
    (
        Category::Judgement,
        Some("contempt"),
        Action::Block,
        14,
        ["judgement/penible", "judgement/insulte", "classifier"],
        "Cliente |hystérique| au téléphone, ne plus rappeler",
    ),
    (
        Category::Socioeconomic,
        Some("debt"),
        Action::Warn,
        18,
        ["socioeconomic/surendettement", "socioeconomic/huissier", "classifier"],
        "Dossier de |surendettement| déposé, échéancier refusé",
    ),
    (
        Category::PrivateLife,
        Some("family"),
        Action::Warn,
        21,
        ["private_life/divorce", "classifier", "private_life/deces"],
        "En plein |divorce|, c’est monsieur qui garde le contrat",
    ),
    (
        Category::Identifier,
        Some("phone"),
        Action::Warn,
        30,
        ["identifier/phone-fr", "identifier/phone-fr", "identifier/email"],
        "Joindre au |zéro six|, pas avant midi",
    ),
    (
        Category::Identifier,
        Some("iban"),
        Action::Block,
        4,
        ["identifier/iban", "identifier/iban", "identifier/iban"],
        "Nouvel |IBAN| reçu par téléphone",
    ),
    (
        Category::ReligionBelief,
        Some("practice"),
        Action::Block,
        3,
        ["religion_belief/ramadan", "religion_belief/messe", "classifier"],
        "Absent pendant le |ramadan|, décaler le rendez-vous",
    ),
    (
        Category::TradeUnion,
        Some("office"),
        Action::Block,
        2,
        ["trade_union/delegue", "classifier", "trade_union/cgt"],
        "|Délégué syndical|, négocie pour ses collègues",
    ),
    (
        Category::Nir,
        None,
        Action::Block,
        1,
        ["nir/cle", "nir/cle", "nir/cle"],
        "N° de sécu |communiqué| pour la mutuelle",
    ),
];

const TEAMS: [&str; 7] = [
    "Agence Lille",
    "Agence Nantes",
    "Agence Toulouse",
    "Recouvrement",
    "SAV téléphone",
    "Grands comptes",
    "Boutique en ligne & retours",
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Two rescans of the same three sources, the second signed and reviewed in part; `whole` says whether it read everything.
pub fn realistic(fixture: &Fixture, whole: bool) -> RescanRow {
    let spec = json!({"name": "CRM Vendéenne de Distribution", "excerpts": true});
    let before = fixture.rescan(spec.clone());
    fill(fixture, &before, 900, whole, 0);
    let before = fixture.end(&before, "done", 61_000);
    let row = fixture.rescan(spec);
    assert!(row.no > before.no);
    let prints = fill(fixture, &row, 1200, whole, 60);
    review(fixture, &prints);
    fixture.end(&row, if whole { "done" } else { "partial" }, 74_000)
}

fn fill(
    fixture: &Fixture,
    row: &RescanRow,
    findings: u64,
    whole: bool,
    skip: u64,
) -> Vec<(Fingerprint, u64)> {
    let units = [
        (fixture.unit(row.no, "public.llx_actioncomm", &["note"], 84_312), "note"),
        (
            fixture.unit(row.no, "public.llx_societe", &["note_private", "note_public"], 12_480),
            "note_private",
        ),
        (fixture.unit(row.no, "tickets-2023.csv", &["Commentaire"], 30_211), "Commentaire"),
    ];
    let connection = fixture.connection();
    connection
        .execute_batch(&format!(
            "UPDATE unit SET source = '/exports/crm', expected_rows = NULL WHERE id = {0};
             UPDATE coverage SET scanned = scanned - seen / 9, empty = seen / 9 WHERE unit IN ({0}, {1}, {2});",
            units[2].0, units[0].0, units[1].0
        ))
        .unwrap();
    if !whole {
        connection
            .execute_batch(&format!(
                "UPDATE unit SET expected_rows = expected_rows + 31007, done = 0, problem = 'the server closed the connection: \
                 terminating connection due to administrator command; resume the rescan once it is back' WHERE id = {}",
                units[0].0
            ))
            .unwrap();
        for (key, column, reason) in [
            ("1187", Some("Commentaire"), "the cell has 52 428 800 bytes, more than the limit of 100000"),
            ("20441", None, "line 20447 has 7 fields, the header has 12"),
            ("29007", Some("Commentaire"), "byte 0x81 is no character of Windows-1252"),
        ] {
            fixture.unreadable(units[2].0, key, column, reason);
        }
    }
    let step = connection.unchecked_transaction().unwrap();
    let mut dice = Dice(7);
    let all: u64 = KINDS.iter().map(|k| k.3).sum();
    let mut prints = Vec::new();
    for n in 0..findings {
        let mut pick = dice.below(all);
        let mut kind = 0;
        while pick >= KINDS[kind].3 {
            pick -= KINDS[kind].3;
            kind += 1;
        }
        let (category, subcategory, action, _, rules, text) = KINDS[kind];
        let (unit, column) = units[[0, 0, 0, 1, 2][dice.below(5) as usize]];
        let words = text.split('|').nth(1).unwrap();
        let text = text.replace('|', "");
        let number = 1 + dice.below(46) * dice.below(46) / 46;
        let month = format!("{}-{:02}", 2023 + number / 12, 1 + number % 12);
        let key = (n * 37 % 84_000).to_string();
        let team = (unit != units[2].0).then(|| TEAMS[(dice.below(7) * dice.below(7) / 7) as usize]);
        let action = if dice.below(9) == 0 { Action::Report } else { action };
        let found = Found {
            key: &key,
            column,
            category,
            subcategory,
            words,
            score: 0.5 + dice.below(500) as f64 / 1000.0,
            action,
            rule: rules[dice.below(3) as usize],
            field: Some(column),
            team,
            month: (dice.below(20) > 0).then_some(month.as_str()),
            text: Some(&text),
            ..Found::default()
        };
        let review = dice.below(100);
        if n >= skip {
            prints.push((Fingerprint(fixture.insert(&step, unit, &found).0), review));
        }
    }
    step.commit().unwrap();
    prints
}

fn review(fixture: &Fixture, prints: &[(Fingerprint, u64)]) {
    let connection = fixture.connection();
    let chosen = |from: u64, to: u64| -> Vec<Fingerprint> {
        prints.iter().filter(|(_, dice)| (from..to).contains(dice)).map(|(print, _)| *print).collect()
    };
    let dismissed = Decision::Dismissed(Reason::new(Grounds::OtherMeaning, None, None).unwrap());
    reviews::decide(&connection, &chosen(0, 26), &Decision::Confirmed, Some("ana")).unwrap();
    reviews::decide(&connection, &chosen(26, 32), &dismissed, Some("ana")).unwrap();
    reviews::decide(&connection, &chosen(32, 39), &Decision::Fixed, Some("ana")).unwrap();
    connection
        .execute("UPDATE review SET at = 0 WHERE decision = 'fixed' AND fingerprint < X'10'", [])
        .unwrap();
}
