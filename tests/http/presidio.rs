//! Presidio's protocol.

use serde_json::{Value, json};
use vigie::secret::{Keys, new_key};

use crate::support::*;

async fn analyze(body: Value) -> Value {
    let reply = post(&app(), "/analyze", &body).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("content-type")),
        (200, "application/json"),
        "{}",
        reply.text()
    );
    reply.json()
}

/// The words of each result and its entity, counted in code points as Python does.
fn found(text: &str, results: &Value) -> Vec<(String, String)> {
    let all = results.as_array().unwrap().iter().map(|result| {
        let (start, end) =
            (result["start"].as_u64().unwrap() as usize, result["end"].as_u64().unwrap() as usize);
        let words = text.chars().skip(start).take(end - start).collect();
        (result["entity_type"].as_str().unwrap().to_owned(), words)
    });
    let mut all: Vec<(String, String)> = all.collect();
    all.sort();
    all
}

fn is(entity: &str, words: &str) -> (String, String) {
    (entity.to_owned(), words.to_owned())
}

#[tokio::test]
async fn results_have_presidios_members_and_code_point_offsets() {
    let text = "👍 Client diabétique, mail paul.garnier@exemple.fr, tél 06 12 34 56 78";
    let results = analyze(json!({"text": text, "language": "en"})).await;
    let expected = [
        is("EMAIL_ADDRESS", "paul.garnier@exemple.fr"),
        is("HEALTH", "diabétique"),
        is("PHONE_NUMBER", "06 12 34 56 78"),
    ];
    assert_eq!(found(text, &results), expected);
    for result in results.as_array().unwrap() {
        let members: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["analysis_explanation", "end", "entity_type", "score", "start"]);
        assert!(result["analysis_explanation"].is_null());
        assert!(result["score"].to_string().len() <= 5, "{result}");
    }
}

#[tokio::test]
async fn an_array_of_texts_gives_an_array_of_answers() {
    let texts: Vec<&str> = [NOTE, "RAS", "", NOTE].into_iter().cycle().take(30).collect();
    let results = analyze(json!({"text": texts, "language": "fr"})).await;
    let sizes: Vec<usize> = results.as_array().unwrap().iter().map(|r| r.as_array().unwrap().len()).collect();
    assert_eq!(&sizes[..5], [1, 0, 0, 1, 1]);
    assert_eq!(sizes.len(), 30);
    assert_eq!(analyze(json!({"text": [], "language": "fr"})).await, json!([]));
    assert_eq!(analyze(json!({"text": "", "language": "fr"})).await, json!([]));
}

