//! Requests that are right: check, batch, redact and what they list.

use serde_json::{Value, json};
use vigie::span::OffsetUnit;

use crate::support::*;

#[tokio::test]
async fn a_note_comes_back_with_its_findings() {
    let reply = post(&app(), "/v1/check", &json!({"text": NOTE})).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    assert!(reply.header("server-timing").starts_with("scan;dur="), "{}", reply.header("server-timing"));
    let answer = reply.json();
    let finding = &answer["findings"][0];
    assert_ne!(answer["verdict"], "clear");
    assert_eq!(
        (finding["category"].as_str(), finding["label"].as_str(), finding["special_category"].as_bool()),
        (Some("health"), Some("Santé"), Some(true))
    );
    assert_eq!(finding["text"], FOUND);
    assert_eq!(answer["redacted"], "Client [santé]");
    assert_eq!(answer["engine"]["policy"], "default");
    for member in ["legal_basis", "severity", "action", "score", "sources", "rule", "message", "advice"] {
        assert!(!finding[member].is_null(), "{member}");
    }
    assert!(answer["took_us"].is_u64());
}

#[tokio::test]
async fn offsets_are_in_the_unit_asked_for() {
    // Two UTF-16 units, one code point, four bytes; then a composed and a decomposed letter.
    let text = "👍 é e\u{301} Client diabétique 👍";
    for (asked, unit) in [
        (None, OffsetUnit::Utf16),
        (Some("utf16"), OffsetUnit::Utf16),
        (Some("codepoints"), OffsetUnit::Codepoints),
        (Some("utf8"), OffsetUnit::Utf8),
    ] {
        let answer = post(&app(), "/v1/check", &json!({"text": text, "offsets": asked})).await.json();
        let finding = &answer["findings"][0];
        let (start, end) =
            (finding["start"].as_u64().unwrap() as usize, finding["end"].as_u64().unwrap() as usize);
        let cut = match unit {
            OffsetUnit::Utf16 => {
                String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap()
            }
            OffsetUnit::Codepoints => text.chars().skip(start).take(end - start).collect(),
            OffsetUnit::Utf8 => text[start..end].to_owned(),
        };
        assert_eq!(cut, FOUND, "{asked:?}");
    }
}

#[tokio::test]
async fn what_is_blank_is_clear() {
    for text in ["", "   ", "\n\t\u{a0}"] {
        let answer = post(&app(), "/v1/check", &json!({"text": text})).await.json();
        assert_eq!((&answer["verdict"], &answer["findings"]), (&json!("clear"), &json!([])), "{text:?}");
        assert_eq!(answer["redacted"], text);
    }
}

#[tokio::test]
async fn members_that_are_null_count_as_absent_and_the_least_score_counts() {
    let app = app();
    let nulls = json!({"text": NOTE, "profile": null, "field": null, "offsets": null, "min_score": null});
    assert_ne!(post(&app, "/v1/check", &nulls).await.json()["findings"], json!([]));
    let high = json!({"text": NOTE, "min_score": 1.0, "field": "commentaire", "profile": "strict"});
    let answer = post(&app, "/v1/check", &high).await.json();
    let scores: Vec<f64> =
        answer["findings"].as_array().unwrap().iter().map(|f| f["score"].as_f64().unwrap()).collect();
    assert!(scores.iter().all(|s| *s >= 1.0), "{scores:?}");
    assert_eq!(answer["engine"]["policy"], "strict");
}

