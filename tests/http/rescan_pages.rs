//! The pages of rescans, findings, reports and rules files: a data folder of their own, requests through the router.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use vigie::config::Config;
use vigie::secret::{Keys, new_key};

use crate::support::*;

const FORM: &str = "application/x-www-form-urlencoded";

fn settings(dir: &Path) -> Config {
    Config { data_dir: Some(dir.join("data")), rules_dir: Some(dir.join("rules")), ..config() }
}

fn app_in(dir: &Path) -> Router {
    std::fs::create_dir_all(dir.join("rules")).unwrap();
    app_of(settings(dir), Keys::default())
}

/// Sends a file as a browser does; gives the page of its columns.
async fn sent(app: &Router, name: &str, text: &str) -> Reply {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n\
         {text}\r\n--b--\r\n"
    );
    let reply = send(app, request("POST", "/rescans/fichier", "multipart/form-data; boundary=b", body)).await;
    if reply.status != 303 {
        return reply;
    }
    get(app, reply.header("location")).await
}

fn hidden<'h>(html: &'h str, name: &str) -> &'h str {
    let from = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    from.split('"').next().unwrap()
}

/// The address of a rescan of `text`, once it has ended.
async fn rescanned(app: &Router, text: &str) -> String {
    let page = sent(app, "notes.csv", text).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (file, once) = (hidden(page.text(), "fichier"), hidden(page.text(), "once"));
    let body = format!("fichier={file}&once={once}&text=note&team=equipe&name=Essai+%3Cb%3E");
    let reply = send(app, request("POST", "/rescans", FORM, body.clone())).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let at = reply.header("location").to_owned();
    // Sent twice, it is the same rescan.
    let again = send(app, request("POST", "/rescans", FORM, body)).await;
    assert_eq!(again.header("location"), at, "{}", again.text());
    for _ in 0..200 {
        if get(app, &at).await.text().contains(">Terminée</h2>") {
            return at;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{}", get(app, &at).await.text());
}

const NOTES: &str =
    "note;equipe\r\nClient diabétique;Nord <i>\r\nRappeler demain;Sud\r\n;Sud\r\nSyndiqué CGT;Sud\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn from_a_file_to_its_report() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    let at = rescanned(&app, NOTES).await;
    let id = at.rsplit('/').next().unwrap();
    let page = get(&app, &at).await;
    assert!(page.text().contains("Essai &lt;b&gt;</h1>") && !page.text().contains("Essai <b>"));
    // What was sent is not kept once it was read.
    let kept = || std::fs::read_dir(dir.path().join("data/uploads")).unwrap().count();
    for _ in 0..100 {
        if kept() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(kept(), 0);
    let queue = get(&app, &format!("/revue?rescan={id}")).await;
    assert!(
        queue.text().contains("2\u{a0}signalements à examiner")
            && queue.text().contains("équipe Nord &lt;i&gt;")
    );
    assert!(!queue.text().contains("diabétique"), "no text of a note");
    let report = get(&app, &format!("/rapport/{id}")).await;
    assert_eq!(report.status, 200);
    let policy = report.header("content-security-policy");
    assert!(policy.contains("'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert!(report.text().contains("class=\"barre\"") && report.text().contains("Par catégorie"));
    assert!(get(&app, "/rapport").await.text().contains("Essai &lt;b&gt;"));
    for path in ["/rescans/r-no", "/rapport/r-no", "/revue?rescan=r-no", "/rescans/nouvelle?fichier=u-no"] {
        let reply = get(&app, path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.text().contains("<h1>Introuvable</h1>"), "{path}");
    }
    assert_eq!(
        send(&app, request("POST", &format!("{at}/supprimer"), FORM, "")).await.header("location"),
        "/rescans"
    );
    assert_eq!(get(&app, &at).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_go_back_to_the_queue_or_to_its_script() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    let at = rescanned(&app, NOTES).await;
    let queue = format!("/revue?rescan={}", at.rsplit('/').next().unwrap());
    let page = get(&app, &queue).await;
    let print = hidden(page.text(), "f").to_owned();
    let decide = async |body: String| send(&app, request("POST", &queue, FORM, body)).await;
    let done = decide(format!("confirmed={print}")).await;
    assert_eq!(done.status, 303);
    let back = get(&app, done.header("location")).await;
    assert!(
        back.text().contains("1\u{a0}signalement confirmé.")
            && back.text().contains("1\u{a0}signalement à examiner")
    );
    let undone = decide(format!("lot={}", hidden(back.text(), "lot"))).await;
    assert!(undone.header("location").contains("done=undone"), "{}", undone.text());
    for (body, said) in [
        (format!("dismissed={print}"), "Choisissez pourquoi"),
        (format!("dismissed={print}&reason=other"), "Précisez"),
        (format!("dismissed={print}&reason=nobody&text=elle+est+diab%C3%A9tique"), "révèle peut-être"),
        ("confirmed=choisis".to_owned(), "Aucun signalement n’est choisi"),
        ("confirmed=tous".to_owned(), "Cochez la case"),
        ("confirmed=x".to_owned(), "pas reconnu"),
        (format!("undo={print}"), "pas de décision"),
        (format!("reveal={print}"), "Aucun extrait"),
        (String::new(), "pas comprise"),
    ] {
        let reply = decide(body.clone()).await;
        assert_eq!(reply.status, 422, "{body}");
        assert!(reply.text().contains(said) && reply.text().contains("<h1>"), "{body}: {}", reply.text());
        assert!(!reply.text().contains("diabétique"));
    }
    let script = Request::post(&queue).header("content-type", FORM).header("accept", "application/json");
    let body = format!("f={print}&dismissed=choisis&reason=nobody");
    let reply = send(&app, script.body(Body::from(body)).unwrap()).await.json();
    assert!(reply["items"][&print].as_str().unwrap().contains("Ne vise personne"), "{reply}");
    let all = decide("confirmed=tous&sure=1".to_owned()).await;
    assert!(all.header("location").contains("done=confirmed&n=1"), "{}", all.header("location"));
}

#[tokio::test]
async fn a_form_that_is_wrong_says_so_in_french() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    for (name, text, status, said) in [
        ("", "a\n", 422, "Choisissez un fichier"),
        ("notes.exe", "a\n", 422, "Message du programme"),
        ("notes.parquet", "a\n", 422, "ne peut pas être lu"),
        ("../x.csv", "a\n", 422, "Message du programme"),
    ] {
        let reply = sent(&app, name, text).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.text());
        assert!(reply.text().contains(said), "{name}: {}", reply.text());
    }
    for (body, said) in [("", "Choisissez un fichier"), ("source=nope", "Message du programme")] {
        let reply = send(&app, request("POST", "/rescans", FORM, body)).await;
        assert_eq!(reply.status, 422, "{body}");
        assert!(reply.text().contains(said), "{body}: {}", reply.text());
    }
    assert_eq!(get(&app, "/revue?category=x").await.status, 422);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so_in_french() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    for (method, path) in [
        ("GET", "/rescans/{}"),
        ("GET", "/rescans/{}/suivi"),
        ("GET", "/rapport/{}"),
        ("POST", "/rescans/{}/pause"),
        ("POST", "/rescans/r-none/{}"),
    ] {
        for unknown in ["none", "%FF"] {
            let path = path.replace("{}", unknown);
            let reply = send(&app, request(method, &path, FORM, "")).await;
            assert_eq!(reply.status, 404, "{path}: {}", reply.text());
            assert!(reply.text().contains("<h1>Introuvable</h1>"), "{path}: {}", reply.text());
        }
    }
    let reply = get(&app, "/static/%FF").await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (404, "application/problem+json"));
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_used_is_said_on_every_page() {
    for path in ["/rescans", "/revue", "/rapport", "/regles/fichiers"] {
        let reply = get(&app(), path).await;
        assert_eq!(reply.status, 503, "{path}");
        assert!(reply.text().contains("Le dossier de données ne peut pas être utilisé"), "{path}");
    }
    let state = get(&app(), "/etat").await;
    assert!(state.status == 200 && state.text().contains("aucune encore"), "{}", state.text());
}

#[tokio::test]
async fn every_link_of_these_pages_leads_somewhere() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    for page in ["/rescans", "/revue", "/rapport", "/regles/fichiers", "/regles", "/etat", "/"] {
        let html = get(&app, page).await;
        assert!(!html.text().contains(" style=") && !html.text().contains("<script>"), "{page}");
        for link in html.text().split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = format!("/{}", link.split('#').next().unwrap_or_default().replace("&amp;", "&"));
            assert_eq!(get(&app, &path).await.status, 200, "{page} → {path}");
        }
    }
}

