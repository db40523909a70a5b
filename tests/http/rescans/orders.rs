//! Pause, resume, cancel, delete, and a server that stops.

use std::time::Duration;

use axum::body::Body;
use serde_json::json;
use vigie::config::NamedSink;
use vigie::http::Rescans;
use vigie::rescan::claim::STALE_MS;
use vigie::store::{now, rescans};

use super::place::{Place, csv};
use crate::support::*;

/// So slow that there is time to steer it: a page of 500 notes takes half a second.
fn slow() -> serde_json::Value {
    json!({"rate": 1000})
}

#[tokio::test]
async fn a_rescan_is_paused_resumed_and_finds_all() {
    let place = Place::new();
    let id = place.begin(csv(2000), slow()).await;
    place.until(&id, |now| now["notes"]["seen"].as_u64() > Some(0)).await;
    let told = place.order(&id, "pause").await;
    assert_eq!(told.status, 202, "{}", told.text());
    let paused = place.until_state(&id, "paused").await;
    let seen = paused["notes"]["seen"].as_u64().unwrap();
    assert!((1..2000).contains(&seen), "{seen}");
    assert_eq!(place.order(&id, "pause").await.status, 200);
    assert_eq!(place.order(&id, "resume").await.status, 202);
    let done = place.until_state(&id, "done").await;
    assert_eq!((done["notes"]["seen"].as_u64(), done["findings"].as_u64()), (Some(2000), Some(667)));
    for order in ["pause", "resume", "cancel"] {
        let reply = place.order(&id, order).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (409, "application/problem+json"));
        assert!(reply.text().contains("ended"), "{}", reply.text());
    }
    let metrics = get(&place.app, "/metrics").await;
    assert!(metrics.text().contains("vigie_rescan_notes_total 2000"), "{}", metrics.text());
}

#[tokio::test]
async fn a_cancelled_rescan_gives_up_its_file_and_can_be_deleted() {
    let place = Place::new();
    let id = place.begin(csv(2000), slow()).await;
    place.until_state(&id, "running").await;
    let delete = async || send(&place.app, request("DELETE", &format!("/v1/rescans/{id}"), "", "")).await;
    assert_eq!(delete().await.status, 409);
    assert_eq!(get(&place.app, &format!("/v1/rescans/{id}/manifest")).await.status, 409);
    assert!(place.order(&id, "cancel").await.status.is_success());
    place.until_state(&id, "cancelled").await;
    assert_eq!(place.uploads().await, 0);
    assert_eq!(place.order(&id, "resume").await.status, 409);
    assert_eq!(delete().await.status, 204);
    assert_eq!(get(&place.app, &format!("/v1/rescans/{id}")).await.status, 404);
}

#[tokio::test]
async fn more_rescans_than_there_is_room_for_wait_their_turn() {
    let place = Place::new();
    let long = async || place.begin(csv(3000), json!({"rate": 100})).await;
    let first = [long().await, long().await];
    let third = place.begin(csv(3), json!({})).await;
    assert_eq!(place.get(&third).await["state"], "queued");
    assert!(get(&place.app, "/metrics").await.text().contains("vigie_rescans_running 2"));
    place.order(&first[0], "cancel").await;
    place.until_state(&third, "done").await;
    assert_eq!(place.get(&first[1]).await["state"], "running");
    place.order(&first[1], "cancel").await;
    place.until_state(&first[1], "cancelled").await;
}

#[tokio::test]
async fn a_server_that_stops_leaves_its_rescans_to_the_next() {
    let mut place = Place::new();
    let id = place.begin(csv(2000), slow()).await;
    place.until(&id, |now| now["notes"]["seen"].as_u64() > Some(0)).await;
    place.stop().await;
    let left = place.get(&id).await;
    assert_eq!(left["state"], "queued", "{left}");
    assert!(left["notes"]["seen"].as_u64() < Some(2000));
    // A server that stops takes up no more.
    let refused = place.begin(csv(3), json!({})).await;
    assert_eq!(place.get(&refused).await["state"], "queued");
    place.start().await;
    let done = place.until_state(&id, "done").await;
    assert_eq!((done["notes"]["seen"].as_u64(), done["findings"].as_u64()), (Some(2000), Some(667)));
    place.until_state(&refused, "done").await;
}

