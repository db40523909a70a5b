use axum::body::to_bytes;
use serde_json::json;

use super::*;
use crate::store::fixture::{Fixture, Found};

fn query(pairs: &[(&str, &str)]) -> Query {
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Query::parse(&pairs).unwrap()
}

async fn shown(fixture: &Fixture, pairs: &[(&str, &str)]) -> String {
    let response = page(&fixture.connection(), query(pairs), &[]).unwrap();
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn without_a_rescan_it_leads_to_one() {
    let html = shown(&Fixture::new(), &[]).await;
    assert!(html.contains("href=\"/rescans\">Lancer") && !html.contains("<form"), "{html}");
}

#[tokio::test]
async fn it_shows_the_newest_rescan_page_by_page() {
    let fixture = Fixture::new();
    for rows in [1, 30] {
        let row = fixture.rescan(json!({"name": format!("rows<{rows}>")}));
        let unit = fixture.unit(row.no, "notes", &["comment"], rows);
        for key in 0..rows {
            fixture.finding(unit, &Found { key: &format!("{rows}-{key:02}"), ..Found::default() });
        }
    }
    let first = shown(&fixture, &[]).await;
    assert!(first.contains("30\u{a0}signalements à examiner"), "{first}");
    assert!(first.contains("rows&lt;30&gt;</option>") && !first.contains("rows<"));
    assert_eq!(first.matches("class=\"finding case").count(), 25);
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let after = next.split("after=").nth(1).unwrap();
    let second = shown(&fixture, &[("after", after)]).await;
    assert_eq!(second.matches("class=\"finding case").count(), 5);
    assert!(!second.contains("rel=\"next\"") && second.contains("Retour au début"));
    let all = shown(&fixture, &[("rescan", "all"), ("size", "100")]).await;
    assert_eq!(all.matches("class=\"finding case").count(), 31);
    assert!(shown(&fixture, &[("team", "x")]).await.contains("Aucun signalement ne répond"));
}

/// Enter in a field must not take the first decision of the list.
#[tokio::test]
async fn the_forms_default_button_does_nothing() {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({}));
    let unit = fixture.unit(row.no, "notes", &["comment"], 1);
    fixture.finding(unit, &Found::default());
    let html = shown(&fixture, &[]).await;
    let form = html.split("id=\"file\"").nth(1).unwrap();
    assert!(form.split("<button").nth(1).unwrap().starts_with(" disabled hidden>"), "{form}");
}
