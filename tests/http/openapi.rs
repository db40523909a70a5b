//! The description of the API is a locked snapshot: a change of it is a change of contract, to be seen in review.
//! `VIGIE_UPDATE_SNAPSHOTS=1 cargo test --test http openapi` writes it anew.

use std::path::Path;

use crate::support::*;

#[tokio::test]
async fn the_description_is_the_one_in_review() {
    let served = get(&app(), "/v1/openapi.json").await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi.json");
    let served_text = format!("{}\n", served.text().trim_end());
    if std::env::var_os("VIGIE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &served_text).unwrap();
    }
    let locked = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = served_text.lines().zip(locked.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert!(
        served_text == locked,
        "tests/openapi.json differs, first at {differs:?}; if the change is meant, run \
         VIGIE_UPDATE_SNAPSHOTS=1 cargo test --test http openapi"
    );
}

#[tokio::test]
async fn every_described_route_exists_and_names_its_refusals() {
    let app = app();
    let description = get(&app, "/v1/openapi.json").await.json();
    for (path, verbs) in description["paths"].as_object().unwrap() {
        for (verb, operation) in verbs.as_object().unwrap() {
            let id = "00112233445566778899aabbccddeeff";
            let reply = send(&app, request(&verb.to_uppercase(), &path.replace("{id}", id), "", "")).await;
            assert!(![404, 405].contains(&reply.status.as_u16()), "{verb} {path}");
            let responses = operation["responses"].as_object().unwrap();
            let open = operation["security"] == serde_json::json!([{}]);
            assert!(open || responses.contains_key("401"), "{verb} {path}");
            assert!(responses.contains_key(reply.status.as_str()), "{verb} {path}: {}", reply.status);
        }
    }
}
