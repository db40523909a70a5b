//! What a rescan may read, and who may ask for one.

use axum::body::Body;
use axum::http::Request;
use futures_util::stream;
use serde_json::{Value, json};
use vigie::config::{Config, NamedSink, NamedSource};
use vigie::http::{AppState, router};
use vigie::rescan::spec::Table;
use vigie::secret::{Keys, new_key};

use super::place::{Place, csv};
use crate::support::*;

fn place() -> Place {
    let place = Place::with(|config, dir| {
        config.rescan_dirs = vec![dir.join("exports")];
        config.source = vec![
            NamedSource {
                name: "crm".to_owned(),
                url: Some("postgres://vigie:s3cret@127.0.0.1:1/crm".to_owned()),
                tables: vec![Table { name: "notes".to_owned(), ..Table::default() }],
                ..NamedSource::default()
            },
            NamedSource { name: "nuit".to_owned(), paths: vec![dir.join("nuit")], ..NamedSource::default() },
        ];
        config.sink =
            vec![NamedSink { name: "bi".to_owned(), path: Some(dir.join("out-{id}.csv")), url: None }];
        config.max_upload_bytes = 5000;
    });
    place.write("exports/a.csv", &csv(6));
    place.write("nuit/b.csv", &csv(9));
    place.write("elsewhere/c.csv", &csv(3));
    place
}

async fn ask(place: &Place, source: Value) -> Reply {
    post(&place.app, "/v1/rescans", &json!({"sources": [source]})).await
}

#[tokio::test]
async fn what_the_settings_name_is_read_and_written() {
    let place = place();
    let offered = get(&place.app, "/v1/rescans/sources").await;
    assert_eq!(offered.json()["sources"][0]["place"], "postgres://vigie@127.0.0.1:1/crm");
    assert_eq!(offered.json()["sources"][0]["tables"], json!(["notes"]));
    assert!(!offered.text().contains("s3cret"));
    let whole = place.path("exports/a.csv");
    for (source, notes) in [
        (json!({"kind": "files", "paths": ["a.csv"]}), 6),
        (json!({"kind": "files", "paths": [whole], "columns": {"key": "id", "text": ["note"]}}), 6),
        (json!({"kind": "files", "paths": ["."]}), 6),
        (json!({"kind": "source", "name": "nuit"}), 9),
    ] {
        let reply = ask(&place, source.clone()).await;
        assert_eq!(reply.status, 202, "{source}: {}", reply.text());
        let done = place.until_state(reply.json()["id"].as_str().unwrap(), "done").await;
        assert_eq!(done["notes"]["seen"].as_u64(), Some(notes), "{source}");
    }
    let asked = json!({"sources": [{"kind": "source", "name": "nuit"}], "sinks": ["bi"]});
    let id = post(&place.app, "/v1/rescans", &asked).await.json()["id"].as_str().unwrap().to_owned();
    place.until_state(&id, "done").await;
    let written = place.path(&format!("out-{id}.csv"));
    for _ in 0..100 {
        if written.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(std::fs::read_to_string(written).unwrap().lines().count(), 4);
}

#[tokio::test]
async fn nothing_else_is_read_and_no_host_is_reached() {
    let place = place();
    let elsewhere = place.path("elsewhere/c.csv");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&elsewhere, place.path("exports/link.csv")).unwrap();
    for (source, pointer) in [
        (json!({"kind": "files", "paths": ["/etc/passwd"], "format": "csv"}), "/sources/0/paths/0"),
        (json!({"kind": "files", "paths": ["a.csv", elsewhere]}), "/sources/0/paths/1"),
        (json!({"kind": "files", "paths": ["../elsewhere/c.csv"]}), "/sources/0/paths/0"),
        (
            json!({"kind": "files", "paths": [place.path("data/vigie.db")], "format": "csv"}),
            "/sources/0/paths/0",
        ),
        (json!({"kind": "files", "paths": ["nope.csv"]}), "/sources/0/paths/0"),
        (json!({"kind": "files", "paths": ["link.csv"]}), "/sources/0/paths/0"),
        (json!({"kind": "files", "paths": ["."]}), "/sources"),
        (json!({"kind": "files", "paths": []}), "/sources/0/paths"),
        (json!({"kind": "upload", "upload": "../../exports"}), "/sources/0/upload"),
        (json!({"kind": "upload", "upload": "u-00112233445566778899aabbccddeeff"}), "/sources/0/upload"),
        (json!({"kind": "database", "url": "postgres://u@10.0.0.1/x", "tables": []}), "/sources/0/kind"),
        (json!({"kind": "source", "name": "nope"}), "/sources/0/name"),
        (json!({"kind": "source", "name": "crm", "tables": ["users"]}), "/sources/0/tables/0"),
        (json!({"kind": "source", "name": "crm", "url": "postgres://u@10.0.0.1/x"}), "/sources/0/url"),
        (json!({"kind": "source", "name": "crm", "query": "SELECT 1"}), "/sources/0/query"),
    ] {
        let reply = ask(&place, source.clone()).await;
        assert_eq!(reply.status, 422, "{source}: {}", reply.text());
        assert_eq!(reply.json()["errors"][0]["pointer"], pointer, "{source}: {}", reply.text());
    }
    // Whether a file exists is not told.
    let detail =
        async |path: &str| ask(&place, json!({"kind": "files", "paths": [path]})).await.text().to_owned();
    assert_eq!(detail("/etc/passwd").await, detail("/etc/no-such-file").await);
    let sink = json!({"sources": [{"kind": "source", "name": "nuit"}], "sinks": ["/etc/cron.d/x"]});
    assert_eq!(post(&place.app, "/v1/rescans", &sink).await.json()["errors"][0]["pointer"], "/sinks/0");
    assert_eq!(get(&place.app, "/v1/rescans").await.json()["rescans"], json!([]));
}

