//! What all pages share: head, navigation, headers.

use std::convert::Infallible;
use std::future::{Future, ready};

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};

use futures_util::{StreamExt, stream};

use super::html::{Escaped, french};

/// Scripts, styles and requests from this server only; nothing inline, nothing framed.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What is kept.
const STORED: &str =
    "Vigie ne garde pas le texte des notes : seulement où, quoi et pourquoi quelque chose y a été signalé.";

/// Every page of the navigation: path and name.
const PAGES: &[(&str, &str)] = &[
    ("/", "Essayer"),
    ("/rescans", "Analyses"),
    ("/revue", "Revue"),
    ("/rapport", "Rapports"),
    ("/regles", "Règles"),
    ("/etat", "État"),
    ("/exemple/", "Exemple"),
];

/// Links to all pages, that of `path` marked.
pub fn links(path: &str) -> String {
    let link = |(to, name): &(&str, &str)| {
        let current = if *to == path { " aria-current=\"page\"" } else { "" };
        format!("<li><a href=\"{to}\"{current}>{name}</a></li>")
    };
    PAGES.iter().map(link).collect()
}

/// A page that shows no more of a text than the browser sent.
pub fn page(path: &str, title: &str, head: &str, main: &str) -> Response {
    shell(
        path,
        title,
        head,
        main,
        "Les textes sont analysés en mémoire ; ils ne sont ni conservés ni journalisés.",
    )
}

/// A page about stored findings.
pub fn stored(path: &str, title: &str, head: &str, main: &str) -> Response {
    shell(path, title, head, main, STORED)
}

/// A page that says its first part at once, and the rest once it is known.
pub fn streamed(
    path: &str,
    title: &str,
    head: &str,
    first: &str,
    rest: impl Future<Output = String> + Send + 'static,
) -> Response {
    const REST: &str = "<!--rest-->";
    let html = document(path, title, head, &format!("{first}{REST}"), STORED);
    let (before, after) = html.split_once(REST).unwrap_or((&html, ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    let rest = async move { Ok::<_, Infallible>(rest.await + &after) };
    let parts = stream::once(ready(Ok(before))).chain(stream::once(rest));
    guarded(Html(Body::from_stream(parts)).into_response())
}

/// A page. `head` has the tags of its scripts, `main` is markup that is escaped already.
fn shell(path: &str, title: &str, head: &str, main: &str, footer: &str) -> Response {
    guarded(Html(document(path, title, head, main, footer)).into_response())
}

fn guarded(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn document(path: &str, title: &str, head: &str, main: &str, footer: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Vigie</title>\n\
         <link rel=\"icon\" href=\"/static/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/static/vigie.css\">\n{head}</head>\n<body>\n\
         <a class=\"skip\" href=\"#contenu\">Aller au contenu</a>\n\
         <header class=\"top\"><a class=\"brand\" href=\"/\"><img src=\"/static/icon.svg\" alt=\"\" width=\"28\" \
         height=\"28\">Vigie</a><nav aria-label=\"Pages\"><ul>{links}</ul></nav></header>\n\
         <main id=\"contenu\">\n{main}</main>\n\
         <footer>{footer}</footer>\n\
         </body>\n</html>\n",
        title = Escaped(title),
        links = links(path),
        footer = french(footer),
    )
}
