//! Server-sent events.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::place::{Place, csv};
use crate::support::*;

struct Event {
    name: String,
    id: String,
    data: Value,
}

/// Reads events until `enough`, or the end of the stream; whether it ended.
async fn follow(
    app: &Router,
    id: &str,
    last: Option<&str>,
    enough: impl Fn(&Event) -> bool,
) -> (Vec<Event>, bool) {
    let mut request = Request::get(format!("/v1/rescans/{id}/events"));
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let mut body = response.into_body();
    let (mut text, mut events) = (String::new(), Vec::new());
    loop {
        let frame =
            tokio::time::timeout(Duration::from_secs(60), body.frame()).await.expect("a frame in time");
        let Some(frame) = frame else { return (events, true) };
        text.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
        while let Some((block, rest)) = text.split_once("\n\n") {
            let field = |name: &str| {
                let line = block.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
                line.unwrap_or_default().to_owned()
            };
            if !field("event").is_empty() {
                let data = serde_json::from_str(&field("data")).unwrap();
                events.push(Event { name: field("event"), id: field("id"), data });
            } else {
                assert!(
                    block.lines().all(|line| line.starts_with(':') || line.starts_with("retry:")),
                    "{block}"
                );
            }
            text = rest.to_owned();
            if events.last().is_some_and(&enough) {
                return (events, false);
            }
        }
    }
}

#[tokio::test]
async fn events_tell_how_it_goes_end_at_the_end_and_resume_after_the_last_one_received() {
    let place = Place::new();
    let id = place.begin(csv(2000), json!({"rate": 1000})).await;
    let moved = |event: &Event| event.data["notes"]["seen"].as_u64() > Some(0);
    let (first, _) = follow(&place.app, &id, None, moved).await;
    let last = first.last().unwrap();
    assert!(first.iter().all(|event| event.name == "progress" && !event.id.is_empty()));
    assert!(last.data["state"] == "running" && last.data["id"] == id.as_str(), "{}", last.data);

    let (rest, ended) = follow(&place.app, &id, Some(&last.id), |_| false).await;
    assert!(ended && rest.iter().all(|event| event.id != last.id));
    let seen: Vec<u64> =
        first.iter().chain(&rest).map(|event| event.data["notes"]["seen"].as_u64().unwrap()).collect();
    assert!(seen.is_sorted(), "{seen:?}");
    let done = rest.last().unwrap();
    assert_eq!((done.name.as_str(), done.data["findings"].as_u64()), ("done", Some(667)));

    // Who missed the end is told it; who had it is told to stay away.
    let (late, ended) = follow(&place.app, &id, Some(&last.id), |_| false).await;
    assert!(ended && late.len() == 1 && late[0].id == done.id);
    let request = Request::get(format!("/v1/rescans/{id}/events")).header("last-event-id", &done.id);
    assert_eq!(send(&place.app, request.body(Body::empty()).unwrap()).await.status, 204);
}

#[tokio::test]
async fn a_failure_is_an_event_with_its_reason() {
    let place = Place::new();
    let mut asked = place.asked(csv(3)).await;
    asked["sources"][0]["columns"] = json!({"text": ["nope"]});
    let id = post(&place.app, "/v1/rescans", &asked).await.json()["id"].as_str().unwrap().to_owned();
    let (events, ended) = follow(&place.app, &id, None, |_| false).await;
    let last = events.last().unwrap();
    assert!(ended && last.name == "failed" && last.data["message"].as_str().unwrap().contains("nope"));
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let place = Place::new();
    let id = place.begin(csv(2000), json!({"rate": 1000})).await;
    place.until_state(&id, "running").await;
    let app = place.app.clone();
    let following = tokio::spawn(async move { follow(&app, &id, None, |_| false).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begin = Instant::now();
    place.stop().await;
    let (events, ended) = following.await.unwrap();
    assert!(ended && events.iter().all(|event| event.name == "progress"));
    assert!(begin.elapsed() < Duration::from_secs(10));
}