#[tokio::test]
async fn a_file_sent_has_a_plain_name_and_a_bounded_size() {
    let place = place();
    for name in ["", "notes", "notes.exe", "..%2Fx.csv", ".x.csv", "a%2Fb.csv"] {
        let reply = place.upload(name, csv(1)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.json()["errors"][0]["pointer"].as_str()),
            (422, Some("?name")),
            "{name}"
        );
    }
    let large = place.upload("notes.csv", "x".repeat(5001)).await;
    assert!(large.status == 413 && large.text().contains("max_upload_bytes"), "{}", large.text());
    assert_eq!(place.upload("notes.csv", String::new()).await.status, 400);
    for kind in ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
        let reply = send(&place.app, request("POST", "/v1/rescans/uploads?name=a.csv", kind, csv(1))).await;
        assert_eq!(reply.status, 415, "{kind}");
    }
    assert_eq!(place.uploads().await, 0);
}

#[tokio::test]
async fn files_being_sent_count_as_long_as_they_may_become() {
    let place = place();
    let begun: Vec<_> = (0..10)
        .map(|_| {
            let endless = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
            let kind = "application/octet-stream";
            let sent = request("POST", "/v1/rescans/uploads?name=a.csv", kind, endless);
            let app = place.app.clone();
            tokio::spawn(async move { send(&app, sent).await.status })
        })
        .collect();
    let kept = || std::fs::read_dir(place.path("data/uploads")).map_or(0, |folder| folder.count());
    for _ in 0..500 {
        if kept() == 10 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(kept(), 10);
    let refused = place.upload("b.csv", csv(1)).await;
    assert!(refused.status == 503 && refused.text().contains("too many files"), "{}", refused.text());
    begun.iter().for_each(|task| task.abort());
    assert_eq!(place.uploads().await, 0);
    // A file that says how long it is takes no more room than that.
    let small = futures_util::future::join_all((0..20).map(|_| place.upload("b.csv", csv(1)))).await;
    assert!(small.iter().all(|reply| reply.status == 201));
}

#[tokio::test]
async fn what_makes_no_sense_is_said_with_its_place_and_never_repeated() {
    let place = place();
    for (body, pointers) in [
        (json!({}), vec!["/sources"]),
        (json!({"sources": []}), vec!["/sources"]),
        (json!({"sources": [{"kind": "secret"}]}), vec!["/sources/0/kind"]),
        (
            json!({"sources": ["x"], "rate": 0, "min_score": 2, "name": "secret\n", "incremental": "secret"}),
            vec!["/name", "/min_score", "/rate", "/incremental"],
        ),
        (json!({"sources": [{"kind": "source", "name": "nuit"}], "profile": "secret"}), vec!["/profile"]),
        (json!({"sources": [{"kind": "source", "name": "nuit"}], "excerpts": true}), vec!["/excerpts"]),
        (
            json!({"sources": [{"kind": "files", "paths": ["a.csv"], "delimiter": "secret", "format": "secret"}]}),
            vec!["/sources/0/format", "/sources/0/delimiter"],
        ),
        (
            json!({"sources": [{"kind": "files", "paths": ["a.csv"], "columns": {"text": "secret"}}]}),
            vec!["/sources/0/columns/text"],
        ),
    ] {
        let reply = post(&place.app, "/v1/rescans", &body).await;
        assert_eq!(reply.status, 422, "{body}");
        let errors = reply.json()["errors"].as_array().unwrap().clone();
        let found: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(found, pointers, "{body}");
        assert!(!reply.text().contains("secret"), "{}", reply.text());
    }
}

#[tokio::test]
async fn only_the_keys_that_are_named_see_rescans_and_findings() {
    let dir = tempfile::tempdir().unwrap();
    let (widget, dpo) = (new_key("widget").unwrap(), new_key("dpo").unwrap());
    let keys = Keys::new(vec![widget.stored.clone(), dpo.stored.clone()]);
    let config =
        Config { data_dir: Some(dir.path().to_owned()), rescan_keys: vec!["dpo".to_owned()], ..config() };
    let app = router(AppState::new(config, SCANNER.clone(), keys));
    let ask = async |method: &str, path: &str, key: &str| {
        let request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {key}"));
        send(&app, request.body(Body::empty()).unwrap()).await.status.as_u16()
    };
    for (method, path) in [
        ("GET", "/v1/rescans"),
        ("POST", "/v1/rescans"),
        ("POST", "/v1/rescans/uploads?name=a.csv"),
        ("GET", "/v1/rescans/x/events"),
        ("GET", "/v1/findings"),
        ("POST", "/v1/findings/x/review"),
    ] {
        assert_eq!(ask(method, path, &widget.key).await, 403, "{path}");
        assert_eq!(ask(method, path, "vigie_wrong").await, 401, "{path}");
        assert!(![401, 403].contains(&ask(method, path, &dpo.key).await), "{path}");
    }
    assert_eq!(ask("GET", "/v1/categories", &widget.key).await, 200);
}

#[tokio::test]
async fn another_sites_page_starts_and_decides_nothing() {
    let place = Place::with(|config, _| config.allow_origin = vec!["https://crm.example".to_owned()]);
    let id = place.rescan(csv(3)).await;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://crm.example")],
        [("host", "localhost:8080"), ("origin", "https://crm.example")],
    ] {
        for path in ["/v1/rescans/uploads?name=a.csv".to_owned(), format!("/v1/rescans/{id}/cancel")] {
            let mut request = Request::post(path);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let reply = send(&place.app, request.body(Body::from(csv(3))).unwrap()).await;
            assert_eq!((reply.status.as_u16(), reply.header("access-control-allow-origin")), (403, ""));
        }
    }
    let request = Request::get("/v1/findings").header("origin", "https://crm.example");
    let reply = send(&place.app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn without_a_key_a_name_made_to_point_here_reads_nothing() {
    let place = Place::new();
    place.rescan(csv(3)).await;
    for (host, status) in [
        ("evil.example:8080", 403),
        ("localhost.evil.example", 403),
        ("localhost:8080", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
    ] {
        for path in ["/v1/findings", "/v1/rescans"] {
            let request = Request::get(path).header("host", host).header("origin", format!("http://{host}"));
            let reply = send(&place.app, request.body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status.as_u16(), status, "{host}{path}");
        }
    }
}