/// Changes every rescan in the store, behind the server's back.
fn change(place: &Place, what: &str) {
    let store = place.state.rescans().store().unwrap();
    store.connection().unwrap().execute_batch(&format!("UPDATE rescan SET {what}")).unwrap();
}

#[tokio::test]
async fn what_a_killed_server_left_is_taken_up_without_anyone_asking() {
    let mut place = Place::new();
    let id = place.begin(csv(2000), slow()).await;
    place.until_state(&id, "running").await;
    place.stop().await;
    // Its process was in another container: for another second, its last sign of life is that of one that runs.
    let beat = now() - STALE_MS + 1000;
    change(&place, &format!("state = 'running', owner = '1.0@elsewhere', heartbeat = {beat}"));
    place.start().await;
    let looks = tokio::spawn(Rescans::keep_taking_up(place.state.clone(), Duration::from_millis(100)));
    place.until_state(&id, "done").await;
    place.stop().await;
    tokio::time::timeout(Duration::from_secs(5), looks).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_does_not_take_over_what_it_runs_itself() {
    let place = Place::new();
    let id = place.begin(csv(2000), slow()).await;
    place.until_state(&id, "running").await;
    // As where the machine slept.
    change(&place, "heartbeat = 0");
    let state = place.state.clone();
    tokio::task::spawn_blocking(move || Rescans::at_start(&state)).await.unwrap();
    let store = place.state.rescans().store().unwrap();
    let row = rescans::get(&store.connection().unwrap(), &id).unwrap().unwrap();
    assert_eq!(row.fence, 1);
    place.until_state(&id, "done").await;
}

#[tokio::test]
async fn a_server_that_stops_waits_until_findings_are_written() {
    // A database that accepts and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://vigie@{}/bi", silent.local_addr().unwrap());
    let sink = NamedSink { name: "bi".to_owned(), path: None, url: Some(url) };
    let place = Place::with(|config, _| config.sink = vec![sink]);
    let id = place.begin(csv(3), json!({"sinks": ["bi"]})).await;
    place.until_state(&id, "done").await;
    let state = place.state.clone();
    let stopped = tokio::task::spawn_blocking(move || state.rescans().wait());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!stopped.is_finished(), "it did not wait");
    drop(silent);
    tokio::time::timeout(Duration::from_secs(5), stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn unknown_ids_are_not_found_and_not_repeated() {
    let place = Place::new();
    for (method, path) in [
        ("GET", "/v1/rescans/secret"),
        ("DELETE", "/v1/rescans/secret"),
        ("POST", "/v1/rescans/secret/pause"),
        ("POST", "/v1/rescans/secret/resume"),
        ("POST", "/v1/rescans/secret/cancel"),
        ("GET", "/v1/rescans/secret/events"),
        ("GET", "/v1/rescans/secret/report"),
        ("GET", "/v1/rescans/secret/manifest"),
        ("GET", "/v1/findings?rescan=secret"),
        ("GET", "/v1/findings/secret"),
        ("GET", "/v1/findings/00112233445566778899aabbccddeeff"),
        ("POST", "/v1/findings/secret/reveal"),
    ] {
        // Nor is what is not UTF-8.
        for path in [path.to_owned(), path.replace("secret", "%FF")] {
            let reply = send(&place.app, request(method, &path, "", Body::empty())).await;
            assert_eq!(
                (reply.status.as_u16(), reply.header("content-type")),
                (404, "application/problem+json"),
                "{path}"
            );
            assert_eq!(reply.json()["type"], "urn:vigie:problem:unknown-id");
            assert!(!reply.text().contains("secret"), "{path}");
        }
    }
}

#[tokio::test]
async fn without_a_data_folder_checks_go_on_and_rescans_say_why_not() {
    let place = Place::with(|config, dir| config.data_dir = Some(dir.join("file/data")));
    place.write("file", "not a folder");
    for path in ["/v1/rescans", "/v1/findings"] {
        let reply = get(&place.app, path).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (503, "application/problem+json"));
        assert!(reply.text().contains("data_dir"), "{}", reply.text());
    }
    assert_eq!(place.upload("notes.csv", csv(3)).await.status, 503);
    assert_eq!(post(&place.app, "/v1/check", &json!({"text": NOTE})).await.status, 200);
    assert!(get(&place.app, "/metrics").await.text().contains("vigie_rescans_running 0"));
    place.stop().await;
}