#[tokio::test]
async fn a_batch_keeps_order_and_ids_and_a_bad_note_harms_itself_only() {
    let long = "x".repeat(200_000);
    let notes = json!([
        {"id": "a", "text": NOTE},
        {"id": 7, "text": ""},
        {"text": NOTE, "field": "commentaire"},
        {"id": "long", "text": long},
        {"id": 1.5, "text": 5},
        {"id": "no text"},
        "not an object",
        {"id": ["list"], "text": NOTE},
        {"id": "z", "text": NOTE, "txt": 1},
    ]);
    let reply = post(&app(), "/v1/check/batch", &json!({"notes": notes, "offsets": "utf8"})).await;
    assert_eq!(reply.status, 200);
    let results = reply.json()["results"].as_array().unwrap().clone();
    let ids: Vec<&Value> = results.iter().map(|r| &r["id"]).collect();
    assert_eq!(
        ids,
        [
            &json!("a"),
            &json!(7),
            &json!(null),
            &json!("long"),
            &json!(1.5),
            &json!("no text"),
            &json!(null),
            &json!(null),
            &json!("z")
        ]
    );
    assert!(results[2].as_object().unwrap().get("id").is_none());
    for at in [0, 1, 2] {
        assert!(results[at]["error"].is_null() && results[at]["verdict"].is_string(), "{at}");
    }
    for (at, status, word) in [
        (3, 413, "100000"),
        (4, 422, "/notes/4/text"),
        (5, 422, "/notes/5/text"),
        (6, 422, "/notes/6"),
        (7, 422, "/notes/7/id"),
        (8, 422, "/notes/8/txt"),
    ] {
        let error = &results[at]["error"];
        assert_eq!(error["status"], status, "{at}");
        assert!(error["detail"].as_str().unwrap().contains(word), "{error}");
        assert!(results[at]["verdict"].is_null());
    }
}

#[tokio::test]
async fn every_door_gives_the_same_findings_however_many_ask() {
    let app = app();
    let texts: Vec<String> = (0..60).map(|n| format!("{} n° {n}, {NOTE}", "é".repeat(n))).collect();
    let bare = |mut answer: Value| {
        let answer = answer.as_object_mut().unwrap();
        answer.retain(|name, _| name != "took_us" && name != "id");
        json!(answer)
    };
    let mut tasks = tokio::task::JoinSet::new();
    for (n, text) in texts.iter().cloned().enumerate() {
        let app = app.clone();
        tasks.spawn(async move { (n, post(&app, "/v1/check", &json!({"text": text})).await.json()) });
    }
    let mut single = vec![Value::Null; texts.len()];
    for (n, answer) in tasks.join_all().await {
        single[n] = bare(answer);
    }
    assert!(single.iter().all(|a| a["findings"][0]["text"] == FOUND));

    let notes: Vec<Value> = texts.iter().map(|t| json!({"id": t.len(), "text": t})).collect();
    let batch = post(&app, "/v1/check/batch", &json!({"notes": notes})).await.json();
    let batch: Vec<Value> = batch["results"].as_array().unwrap().iter().cloned().map(bare).collect();
    assert_eq!(batch, single);

    let lines: String = notes.iter().map(|note| format!("{note}\n")).collect();
    let lines: Vec<Value> = stream(&app, "/v1/scan", lines).await.lines().into_iter().map(bare).collect();
    assert_eq!(lines, single);
}

#[tokio::test]
async fn redaction_leaves_the_words_found_out() {
    let reply = post(&app(), "/v1/redact", &json!({"text": NOTE})).await;
    let answer = reply.json();
    assert_eq!((&answer["redacted"], &answer["categories"]), (&json!("Client [santé]"), &json!(["health"])));
    assert_ne!(answer["verdict"], "clear");
    assert!(!reply.text().contains(FOUND));
}

#[tokio::test]
async fn categories_and_profiles_are_listed() {
    let app = app();
    let categories = get(&app, "/v1/categories").await.json()["categories"].as_array().unwrap().clone();
    assert_eq!(categories.len(), 14);
    assert_eq!((&categories[0]["id"], &categories[0]["label"]), (&json!("health"), &json!("Santé")));
    let profiles = get(&app, "/v1/profiles").await.json();
    assert_eq!(profiles["default"], "default");
    let ids: Vec<&str> =
        profiles["profiles"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"default") && ids.contains(&"insurance-health"), "{ids:?}");
}
