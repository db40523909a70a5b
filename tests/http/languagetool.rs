//! LanguageTool's protocol.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use vigie::config::Config;
use vigie::secret::{Keys, new_key};

use crate::support::*;

const FORM: &str = "application/x-www-form-urlencoded";

/// Escapes everything but letters and digits.
fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn form(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(n, v)| format!("{n}={}", escaped(v))).collect::<Vec<_>>().join("&")
}

async fn post_form(app: &Router, body: impl Into<Body>) -> Reply {
    send(app, request("POST", "/v2/check", FORM, body)).await
}

async fn check(pairs: &[(&str, &str)]) -> Value {
    let reply = post_form(&app(), form(pairs)).await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("content-type")),
        (200, "application/json"),
        "{}",
        reply.text()
    );
    reply.json()
}

/// The words a match covers, in UTF-16 units as clients count.
fn words(text: &str, found: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = found["offset"].as_u64().unwrap() as usize;
    String::from_utf16(&units[at..at + found["length"].as_u64().unwrap() as usize]).unwrap()
}

/// What a client does that applies the first replacement of every match, from the last to the first.
fn corrected(text: &str, answer: &Value) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    for found in answer["matches"].as_array().unwrap().iter().rev() {
        let at = found["offset"].as_u64().unwrap() as usize;
        let end = at + found["length"].as_u64().unwrap() as usize;
        let value = found["replacements"][0]["value"].as_str().unwrap();
        units.splice(at..end, value.encode_utf16());
    }
    String::from_utf16(&units).unwrap()
}

