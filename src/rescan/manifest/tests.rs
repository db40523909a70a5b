use super::*;
use crate::category::Category;
use crate::store::fixture::{Fixture, Found};
use crate::store::rescans;
use serde_json::json;

const KEY: [u8; 32] = [3; 32];

/// An ended rescan with one unreadable note and three findings, and its manifest.
fn ended() -> (Fixture, RescanRow, String) {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({"name": "CRM « été »", "min_score": 0.1}));
    let unit = fixture.unit(row.no, "notes", &["comment", "other"], 4);
    fixture.finding(unit, &Found::default());
    fixture.finding(unit, &Found { key: "2", ..Found::default() });
    fixture.finding(unit, &Found { key: "2", category: Category::Nir, words: "1 85", ..Found::default() });
    fixture.unreadable(unit, "3", Some("other"), "not UTF-8");
    let row = fixture.end(&row, "partial", 1500);
    let signed = sign(&fixture.connection(), &row, &KEY).unwrap();
    (fixture, row, signed)
}

#[test]
fn a_manifest_says_what_was_read_and_found() {
    let (_fixture, row, signed) = ended();
    let verified = verify(&signed, &KEY).unwrap();
    assert_eq!(verified.rescan(), Some(row.id.as_str()));
    let content = &verified.content;
    assert_eq!(content["format"], FORMAT);
    assert_eq!(content["rescan"]["state"], "partial");
    assert_eq!(content["findings"], json!({"total": 3, "by_category": {"health": 2, "nir": 1}}));
    assert_eq!(content["units"][0]["columns"][1]["unreadable"], 1);
    assert_eq!(digest_of(&signed), Some(verified.hmac.as_str()));
    assert_eq!(verify(&format!("{signed}\n"), &KEY), Ok(verified));
}

#[test]
fn a_change_of_any_byte_is_detected() {
    let (_fixture, _, signed) = ended();
    for at in 0..signed.len() {
        for change in [1u8, 0x20] {
            let mut bytes = signed.clone().into_bytes();
            bytes[at] ^= change;
            // What is no text any more cannot even be read.
            if let Ok(text) = String::from_utf8(bytes) {
                assert!(verify(&text, &KEY).is_err(), "byte {at} ^ {change}");
            }
        }
        let mut shorter = signed.clone().into_bytes();
        shorter.remove(at);
        assert!(
            String::from_utf8(shorter).is_ok_and(|t| verify(&t, &KEY).is_err())
                || !signed.is_char_boundary(at)
                || !signed.is_char_boundary(at + 1),
            "without byte {at}"
        );
    }
    for odd in
        ["", "{}", &signed[1..], &format!(" {signed}"), &format!("{signed} "), &format!("{signed}\n\n")]
    {
        assert!(verify(odd, &KEY).is_err(), "{odd:.20}");
    }
    assert_eq!(verify(&signed, &[4; 32]), Err(ManifestError::Altered));
}

#[test]
fn the_same_content_written_otherwise_is_not_what_was_signed() {
    let (_fixture, _, signed) = ended();
    let value: Value = serde_json::from_str(&signed).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(verify(&pretty, &KEY), Err(ManifestError::Shape));
    let twice = signed.replacen("\"total\":3", "\"total\":0,\"total\":3", 1);
    assert_eq!(verify(&twice, &KEY), Err(ManifestError::Altered));
}

#[test]
fn a_store_that_agrees_has_no_difference_and_one_that_was_changed_is_caught() {
    let (fixture, row, _) = ended();
    let key = fixture.store.keys().derive("manifest");
    let verified = verify(row.manifest.as_deref().unwrap(), &key).unwrap();
    let connection = fixture.connection();
    assert_eq!(recount(&connection, &verified).unwrap(), Some(vec![]));
    let whats = |sql: &str| -> Vec<String> {
        let save = connection.unchecked_transaction().unwrap();
        save.execute_batch(sql).unwrap();
        let differences = recount(&save, &verified).unwrap().unwrap();
        save.rollback().unwrap();
        differences.into_iter().map(|d| format!("{}: {} / {}", d.what, d.manifest, d.store)).collect()
    };
    assert_eq!(
        whats("DELETE FROM finding WHERE category = 'nir'"),
        ["/findings/total: 3 / 2", "/findings/by_category/nir: 1 / null"]
    );
    assert_eq!(
        whats("UPDATE coverage SET scanned = 9 WHERE column_name = 'comment'"),
        ["/units/0/columns/0/scanned: 4 / 9", "notes seen, and what became of them, of notes: 4 / 9"]
    );
    assert_eq!(whats("UPDATE unit SET problem = 'gone'"), ["/units/0/problem: null / \"gone\""]);
    assert_eq!(whats("DELETE FROM split"), ["rows read and committed of notes: 4 / 0"]);
    assert_eq!(whats("UPDATE rescan SET model = 'other'").len(), 1);
    assert_eq!(whats("DELETE FROM unit")[0], "/units: how many: 1 / 0");
}

#[test]
fn a_store_without_the_rescan_has_nothing_to_count() {
    let (fixture, row, signed) = ended();
    let verified = verify(&signed, &KEY).unwrap();
    let mut connection = fixture.connection();
    rescans::delete(&mut connection, row.no).unwrap();
    assert_eq!(recount(&connection, &verified).unwrap(), None);
}

#[test]
fn floats_and_accents_are_signed_as_written() {
    let (_fixture, _, signed) = ended();
    assert!(signed.contains("CRM « été »") && signed.contains("\"min_score\":0.1"), "{signed}");
}
