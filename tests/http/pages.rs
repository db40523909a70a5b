//! What browsers get: pages, the widget and its assets, and who may ask from another site.

use std::io::Read;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use vigie::config::Config;
use vigie::secret::{Keys, new_key};

use crate::support::*;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_first_page_is_a_form_without_anything_inline() {
    let app = app();
    let reply = get(&app, "/").await;
    assert!(reply.header("content-type").starts_with("text/html"));
    for word in ["lang=\"fr\"", "curl", "/v1/check", "/v1/openapi.json", "<form method=\"post\" action=\"/\""]
    {
        assert!(reply.text().contains(word), "{word}");
    }
    assert!(!reply.text().contains("style=") && !reply.text().contains("<style"));
    assert!(reply.text().split("<script").skip(1).all(|tag| tag.contains(" src=\"/")));
    assert_eq!(reply.header("cache-control"), "no-store");
    let policy = reply.header("content-security-policy");
    for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("data:"));
}

#[tokio::test]
async fn every_link_of_a_page_leads_somewhere() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = Some(dir.path().to_owned());
    let app = app_of(Config { data_dir, ..config() }, Keys::default());
    for page in ["/", "/regles", "/regles?categorie=health", "/etat", "/exemple/"] {
        let html = get(&app, page).await;
        for attribute in ["href=\"", "src=\""] {
            for link in html.text().split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                let path = if link.starts_with('/') { link.to_owned() } else { format!("{page}{link}") };
                if !link.starts_with('#') {
                    let path = path.split('#').next().unwrap_or_default();
                    assert_eq!(get(&app, path).await.status, 200, "{page} → {path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_form_answers_to_its_sender_only() {
    let app = app();
    let body = "text=%F0%9F%98%80+%3Cb%3EClient%3C%2Fb%3E+diab%C3%A9tique&profile=default";
    let reply = send(&app, request("POST", "/", FORM, body)).await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
    for part in [
        "😀 &lt;b&gt;Client&lt;/b&gt; diabétique</textarea>",
        ">diabétique</mark>",
        "[santé]",
        "À ne pas enregistrer tel quel",
        "<option value=\"default\" selected>",
    ] {
        assert!(reply.text().contains(part), "{part} in {}", reply.text());
    }
    assert!(!reply.text().contains("<b>"));
    let next = get(&app, "/").await;
    assert!(!next.text().contains("😀"));
    let example = send(&app, request("POST", "/", FORM, "text=&exemple=0")).await;
    assert!(example.text().contains(">diabétique"), "{}", example.text());
}

#[tokio::test]
async fn a_form_that_is_wrong_gets_a_problem() {
    let app = app();
    for (body, status) in [
        ("text=a&profile=nope".to_owned(), 422),
        ("text=%FF".to_owned(), 400),
        (format!("text={}", "a".repeat(200_000)), 413),
        (String::new(), 200),
        ("exemple=999".to_owned(), 200),
    ] {
        let reply = send(&app, request("POST", "/", FORM, body.clone())).await;
        assert_eq!(reply.status, status, "{}", &body[..body.len().min(30)]);
    }
}

#[tokio::test]
async fn assets_are_asked_for_again_and_sent_once() {
    let app = app();
    for (path, kind) in [
        ("/widget.js", "text/javascript"),
        ("/static/vigie.css", "text/css"),
        ("/static/essayer.js", "text/javascript"),
        ("/static/icon.svg", "image/svg+xml"),
        ("/exemple/", "text/html"),
        ("/exemple/crm.js", "text/javascript"),
    ] {
        let first = get(&app, path).await;
        assert!(first.header("content-type").starts_with(kind), "{path}");
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let tag = first.header("etag").to_owned();
        let again = Request::get(path).header("if-none-match", format!("\"x\", {tag}"));
        let again = send(&app, again.body(Body::empty()).unwrap()).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), tag);
    }
    assert_eq!(get(&app, "/static/nope.js").await.status, 404);
    assert_eq!(get(&app, "/exemple").await.header("location"), "/exemple/");
}

#[tokio::test]
async fn the_widget_is_one_plain_script() {
    let reply = get(&app(), "/widget.js").await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin");
    let code = reply.text();
    assert!(code.lines().all(|line| !line.starts_with("import ") && !line.starts_with("export ")));
    let packed = Request::get("/widget.js").header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    let packed = send(&app(), packed).await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("gzip", "accept-encoding"));
    assert!(packed.body.len() < 15_000, "{} bytes", packed.body.len());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, code);
    // What a strict policy refuses.
    for word in ["eval(", "new Function", "innerHTML", "setAttribute('style'", "<style"] {
        assert!(!code.contains(word), "{word}");
    }
}

