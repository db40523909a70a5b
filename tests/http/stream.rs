//! `POST /v1/scan`: order, early answers, bounded memory, bad lines.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use futures_util::stream::unfold;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tower::ServiceExt;
use vigie::config::Config;
use vigie::secret::Keys;

use crate::support::*;

const NDJSON: &str = "application/x-ndjson";

async fn next_line(response: &mut Response<Body>) -> Value {
    let frame = tokio::time::timeout(Duration::from_secs(5), response.body_mut().frame()).await;
    let bytes = frame.expect("an answer before the input ends").unwrap().unwrap().into_data().unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn answers_come_before_the_input_ends() {
    let (sender, receiver) = mpsc::channel::<Result<String, std::io::Error>>(4);
    let body = Body::from_stream(unfold(receiver, |mut r| async { r.recv().await.map(|item| (item, r)) }));
    let mut response = app().oneshot(request("POST", "/v1/scan", NDJSON, body)).await.unwrap();
    assert_eq!(response.headers()["content-type"], NDJSON);
    for n in 0..3 {
        let note = json!({"id": n, "text": NOTE});
        let line = format!("{note}\n");
        let (head, tail) = line.split_at(9);
        for part in [head, tail] {
            sender.send(Ok(part.to_owned())).await.unwrap();
        }
        let answer = next_line(&mut response).await;
        assert_eq!((&answer["id"], &answer["findings"][0]["text"]), (&json!(n), &json!(FOUND)));
    }
    drop(sender);
    assert!(response.body_mut().frame().await.is_none());
}

#[tokio::test]
async fn nothing_is_read_ahead_of_a_client_that_does_not_read() {
    let pulled = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&pulled);
    let endless = unfold(counter, |counter| async move {
        counter.fetch_add(1, Ordering::SeqCst);
        let lines = format!("{}\n", json!({"text": NOTE})).repeat(8);
        Some((Ok::<_, std::io::Error>(lines), counter))
    });
    let body = Body::from_stream(endless);
    let mut response = app().oneshot(request("POST", "/v1/scan", NDJSON, body)).await.unwrap();
    for _ in 0..5 {
        assert!(response.body_mut().frame().await.is_some());
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    let pulled = pulled.load(Ordering::SeqCst);
    assert!(pulled <= 5 + config().sessions + 1, "{pulled} chunks were read for 5 answers");
}

#[tokio::test]
async fn a_bad_line_gives_an_error_with_its_number_and_the_others_go_on() {
    let app = app_of(Config { max_line_bytes: 120_000, ..config() }, Keys::default());
    let long_note = json!({"id": "long", "text": "x".repeat(100_001)}).to_string();
    let long_line = "x".repeat(120_001);
    let body = [
        "\u{feff}{\"id\": \"a\", \"text\": \"Client diabétique\", \"field\": \"commentaire\"}\r\n".as_bytes(),
        b"\n",
        b"{not json\n",
        b"{\"id\": \"b\", \"text\": \"\xff\"}\n",
        b"{\"id\": \"c\", \"txt\": \"\"}\n",
        b"[1, 2]\n",
        long_note.as_bytes(),
        b"\n",
        long_line.as_bytes(),
        b"\n   \n",
        b"{\"id\": 12, \"text\": \"\"}",
    ]
    .concat();
    let reply = stream(&app, "/v1/scan?offsets=utf8&profile=strict", body).await;
    assert_eq!(reply.status, 200);
    let lines = reply.lines();
    let errors: Vec<(Option<u64>, Option<u64>, &Value)> = lines
        .iter()
        .map(|line| (line["line"].as_u64(), line["error"]["status"].as_u64(), &line["id"]))
        .collect();
    assert_eq!(
        errors,
        [
            (None, None, &json!("a")),
            (Some(3), Some(400), &json!(null)),
            (Some(4), Some(400), &json!(null)),
            (Some(5), Some(422), &json!("c")),
            (Some(6), Some(422), &json!(null)),
            (Some(7), Some(413), &json!("long")),
            (Some(8), Some(413), &json!(null)),
            (None, None, &json!(12)),
        ]
    );
    assert_eq!(lines[0]["findings"][0]["start"], 7);
    assert_eq!(lines[0]["engine"]["policy"], "strict");
}

#[tokio::test]
async fn a_stream_may_be_longer_than_any_body() {
    let app = app_of(Config { max_body_bytes: 1000, ..config() }, Keys::default());
    let lines: String = (0..2000).map(|n| format!("{}\n", json!({"id": n, "text": "rien"}))).collect();
    let ids: Vec<u64> =
        stream(&app, "/v1/scan", lines).await.lines().iter().map(|l| l["id"].as_u64().unwrap()).collect();
    assert!(ids.iter().copied().eq(0..2000));
    assert_eq!(stream(&app, "/v1/scan", "").await.text(), "");
}