#[tokio::test]
async fn another_sites_page_cannot_send_a_form_and_another_key_cannot_see() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    for path in ["/rescans", "/rescans/fichier", "/rescans/r-1/annuler", "/revue", "/regles/fichiers"] {
        let foreign = Request::post(path).header("content-type", FORM).header("sec-fetch-site", "cross-site");
        assert_eq!(send(&app, foreign.body(Body::from("a=b")).unwrap()).await.status, 403, "{path}");
    }
    let (reviewer, widget) = (new_key("revue").unwrap(), new_key("widget").unwrap());
    let keys = Keys::new(vec![reviewer.stored, widget.stored]);
    let settings = Config { rescan_keys: vec!["revue".to_owned()], ..settings(dir.path()) };
    let app = app_of(settings, keys);
    for (key, status) in [(&reviewer.key, 200), (&widget.key, 403)] {
        for path in ["/rescans", "/revue", "/rapport", "/regles/fichiers"] {
            let asked = Request::get(path).header("authorization", format!("Bearer {}", key.as_str()));
            assert_eq!(send(&app, asked.body(Body::empty()).unwrap()).await.status, status, "{path}");
        }
    }
    let nobody = get(&app, "/revue").await;
    assert!(nobody.status == 401 && nobody.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn a_rules_file_is_tried_then_saved() {
    let dir = tempfile::tempdir().unwrap();
    let app = app_in(dir.path());
    let good = "[[allow]]%0D%0Aterms = [\"chute de tension du r%C3%A9seau\"]%0D%0Areason = \"%C3%A9lectricit%C3%A9\"";
    let path = "/regles/fichiers";
    let wrong = send(
        &app,
        request("POST", path, FORM, "fichier=allow.toml&enregistrer=1&text=[[allow]]%0Ax=%3Cb%3E"),
    )
    .await;
    assert!(
        wrong.status == 200 && wrong.text().contains("class=\"wrong\"") && !wrong.text().contains("x=<b>")
    );
    assert!(!dir.path().join("rules/allow.toml").exists());
    let saved =
        send(&app, request("POST", path, FORM, format!("fichier=allow.toml&enregistrer=1&text={good}")))
            .await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let text = std::fs::read_to_string(dir.path().join("rules/allow.toml")).unwrap();
    assert!(text.contains("chute de tension du réseau") && !text.contains('\r'));
    let page = get(&app, saved.header("location")).await;
    assert!(page.text().contains("Enregistré.") && page.text().contains("chute de tension"));
    let file = send(&app, request("POST", path, FORM, "fichier=policy/x.toml&telecharger=1&text=a")).await;
    assert_eq!((file.header("content-disposition"), file.text()), ("attachment; filename=\"x.toml\"", "a"));
    for bad in ["../x.toml", "x.toml", "policy/../../x.toml", ""] {
        let reply =
            send(&app, request("POST", path, FORM, format!("fichier={bad}&enregistrer=1&text=a"))).await;
        assert_eq!(reply.status, 422, "{bad}");
    }
}