#[tokio::test]
async fn with_keys_pages_ask_for_one_and_the_widget_does_not() {
    let app = app_of(config(), Keys::new(vec![new_key("crm").unwrap().stored]));
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 401);
    assert!(reply.header("www-authenticate").starts_with("Basic realm="));
    assert_eq!(send(&app, request("POST", "/", FORM, "text=a")).await.status, 401);
    for path in ["/widget.js", "/static/vigie.css", "/exemple/"] {
        assert_eq!(get(&app, path).await.status, 200, "{path}");
    }
}

async fn from(app: &axum::Router, method: &str, path: &str, origin: &str) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("content-type", "application/json");
    send(app, request.body(Body::from("{\"text\": \"a\"}")).unwrap()).await
}

#[tokio::test]
async fn only_named_origins_may_read_an_answer() {
    let crm = "https://crm.example";
    let open = app_of(Config { allow_origin: vec![crm.to_owned()], ..config() }, Keys::default());
    let asked = from(&open, "OPTIONS", "/v1/check", crm).await;
    assert_eq!((asked.status.as_u16(), asked.header("access-control-allow-origin")), (204, crm));
    assert!(asked.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(asked.header("access-control-allow-credentials"), "");
    let answered = from(&open, "POST", "/v1/check", crm).await;
    assert_eq!((answered.status.as_u16(), answered.header("access-control-allow-origin")), (200, crm));
    for (app, origin, path) in [
        (&open, "https://crm.example.evil.example", "/v1/check"),
        (&open, "null", "/v1/check"),
        (&open, crm, "/metrics"),
        (&app(), crm, "/v1/check"),
    ] {
        for method in ["OPTIONS", "POST"] {
            let reply = from(app, method, path, origin).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{method} {path} {origin}");
        }
    }
}

#[tokio::test]
async fn an_override_is_counted_and_takes_no_text() {
    let app = app();
    let sent = json!({"reason": "consent", "categories": ["health", "health"]});
    assert_eq!(post(&app, "/v1/overrides", &sent).await.status, 204);
    let metrics = get(&app, "/metrics").await;
    let line = r#"vigie_overrides_total{reason="consent",category="health"} 1"#;
    assert!(metrics.text().contains(line), "{}", metrics.text());
    for wrong in [
        json!({"reason": "because", "categories": ["health"]}),
        json!({"reason": "consent", "categories": []}),
        json!({"reason": "consent", "categories": ["diabète"]}),
        json!({"reason": "consent", "categories": ["health"], "text": "diabète"}),
        json!({"reason": "consent", "categories": ["health"], "profile": "diabète"}),
    ] {
        let reply = post(&app, "/v1/overrides", &wrong).await;
        assert_eq!(reply.status, 422, "{wrong}");
        assert!(!reply.text().contains("diabète"), "{}", reply.text());
    }
}

#[tokio::test]
async fn rules_are_shown_and_a_text_is_explained() {
    let app = app();
    let page = get(&app, "/regles?categorie=health").await;
    for part in ["health/diabete", "Signalé", "Laissé", "Usage général", "aria-current=\"true\">Santé"] {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(!get(&app, "/regles?categorie=%3Cx%3E").await.text().contains("<x>"));
    let body = "text=Client+diab%C3%A9tique,+le+greffe+du+tribunal+%3Cb%3E";
    let reply = send(&app, request("POST", "/regles", FORM, body)).await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"));
    for part in ["retenu", "health/diabete", "écarté", "expression inoffensive", "&lt;b&gt;"] {
        assert!(reply.text().contains(part), "{part}");
    }
    assert!(!reply.text().contains("<b>"));
}

#[tokio::test]
async fn the_state_tells_versions_and_no_secret() {
    let keys = Keys::new(vec![new_key("nom-de-cle").unwrap().stored]);
    assert_eq!(get(&app_of(config(), keys), "/etat").await.status, 401);
    let page = get(&app(), "/etat").await;
    for part in
        [env!("CARGO_PKG_VERSION"), SCANNER.versions().lexicons.as_str(), "Le service répond", "sur 64"]
    {
        assert!(page.text().contains(part), "{part}");
    }
}
