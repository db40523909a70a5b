//! What reviewers decide.

use serde_json::{Value, json};

use super::place::{Place, csv};
use crate::support::*;

async fn findings(place: &Place, query: &str) -> Vec<Value> {
    get(&place.app, &format!("/v1/findings?{query}")).await.json()["findings"].as_array().unwrap().clone()
}

async fn review(place: &Place, id: &str, body: Value) -> Reply {
    post(&place.app, &format!("/v1/findings/{id}/review"), &body).await
}

#[tokio::test]
async fn a_decision_survives_the_next_rescan_and_can_be_taken_back() {
    let place = Place::new();
    let first = place.rescan(csv(9)).await;
    let id =
        findings(&place, &format!("rescan={first}")).await[0]["fingerprint"].as_str().unwrap().to_owned();
    let dismissed = json!({"decision": "dismissed", "reason": {"code": "invented", "text": "essai"}});
    let reply = review(&place, &id, dismissed).await;
    assert_eq!((reply.status.as_u16(), reply.json()["state"].as_str()), (200, Some("dismissed")));

    let second = place.rescan(csv(9)).await;
    let kept = findings(&place, &format!("rescan={second}&review=dismissed")).await;
    assert_eq!((kept.len(), kept[0]["fingerprint"].as_str()), (1, Some(id.as_str())));
    assert_eq!(kept[0]["review"]["reason"]["code"], "invented");

    assert_eq!(review(&place, &id, json!({"decision": "confirmed"})).await.json()["state"], "confirmed");
    assert_eq!(review(&place, &id, json!({"decision": "undone"})).await.json()["state"], "dismissed");
    assert_eq!(review(&place, &id, json!({"decision": "undone"})).await.json()["state"], "to_review");
    assert_eq!(review(&place, &id, json!({"decision": "undone"})).await.status, 409);
    let detail = get(&place.app, &format!("/v1/findings/{id}")).await.json();
    let kinds: Vec<&str> =
        detail["history"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["dismissed", "confirmed", "undone", "undone"]);
    assert_eq!(detail["rescan"], second.as_str());
}

#[tokio::test]
async fn many_are_decided_about_at_once_or_none() {
    let place = Place::new();
    let rescan = place.rescan(csv(9)).await;
    let all = findings(&place, &format!("rescan={rescan}")).await;
    let ids: Vec<Value> = all.iter().map(|finding| finding["fingerprint"].clone()).collect();
    let bulk = async |ids: &[Value], decision: &str| {
        post(&place.app, "/v1/findings/review", &json!({"ids": ids, "decision": decision})).await
    };
    let mut strange = ids.clone();
    strange.push(json!("00112233445566778899aabbccddeeff"));
    let refused = bulk(&strange, "confirmed").await;
    assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["pointer"]), (422, &json!("/ids/3")));
    assert_eq!(findings(&place, "review=confirmed").await.len(), 0);
    assert_eq!(bulk(&ids, "confirmed").await.json(), json!({"changed": 3}));
    assert_eq!(findings(&place, "review=confirmed").await.len(), 3);
    assert_eq!(bulk(&[], "confirmed").await.status, 422);
    assert_eq!(bulk(&[json!("secret")], "confirmed").await.status, 422);
}

#[tokio::test]
async fn a_review_that_makes_no_sense_is_refused_without_repeating_it() {
    let place = Place::new();
    let rescan = place.rescan(csv(3)).await;
    let id =
        findings(&place, &format!("rescan={rescan}")).await[0]["fingerprint"].as_str().unwrap().to_owned();
    for (body, pointer) in [
        (json!({}), "/decision"),
        (json!({"decision": "secret"}), "/decision"),
        (json!({"decision": "dismissed"}), "/reason"),
        (json!({"decision": "confirmed", "reason": {"code": "invented"}}), "/reason"),
        (json!({"decision": "dismissed", "reason": {"code": "secret"}}), "/reason/code"),
        (json!({"decision": "dismissed", "reason": {"code": "other"}}), "/reason"),
        (
            json!({"decision": "dismissed", "reason": {"code": "other", "text": "secret ".repeat(50)}}),
            "/reason",
        ),
        (json!({"decision": "fixed", "secret": "secret"}), "/secret"),
    ] {
        let reply = review(&place, &id, body.clone()).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json()["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{body}"
        );
        assert!(pointer == "/secret" || !reply.text().contains("secret"), "{}", reply.text());
    }
    let unknown = "00112233445566778899aabbccddeeff";
    assert_eq!(review(&place, unknown, json!({"decision": "confirmed"})).await.status, 404);
    let hidden = send(&place.app, request("POST", &format!("/v1/findings/{id}/reveal"), "", "")).await;
    assert_eq!(hidden.status, 409, "this rescan kept no excerpts");
}
