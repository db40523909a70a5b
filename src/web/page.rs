//! What all pages share: head, navigation, headers.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};

use super::html::Escaped;

/// Scripts, styles and requests from this server only; nothing inline, nothing framed.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every page of the navigation: path and name.
const PAGES: &[(&str, &str)] =
    &[("/", "Essayer"), ("/regles", "Règles"), ("/etat", "État"), ("/exemple/", "Exemple")];

/// A page. `scripts` are the tags of its scripts, `main` is markup that is escaped already.
pub fn page(path: &str, title: &str, scripts: &str, main: &str) -> Response {
    let links: String = PAGES
        .iter()
        .map(|(to, name)| {
            let current = if *to == path { " aria-current=\"page\"" } else { "" };
            format!("<li><a href=\"{to}\"{current}>{name}</a></li>")
        })
        .collect();
    let html = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Vigie</title>\n\
         <link rel=\"icon\" href=\"/static/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/static/vigie.css\">\n{scripts}</head>\n<body>\n\
         <a class=\"skip\" href=\"#contenu\">Aller au contenu</a>\n\
         <header class=\"top\"><a class=\"brand\" href=\"/\"><img src=\"/static/icon.svg\" alt=\"\" width=\"28\" \
         height=\"28\">Vigie</a><nav aria-label=\"Pages\"><ul>{links}</ul></nav></header>\n\
         <main id=\"contenu\">\n{main}</main>\n\
         <footer>Les textes sont analysés en mémoire ; ils ne sont ni conservés ni journalisés.</footer>\n\
         </body>\n</html>\n",
        title = Escaped(title),
    );
    let mut response = Html(html).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
