//! `GET /`: what this is and how to try it, for who opens the address in a browser.

use axum::response::Html;

pub async fn get() -> Html<&'static str> {
    Html(include_str!("home.html"))
}
