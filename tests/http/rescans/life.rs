//! From a file sent to a report.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use vigie::rescan::keys::Keys;
use vigie::rescan::manifest;

use super::place::{Place, csv};
use crate::support::*;

#[tokio::test]
async fn a_file_is_sent_scanned_reported_and_gone() {
    let place = Place::new();
    let asked = place.asked(csv(90)).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::fs::read_dir(place.path("data/uploads")).unwrap().next().unwrap().unwrap().path();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("notes.csv"))), (0o700, 0o600));
    }
    let reply = post(&place.app, "/v1/rescans", &asked).await;
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (202, format!("/v1/rescans/{id}").as_str())
    );
    assert!(!reply.text().contains("data/uploads"), "{}", reply.text());

    let done = place.until_state(&id, "done").await;
    assert_eq!((done["notes"]["seen"].as_u64(), done["findings"].as_u64()), (Some(90), Some(30)));
    let source = json!({"kind": "upload", "place": "upload", "names": ["notes.csv"]});
    assert_eq!((&done["sources"][0], &done["wanted"]), (&source, &json!("run")));
    let unit = &done["coverage"][0];
    assert_eq!((unit["name"].as_str(), unit["columns"][0]["seen"].as_u64()), (Some("notes.csv"), Some(90)));
    assert_eq!(place.uploads().await, 0);

    let list = get(&place.app, "/v1/rescans").await.json();
    assert_eq!((list["rescans"][0]["id"].as_str(), &list["next"]), (Some(id.as_str()), &Value::Null));
    let report = get(&place.app, &format!("/v1/rescans/{id}/report")).await.json();
    assert_eq!((report["complete"].as_bool(), report["total"]["findings"].as_u64()), (Some(true), Some(30)));
    let html = get(&place.app, &format!("/v1/rescans/{id}/report?format=html")).await;
    assert!(html.header("content-type").starts_with("text/html") && html.text().contains("<!doctype html>"));
    assert!(html.header("content-security-policy").contains("style-src 'unsafe-inline'"));
    let table = get(&place.app, &format!("/v1/rescans/{id}/report?format=csv")).await;
    assert!(
        table.header("content-disposition").starts_with("attachment") && table.text().starts_with("table,")
    );

    let signed = get(&place.app, &format!("/v1/rescans/{id}/manifest")).await;
    let keys = Keys::of_folder(&place.path("data"), true).unwrap();
    let verified = manifest::verify(signed.text(), &keys.derive("manifest")).unwrap();
    assert_eq!(verified.rescan(), Some(id.as_str()));

    let metrics = get(&place.app, "/metrics").await;
    for line in ["vigie_rescans_running 0", "vigie_rescan_notes_total 90", "vigie_rescan_findings_total 30"] {
        assert!(metrics.text().contains(line), "{line}");
    }
}

#[tokio::test]
async fn findings_come_in_pages_that_filters_narrow() {
    let place = Place::new();
    let id = place.rescan(csv(60)).await;
    let mut seen = Vec::new();
    let mut path = format!("/v1/findings?rescan={id}&limit=7");
    loop {
        let page = get(&place.app, &path).await.json();
        let findings = page["findings"].as_array().unwrap().clone();
        assert!(findings.len() <= 7);
        seen.extend(findings.into_iter().map(|f| f["fingerprint"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/findings?rescan={id}&limit=7&cursor={next}");
    }
    assert_eq!(seen.len(), 20);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 20);
    let count = async |query: &str| {
        let page = get(&place.app, &format!("/v1/findings?rescan={id}&{query}")).await.json();
        page["findings"].as_array().unwrap().len()
    };
    assert_eq!(count("category=health&severity=high&review=to_review&unit=notes.csv&column=note").await, 20);
    assert_eq!(count("category=offence").await, 0);
    assert_eq!(count("review=confirmed").await, 0);
    let bad =
        get(&place.app, "/v1/findings?category=secret&limit=0&cursor=secret&min_score=2&x=secret").await;
    assert_eq!((bad.status.as_u16(), bad.json()["errors"].as_array().unwrap().len()), (422, 5));
    assert!(!bad.text().contains("secret"), "{}", bad.text());
}

#[tokio::test]
async fn rescans_are_listed_in_pages() {
    let place = Place::new();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, place.rescan(csv(3)).await);
    }
    let first = get(&place.app, "/v1/rescans?limit=2").await.json();
    let next = first["next"].as_str().unwrap();
    let second = get(&place.app, &format!("/v1/rescans?limit=2&cursor={next}")).await.json();
    let of = |page: &Value| -> Vec<String> {
        page["rescans"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!([of(&first), of(&second)].concat(), ids);
    assert_eq!(second["next"], Value::Null);
    assert_eq!(get(&place.app, "/v1/rescans?cursor=secret").await.status, 422);
}

#[tokio::test]
async fn the_same_request_sent_again_makes_no_second_rescan() {
    let place = Place::new();
    let asked = place.asked(csv(6)).await;
    let ask = async |key: &str, body: &Value| {
        let request = Request::post("/v1/rescans")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()));
        send(&place.app, request.unwrap()).await
    };
    let first = ask("key-1", &asked).await;
    let id = first.json()["id"].as_str().unwrap().to_owned();
    place.until_state(&id, "done").await;
    assert_eq!(place.uploads().await, 0);
    // Even when the file is gone.
    let again = ask("key-1", &asked).await;
    assert_eq!((again.status.as_u16(), again.header("location")), (202, first.header("location")));
    let mut other = asked.clone();
    other["min_score"] = json!(0.5);
    let refused = ask("key-1", &other).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "Idempotency-Key");
    assert_eq!(ask("", &asked).await.status, 422);
    assert_eq!(get(&place.app, "/v1/rescans").await.json()["rescans"].as_array().unwrap().len(), 1);

    let (asked, many) = (place.asked(csv(6)).await, 4);
    let replies = futures_util::future::join_all((0..many).map(|_| ask("key-2", &asked))).await;
    let mut ids: Vec<String> = replies.iter().map(|r| r.json()["id"].as_str().unwrap().to_owned()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    // A key of one's own is none of another request's.
    let asked = place.asked(csv(6)).await;
    assert_ne!(ask("key-3", &asked).await.json()["id"], ids[0].as_str());
}

#[tokio::test]
async fn what_cannot_be_read_fails_with_the_reason_and_the_rest_is_partial() {
    let place = Place::new();
    let mut asked = place.asked(csv(3)).await;
    asked["sources"][0]["columns"] = json!({"text": ["nope"]});
    let reply = post(&place.app, "/v1/rescans", &asked).await;
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    let failed = place.until_state(&id, "failed").await;
    assert!(failed["message"].as_str().unwrap().contains("nope"), "{failed}");
    let ragged = place.begin(format!("{}7;Client diabétique;trop\n", csv(6)), json!({})).await;
    let partial = place.until_state(&ragged, "partial").await;
    assert_eq!((partial["notes"]["unreadable"].as_u64(), partial["findings"].as_u64()), (Some(1), Some(2)));
    let listed = &partial["unreadable"][0];
    assert!(!listed.to_string().contains("diab") && listed["unit"] == "notes.csv", "{listed}");
}