#[tokio::test]
async fn entities_threshold_and_allow_list_leave_results_out() {
    let text = "Client diabétique, délégué CGT, paul@exemple.fr";
    let of = async |extra: Value| -> Vec<String> {
        let mut body = json!({"text": text, "language": "fr"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        found(text, &analyze(body).await).into_iter().map(|(entity, _)| entity).collect()
    };
    assert_eq!(of(json!({})).await, ["EMAIL_ADDRESS", "HEALTH", "TRADE_UNION"]);
    assert_eq!(of(json!({"entities": ["HEALTH", "PERSON"]})).await, ["HEALTH"]);
    assert_eq!(of(json!({"entities": []})).await.len(), 3);
    assert_eq!(of(json!({"score_threshold": 1.0})).await, [""; 0]);
    assert_eq!(of(json!({"allow_list": ["paul@exemple.fr", "Diabétique"]})).await, ["HEALTH", "TRADE_UNION"]);
    let regex = json!({"allow_list": ["@exemple\\.fr$", "^DIAB"], "allow_list_match": "regex"});
    assert_eq!(of(regex).await, ["TRADE_UNION"]);
    let strict = json!({"allow_list": ["^DIAB"], "allow_list_match": "regex", "regex_flags": 8});
    assert_eq!(of(strict).await.len(), 3);
    let ignored =
        json!({"correlation_id": "a", "log_decision_process": true, "anything": 1, "context": ["tél"]});
    assert_eq!(of(ignored).await.len(), 3);
}

#[tokio::test]
async fn the_decision_is_explained_when_asked_for() {
    let body = json!({
        "text": "Client diabétique, dossier ZX-12345", "language": "fr", "return_decision_process": true,
        "ad_hoc_recognizers": [{
            "name": "Dossiers", "supported_language": "fr", "supported_entity": "FILE_NUMBER", "context": ["DOSSIER"],
            "patterns": [{"name": "zx", "regex": "\\bzx-(?<!a)\\d{5}\\b", "score": 0.5}],
        }],
    });
    let results = analyze(body).await;
    let of = |entity: &str| {
        let all = results.as_array().unwrap();
        all.iter().find(|r| r["entity_type"] == entity).unwrap_or_else(|| panic!("{results}")).clone()
    };
    let health = &of("HEALTH")["analysis_explanation"];
    assert_eq!(health["recognizer"], "VigieLexiconRecognizer");
    assert!(health["pattern_name"].as_str().unwrap().starts_with("health/"));
    let file = of("FILE_NUMBER");
    assert_eq!(file["score"], 0.85);
    let expected = json!({
        "original_score": 0.5, "pattern": "\\bzx-(?<!a)\\d{5}\\b", "pattern_name": "zx", "recognizer": "Dossiers",
        "regex_flags": 26, "score": 0.85, "score_context_improvement": 0.35, "supportive_context_word": "DOSSIER",
        "textual_explanation": "Detected by `Dossiers` using pattern `zx`", "validation_result": null,
    });
    assert_eq!(file["analysis_explanation"], expected);
}

#[tokio::test]
async fn a_deny_list_finds_whole_words_and_the_requests_context_counts() {
    let text = "Projet Aigle, aigle royal, Aiglefin";
    let recognizer = json!({"supported_entities": ["CODENAME"], "deny_list": ["aigle", "a+b"], "deny_list_score": 0.5, "context": ["secret"]});
    let results = analyze(json!({"text": text, "language": "fr", "ad_hoc_recognizers": [recognizer], "context": ["Top secret"]})).await;
    assert_eq!(found(text, &results), [is("CODENAME", "Aigle"), is("CODENAME", "aigle")]);
    assert_eq!(results[0]["score"], 0.85);
}

#[tokio::test]
async fn what_a_request_brings_along_is_bounded() {
    let app = app();
    let with = |patterns: Value| {
        json!({
            "text": format!("{}!", "a".repeat(20_000)), "language": "fr",
            "ad_hoc_recognizers": [{"supported_entity": "X", "patterns": patterns}],
        })
    };
    let pattern = |regex: &str| json!({"name": "n", "regex": regex, "score": 0.5});
    for (patterns, word) in [
        (json!([pattern("(")]), "/ad_hoc_recognizers/0/patterns/0/regex"),
        (json!([pattern(&"a".repeat(2001))]), "/ad_hoc_recognizers/0/patterns/0/regex"),
        (json!([pattern("((\\w{100}){100}){100}")]), "/ad_hoc_recognizers/0/patterns/0/regex"),
        (json!([pattern(r"^(?:(a|aa)\1?)+c")]), "too many steps"),
        (json!([pattern("a")]), "10000 results"),
        (json!(vec![pattern("z"); 101]), "more than 100"),
        (json!([{"name": "n", "regex": "a", "score": 2}]), "/score"),
        (json!([]), "deny_list"),
    ] {
        let begin = std::time::Instant::now();
        let reply = post(&app, "/analyze", &with(patterns.clone())).await;
        assert_eq!(reply.status, 422, "{patterns}: {}", reply.text());
        assert!(reply.text().contains(word), "{word}: {}", reply.text());
        assert!(begin.elapsed().as_secs() < 10, "{patterns}");
    }
    let words: Vec<String> = (0..10_001).map(|n| format!("mot{n}")).collect();
    let recognizer = |words: &[String]| {
        json!({
            "text": "mot3, mot9999", "language": "fr", "ad_hoc_recognizers": [{"supported_entity": "X", "deny_list": words}],
        })
    };
    assert_eq!(post(&app, "/analyze", &recognizer(&words)).await.status, 422);
    assert_eq!(
        post(&app, "/analyze", &recognizer(&words[..10_000])).await.json().as_array().unwrap().len(),
        2
    );
}

#[tokio::test]
async fn wrong_requests_say_where() {
    let app = app();
    for (path, body, status, word) in [
        ("/analyze", json!({}), 422, "/text"),
        ("/analyze", json!({"text": NOTE}), 422, "/language"),
        ("/analyze", json!({"text": 1, "language": "fr"}), 422, "/text"),
        ("/analyze", json!({"text": [NOTE, 1], "language": "fr"}), 422, "/text"),
        ("/analyze", json!({"text": NOTE, "language": "de"}), 422, "fr or en"),
        (
            "/analyze",
            json!({"text": NOTE, "language": "fr", "entities": ["PERSON"]}),
            422,
            "/supportedentities",
        ),
        ("/analyze", json!({"text": NOTE, "language": "fr", "score_threshold": 2}), 422, "/score_threshold"),
        (
            "/analyze",
            json!({"text": NOTE, "language": "fr", "allow_list_match": "x"}),
            422,
            "/allow_list_match",
        ),
        (
            "/analyze",
            json!({"text": NOTE, "language": "fr", "allow_list": ["("], "allow_list_match": "regex"}),
            422,
            "/allow_list",
        ),
        ("/analyze", json!({"text": vec!["a"; 1001], "language": "fr"}), 413, "max_batch"),
        ("/analyze", json!({"text": "a".repeat(100_001), "language": "fr"}), 413, "100000"),
        ("/anonymize", json!({"text": NOTE}), 422, "/analyzer_results"),
        ("/anonymize", json!({"analyzer_results": []}), 422, "/text"),
        (
            "/anonymize",
            json!({"text": "é", "analyzer_results": [{"entity_type": "A", "start": 0, "end": 2, "score": 1}]}),
            422,
            "/analyzer_results/0",
        ),
        (
            "/anonymize",
            json!({"text": "ab", "analyzer_results": [{"entity_type": "A", "start": 2, "end": 1, "score": 1}]}),
            422,
            "/analyzer_results/0",
        ),
        (
            "/anonymize",
            json!({"text": "ab", "analyzer_results": [{"entity_type": "A", "start": 0, "end": 1}]}),
            422,
            "/analyzer_results/0/score",
        ),
        (
            "/anonymize",
            json!({"text": "a", "analyzer_results": [], "anonymizers": {"A": {"type": "custom"}}}),
            422,
            "/anonymizers/A/type",
        ),
        (
            "/anonymize",
            json!({"text": "a", "analyzer_results": [], "anonymizers": {"A": {"type": "mask"}}}),
            422,
            "/anonymizers/A/masking_char",
        ),
        (
            "/anonymize",
            json!({"text": "a", "analyzer_results": [], "anonymizers": {"A": {"type": "hash", "hash_type": "md5"}}}),
            422,
            "hash_type",
        ),
        (
            "/anonymize",
            json!({"text": "a", "analyzer_results": [], "anonymizers": {"A": {"type": "hash", "salt": "short"}}}),
            422,
            "16 bytes",
        ),
        (
            "/anonymize",
            json!({"text": "a", "analyzer_results": [], "anonymizers": {"A": {"type": "encrypt", "key": "short"}}}),
            422,
            "16, 24 or 32",
        ),
    ] {
        let reply = post(&app, path, &body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-type")),
            (status, "application/problem+json"),
            "{body}"
        );
        assert!(reply.text().contains(word), "{word}: {}", reply.text());
    }
    assert_eq!(send(&app, request("POST", "/analyze", "text/plain", "{}")).await.status, 415);
    let many = json!({"text": NOTE, "language": "fr", "context": vec!["a"; 1001]});
    assert!(post(&app, "/analyze", &many).await.text().contains("/context"));
    let results: Vec<Value> =
        (0..200).map(|n| json!({"entity_type": "A", "start": 3 * n, "end": 3 * n + 1, "score": 1})).collect();
    let grown = json!({
        "text": "a- ".repeat(200), "analyzer_results": results,
        "anonymizers": {"A": {"type": "replace", "new_value": "b".repeat(100_000)}},
    });
    assert_eq!(post(&app, "/anonymize", &grown).await.status, 413);
}

#[tokio::test]
async fn each_operator_does_its_work_and_offsets_are_of_the_new_text() {
    let text = "é👍 alpha bravo charlie delta echo";
    let at = |word: &str, entity: &str| {
        let start = text[..text.find(word).unwrap()].chars().count();
        json!({"entity_type": entity, "start": start, "end": start + word.chars().count(), "score": 0.5})
    };
    let body = json!({
        "text": text,
        "analyzer_results": [at("alpha", "A"), at("bravo", "B"), at("charlie", "C"), at("delta", "D"), at("echo", "E"), at("👍", "F")],
        "anonymizers": {
            "A": {"type": "replace", "new_value": "ÀÀ"}, "B": {"type": "redact"},
            "C": {"type": "mask", "masking_char": "*", "chars_to_mask": 4, "from_end": true},
            "D": {"type": "keep"},
            "E": {"type": "hash", "hash_type": "sha256", "salt": "0123456789abcdef"},
        },
    });
    let answer = post(&app(), "/anonymize", &body).await.json();
    let hash = "2f04b9eb84c3fcdc0f24ca968563fceebc301327c82cd72b83aad8b33e56a502";
    let new = answer["text"].as_str().unwrap();
    assert_eq!(new, format!("é<F> ÀÀ  cha**** delta {hash}"));
    let items = answer["items"].as_array().unwrap();
    let order: Vec<&str> = items.iter().map(|i| i["entity_type"].as_str().unwrap()).collect();
    assert_eq!(order, ["E", "D", "C", "B", "A", "F"]);
    for item in items {
        let (start, end) = (item["start"].as_u64().unwrap() as usize, item["end"].as_u64().unwrap() as usize);
        assert_eq!(json!(new.chars().skip(start).take(end - start).collect::<String>()), item["text"]);
    }
    assert_eq!(items[0]["operator"], "hash");
    assert_eq!(items[5]["operator"], "replace");
}

#[tokio::test]
async fn random_operators_differ_each_time_and_default_is_for_the_rest() {
    let app = app();
    let result = json!([{"entity_type": "A", "start": 7, "end": 17, "score": 1}]);
    for (operator, size) in [
        (json!({"type": "hash", "hash_type": "sha512"}), 128),
        (json!({"type": "hash"}), 64),
        (json!({"type": "encrypt", "key": "0123456789abcdef"}), 44),
    ] {
        let body = json!({"text": NOTE, "analyzer_results": result, "anonymizers": {"DEFAULT": operator}});
        let texts: Vec<String> =
            [post(&app, "/anonymize", &body).await, post(&app, "/anonymize", &body).await]
                .iter()
                .map(|reply| reply.json()["items"][0]["text"].as_str().unwrap().to_owned())
                .collect();
        assert_ne!(texts[0], texts[1]);
        assert_eq!(texts[0].len(), size, "{operator}");
    }
}

#[tokio::test]
async fn the_two_halves_fit_together() {
    let text = "Client diabétique, paul@exemple.fr";
    let results = analyze(json!({"text": text, "language": "fr", "return_decision_process": true})).await;
    let answer = post(&app(), "/anonymize", &json!({"text": text, "analyzer_results": results})).await.json();
    assert_eq!(answer["text"], "Client <HEALTH>, <EMAIL_ADDRESS>");
}

#[tokio::test]
async fn lists_need_a_key_and_health_does_not() {
    let app = app();
    let entities = get(&app, "/supportedentities?language=fr").await.json();
    assert!(entities.as_array().unwrap().contains(&json!("FR_NIR")));
    assert_eq!(
        get(&app, "/recognizers").await.json(),
        json!(["VigieLexiconRecognizer", "VigiePatternRecognizer"])
    );
    assert_eq!(get(&app, "/recognizers?language=de").await.status, 422);
    assert_eq!(get(&app, "/health").await.text(), "Vigie service is up");
    let keyed = app_of(config(), Keys::new(vec![new_key("crm").unwrap().stored]));
    assert_eq!(get(&keyed, "/health").await.status, 200);
    for path in ["/recognizers", "/supportedentities"] {
        assert_eq!(get(&keyed, path).await.status, 401, "{path}");
    }
    for path in ["/analyze", "/anonymize"] {
        assert_eq!(post(&keyed, path, &json!({})).await.status, 401, "{path}");
    }
}