#[tokio::test]
async fn a_match_has_every_member_that_clients_read() {
    let text = "👍 Client diabétique. RAS";
    let answer = check(&[("text", text), ("language", "fr-FR")]).await;
    assert_eq!(
        (&answer["software"]["apiVersion"], &answer["software"]["premium"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(answer["warnings"]["incompleteResults"], false);
    assert_eq!(
        (&answer["language"]["code"], &answer["language"]["detectedLanguage"]["code"]),
        (&json!("fr"), &json!("fr"))
    );
    assert_eq!(answer["matches"].as_array().unwrap().len(), 1);
    let found = &answer["matches"][0];
    assert_eq!(words(text, found), FOUND);
    assert!(found["message"].as_str().unwrap().contains("RGPD"));
    assert_eq!(found["shortMessage"], "Santé");
    assert_eq!(found["replacements"][0]["value"], "[santé]");
    assert_eq!(found["context"], json!({"text": text, "offset": 10, "length": 10}));
    assert_eq!(found["sentence"], "👍 Client diabétique.");
    assert_eq!(found["type"]["typeName"], "Other");
    let rule = &found["rule"];
    assert!(rule["id"].as_str().unwrap().starts_with("VIGIE_HEALTH"), "{rule}");
    assert!(rule["subId"].as_str().unwrap().starts_with("health/"), "{rule}");
    assert_eq!(rule["issueType"], "non-conformance");
    assert_eq!(rule["category"], json!({"id": "HEALTH", "name": "Santé"}));
    assert!(rule["description"].as_str().unwrap().contains("RGPD"));
    assert_eq!(
        (&found["ignoreForIncompleteSentence"], &found["contextForSureMatch"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(answer["sentenceRanges"], json!([[0, 21], [22, 25]]));
}

#[tokio::test]
async fn replacements_applied_blindly_give_the_redacted_note() {
    for text in [
        "👍 Client diabétique, délégué CGT ; tél 06 12 34 56 78 👍",
        "Ce connard de musulman séropositif est au RSA, mail paul@exemple.fr",
        "RAS, livraison le matin",
        "",
    ] {
        let answer = check(&[("text", text), ("language", "auto"), ("level", "picky")]).await;
        let redacted = post(&app(), "/v1/redact", &json!({"text": text})).await.json();
        assert_eq!(json!(corrected(text, &answer)), redacted["redacted"], "{answer}");
    }
}

#[tokio::test]
async fn markup_is_not_scanned_and_offsets_count_it() {
    let data = json!({"annotation": [
        {"text": "😀 Client "}, {"markup": "<b class=\"diabétique\">"}, {"text": "diabé"}, {"markup": "<i>"},
        {"text": "tique"}, {"markup": "</i></b>"}, {"markup": "<p/>", "interpretAs": "\n\n"}, {"text": "RAS"},
    ]});
    let original = "😀 Client <b class=\"diabétique\">diabé<i>tique</i></b><p/>RAS";
    let answer = check(&[("data", &data.to_string()), ("language", "fr")]).await;
    let found = &answer["matches"][0];
    assert_eq!(answer["matches"].as_array().unwrap().len(), 1);
    assert_eq!(words(original, found), "diabé<i>tique");
    assert_eq!(found["sentence"], "😀 Client diabétique");
    assert_eq!(corrected(original, &answer), "😀 Client <b class=\"diabétique\">[santé]<i></i></b><p/>RAS");
    let plain = check(&[("data", r#"{"text": "Client diabétique"}"#), ("language", "fr")]).await;
    assert_eq!(plain["matches"][0]["offset"], 7);
}

#[tokio::test]
async fn markup_anywhere_changes_neither_what_is_found_nor_what_is_left() {
    let text = "👍 Client diabétique, délégué CGT ; tél 06 12 34 56 78 👍";
    let redacted = post(&app(), "/v1/redact", &json!({"text": text})).await.json();
    for (at, _) in text.char_indices() {
        let data = json!({"annotation": [{"text": text[..at]}, {"markup": "<😀/>"}, {"text": text[at..]}]});
        let answer = check(&[("data", &data.to_string()), ("language", "fr"), ("level", "picky")]).await;
        let left = corrected(&format!("{}<😀/>{}", &text[..at], &text[at..]), &answer);
        assert_eq!(left.matches("<😀/>").count(), 1, "{at}: {left}");
        assert_eq!(json!(left.replace("<😀/>", "")), redacted["redacted"], "{at}");
    }
}

#[tokio::test]
async fn what_the_profile_only_reports_is_for_the_picky() {
    let text = "Client au RSA, tél 06 12 34 56 78, mail paul@exemple.fr";
    let found = post(&app(), "/v1/check", &json!({"text": text, "profile": "retail"})).await;
    let found = found.json()["findings"].clone();
    let reported = found.as_array().unwrap().iter().filter(|f| f["action"] == "report").count();
    assert!(reported == 2, "{found}");
    let count = async |level: &str| {
        let answer =
            check(&[("text", text), ("language", "fr"), ("level", level), ("profile", "retail")]).await;
        answer["matches"].as_array().unwrap().len()
    };
    assert_eq!(count("picky").await, found.as_array().unwrap().len());
    assert_eq!(count("default").await, found.as_array().unwrap().len() - reported);
}

#[tokio::test]
async fn rules_and_categories_are_switched_on_and_off() {
    let text = ("text", "Client diabétique, délégué CGT");
    let of = async |extra: &[(&str, &str)]| -> Vec<String> {
        let answer = check(&[&[text, ("language", "fr")], extra].concat()).await;
        let matches = answer["matches"].as_array().unwrap().iter();
        matches.map(|m| m["rule"]["category"]["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = check(&[text, ("language", "fr")]).await;
    let rule = all["matches"][0]["rule"].clone();
    let (id, sub_id) = (rule["id"].as_str().unwrap(), rule["subId"].as_str().unwrap());
    assert_eq!(of(&[]).await, ["HEALTH", "TRADE_UNION"]);
    assert_eq!(of(&[("disabledRules", &format!("OTHER,{id}"))]).await, ["TRADE_UNION"]);
    assert_eq!(of(&[("disabledRules", sub_id)]).await, ["TRADE_UNION"]);
    assert_eq!(of(&[("disabledCategories", "HEALTH, TYPOS")]).await, ["TRADE_UNION"]);
    assert_eq!(
        of(&[("disabledCategories", "HEALTH"), ("enabledRules", id)]).await,
        ["HEALTH", "TRADE_UNION"]
    );
    assert_eq!(of(&[("enabledOnly", "true"), ("enabledRules", id)]).await, ["HEALTH"]);
    assert_eq!(of(&[("enabledOnly", "yes"), ("enabledCategories", "TRADE_UNION")]).await, ["TRADE_UNION"]);
    assert_eq!(of(&[("enabledCategories", "HEALTH")]).await, ["HEALTH", "TRADE_UNION"]);
    assert_eq!(of(&[("mode", "textLevelOnly")]).await, [""; 0]);
    assert_eq!(
        of(&[("mode", "allButTextLevelOnly"), ("motherTongue", "fr")]).await,
        ["HEALTH", "TRADE_UNION"]
    );
}

#[tokio::test]
async fn what_libreoffice_posts_unescaped_is_read_whole() {
    let text = "Café & thé à 100 % + « délégué CGT », diabétique 👍";
    let body = format!("text={text}&language=fr-FR&username=anne&apiKey=unknown");
    let answer = post_form(&app(), body).await.json();
    let found: Vec<String> = answer["matches"].as_array().unwrap().iter().map(|m| words(text, m)).collect();
    assert_eq!(found.last().unwrap(), FOUND, "{answer}");
    assert_eq!(corrected(text, &answer).split(" + ").next(), Some("Café & thé à 100 %"));
}

/// Requests put together as the sources of editors' clients do, to the header: LTeX calls its form JSON.
#[tokio::test]
async fn what_editors_send_is_answered() {
    let ltex = json!({"annotation": [
        {"markup": "# ", "interpretAs": ""}, {"text": "Note"}, {"markup": "\n\n", "interpretAs": "\n\n"},
        {"text": "Client "}, {"markup": "**"}, {"text": "diabétique"}, {"markup": "**"},
    ]});
    let obsidian = json!({"annotation": [
        {"text": "Client ", "offset": {"start": 0, "end": 7}},
        {"interpretAs": "", "markup": "**", "offset": {"start": 7, "end": 9}},
        {"text": "diabétique", "offset": {"start": 9, "end": 19}},
    ]});
    for (client, kind, pairs, offset) in [
        (
            "LTeX",
            "application/json",
            vec![
                ("language", "fr"),
                ("data", &ltex.to_string()),
                ("level", "picky"),
                ("motherTongue", "fr"),
                ("username", "anne"),
                ("apiKey", "vigie_"),
            ],
            17,
        ),
        (
            "Obsidian",
            FORM,
            vec![
                ("data", &obsidian.to_string()),
                ("language", "auto"),
                ("enabledOnly", "false"),
                ("level", "default"),
                ("enabledCategories", "STYLE,TYPOGRAPHY"),
                ("disabledCategories", "PUNCTUATION"),
                ("enabledRules", ""),
                ("preferredVariants", "en-US,de-DE"),
            ],
            9,
        ),
        (
            "LanguageTool Linter",
            "application/x-www-form-urlencoded;charset=UTF-8",
            vec![
                ("data", &obsidian.to_string()),
                ("language", "auto"),
                ("preferredVariants", ""),
                ("motherTongue", ""),
                ("disabledCategories", ""),
                ("disabledRules", "DASH_RULE,EN_QUOTES"),
            ],
            9,
        ),
        (
            "LibreOffice 24",
            FORM,
            vec![
                ("text", "Client diabétique & délégué, à 100 % + le matin"),
                ("language", "fr-FR"),
                ("username", "anne"),
                ("apiKey", "vigie_"),
            ],
            7,
        ),
    ] {
        let reply = send(&app(), request("POST", "/v2/check", kind, form(&pairs))).await;
        assert_eq!(reply.status, 200, "{client}: {}", reply.text());
        let matches = reply.json()["matches"].clone();
        assert_eq!((&matches[0]["offset"], &matches[0]["length"]), (&json!(offset), &json!(10)), "{client}");
    }
    for kind in ["", "text/plain"] {
        let body = form(&[("text", NOTE), ("language", "fr")]);
        assert_eq!(send(&app(), request("POST", "/v2/check", kind, body)).await.status, 200, "{kind}");
    }
    // Linter's ping.
    assert!(send(&app(), request("HEAD", "/v2/check", "", "")).await.status.is_client_error());
}

#[tokio::test]
async fn a_query_is_as_good_as_a_body() {
    let app = app();
    let query = form(&[("text", NOTE), ("language", "fr")]);
    for (method, path, kind, body) in [
        ("GET", format!("/v2/check?{query}"), "", String::new()),
        ("POST", format!("/v2/check?{query}"), FORM, String::new()),
        ("POST", "/v2/check?text=rien&language=de".to_owned(), FORM, query.clone()),
    ] {
        let reply = send(&app, request(method, &path, kind, body)).await;
        assert_eq!(reply.json()["matches"][0]["offset"], 7, "{method} {path}");
    }
}

#[tokio::test]
async fn wrong_parameters_are_named_with_the_status_that_clients_know() {
    let app = app();
    for (body, status, word) in [
        ("", 400, "?text: missing"),
        ("text=a", 400, "?language: missing"),
        ("language=fr", 400, "?text: missing"),
        ("text=a&language=de", 400, "?language"),
        ("text=a&data=b&language=fr", 400, "not both"),
        ("data=b&language=fr", 400, "?data"),
        ("data={}&language=fr", 400, "?data"),
        ("text=a&language=fr&level=hard", 400, "?level"),
        ("text=a&language=fr&enabledOnly=true", 400, "?enabledOnly"),
        ("text=a&language=fr&enabledOnly=true&enabledRules=A&disabledRules=B", 400, "?enabledOnly"),
        ("text=%FF&language=fr", 400, "UTF-8"),
        ("text=a&language=fr&profile=none", 422, "?profile"),
    ] {
        let reply = post_form(&app, body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-type")),
            (status, "application/problem+json"),
            "{body}"
        );
        assert!(reply.text().contains(word), "{body}: {}", reply.text());
    }
    let reply = send(&app, request("POST", "/v2/check", "multipart/form-data; boundary=a", "--a--")).await;
    assert_eq!(reply.status, 415);
    let small = app_of(Config { max_body_bytes: 100, ..config() }, Keys::default());
    assert_eq!(post_form(&small, format!("language=fr&text={}", "a".repeat(100))).await.status, 413);
    let long = form(&[("language", "fr"), ("text", &"é".repeat(50_001))]);
    assert_eq!(post_form(&app, long).await.status, 413);
}

#[tokio::test]
async fn languages_are_french_and_asked_for_without_a_key() {
    let keys = Keys::new(vec![new_key("crm").unwrap().stored]);
    let list = get(&app_of(config(), keys), "/v2/languages").await.json();
    assert_eq!(list[0], json!({"name": "French", "code": "fr", "longCode": "fr"}));
    assert!(list.as_array().unwrap().iter().any(|l| l["longCode"] == "fr-FR"));
}

#[tokio::test]
async fn the_key_is_a_parameter_or_a_header() {
    let crm = new_key("crm").unwrap();
    let app = app_of(config(), Keys::new(vec![crm.stored.clone()]));
    let body = |key: &str| form(&[("text", NOTE), ("language", "fr"), ("username", "anne"), ("apiKey", key)]);
    assert_eq!(post_form(&app, body(&crm.key)).await.json()["matches"][0]["offset"], 7);
    let raw = format!("text={NOTE} & thé&language=fr-FR&username=anne&apiKey={}", crm.key);
    assert_eq!(post_form(&app, raw).await.json()["matches"][0]["offset"], 7);
    assert_eq!(get(&app, &format!("/v2/check?{}", body(&crm.key))).await.status, 200);
    for refused in [body("vigie_no"), body(""), form(&[("text", NOTE), ("language", "fr")])] {
        assert_eq!(get(&app, &format!("/v2/check?{refused}")).await.status, 401, "{refused}");
        assert_eq!(post_form(&app, refused).await.status, 401);
    }
    assert_eq!(send(&app, request("POST", "/v2/check", "application/json", "{}")).await.status, 401);
    for (authorization, status) in [(format!("Bearer {}", crm.key), 200), ("Bearer vigie_no".to_owned(), 401)]
    {
        let request =
            Request::post("/v2/check").header("content-type", FORM).header("authorization", &authorization);
        let reply =
            send(&app, request.body(Body::from(form(&[("text", NOTE), ("language", "fr")]))).unwrap()).await;
        assert_eq!(reply.status.as_u16(), status, "{authorization}");
    }
}

#[tokio::test]
async fn installed_add_ons_may_read_the_answer_and_web_pages_may_not() {
    for (origin, allowed) in [
        ("moz-extension://0f7c0c1e-2d5b-4d0e-9d4e-4b6f8c8d1a2b", true),
        ("chrome-extension://oldceeleldhonbafppcapldpdifcinji", true),
        ("app://obsidian.md", true),
        ("https://exemple.fr", false),
        ("null", false),
    ] {
        for path in ["/v2/languages", "/v2/check?text=a&language=fr", "/v2/check", "/v1/categories"] {
            let request = Request::get(path).header("origin", origin).body(Body::empty()).unwrap();
            let reply = send(&app(), request).await;
            let expected = if allowed && path.starts_with("/v2") { origin } else { "" };
            assert_eq!(reply.header("access-control-allow-origin"), expected, "{origin} {path}");
        }
    }
}
