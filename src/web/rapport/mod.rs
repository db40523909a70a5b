//! The pages of reports: what there is, with its trend over the rescans of the same sources, and each report.

pub mod show;
mod trend;

use axum::extract::State;
use axum::response::Response;

use super::failure::Failure;
use super::page::stored;
use super::reading::with_store;
use super::words::text;
use crate::http::AppState;

/// `GET /rapport`.
pub async fn get(State(state): State<AppState>) -> Result<Response, Failure> {
    with_store(&state, |_, store| {
        let connection = store.connection()?;
        let groups = trend::groups(&connection)?;
        let lead = text(
            "Un rapport par analyse, prêt à imprimer, et ce qui change d’une analyse à l’autre des mêmes tables ou fichiers.",
        );
        let body = match groups.is_empty() {
            true => format!(
                "<p class=\"empty\">{} <a href=\"/rescans\">Lancer une analyse</a></p>\n",
                text("Aucun rapport : aucune analyse n’a encore commencé.")
            ),
            false => groups.iter().map(trend::section).collect(),
        };
        let main = format!("<h1>Rapports</h1>\n<p class=\"lead\">{lead}</p>\n{body}");
        Ok(stored("/rapport", "Rapports", "", &main))
    })
    .await
}
