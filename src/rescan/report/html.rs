//! The report for people: French, one HTML file with nothing outside it and no script, made to be read on a screen and
//! printed on A4.

pub(crate) mod charts;
mod coverage;
mod evolution;
mod figures;
mod head;
mod proof;
mod review;
pub(crate) mod words;

use jiff::tz::TimeZone;

use super::Report;
use words::text;

const STYLE: &str = include_str!("html/style.css");

/// Rows of a ranking shown; the JSON and CSV reports have more.
const ROWS: usize = 15;

/// What a server puts around a report.
pub struct Frame<'f> {
    /// Tags of the head, before the style.
    pub head: &'f str,
    /// Tags of the head after it, so that their rules win.
    pub after_style: &'f str,
    /// Before everything else, on the screen alone.
    pub bar: &'f str,
}

/// The report as an HTML file. Times are told in the zone of whoever reads it.
pub fn html(report: &Report, zone: &TimeZone) -> String {
    let head = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    document(report, zone, &style(report), &Frame { head, after_style: "", bar: "" })
}

/// The content of the report's one `<style>`, for whoever allows styles by their digest.
pub fn style(report: &Report) -> String {
    format!("\n{STYLE}{}", head::page_footer(report))
}

/// The report inside a frame; `style` is that of [`style()`].
pub fn document(report: &Report, zone: &TimeZone, style: &str, frame: &Frame<'_>) -> String {
    let sections = [
        ("essentiel", "L’essentiel", head::essentials(report)),
        ("categories", "Par catégorie", figures::categories(report)),
        ("suite", "Gravité et suite à donner", figures::gravity(report)),
        ("lieux", "Où sont les signalements", figures::places(report)),
        ("mois", "Dans le temps", figures::months(report)),
        ("regles", "Règles qui signalent le plus", figures::rules(report)),
        ("exemples", "Exemples masqués", review::examples(report)),
        ("revue", "Revue et précision mesurée", review::review(report)),
        ("evolution", "Ce qui a changé", evolution::changes(report, zone)),
        ("couverture", "Couverture : ce qui a été lu", coverage::coverage(report)),
        ("auteurs", "Chiffres par auteur", figures::authors(report)),
        ("preuve", "Versions, réglages et preuve", proof::proof(report, zone)),
    ];
    let shown = || sections.iter().filter(|(_, _, body)| !body.is_empty());
    let contents: String =
        shown().map(|(id, title, _)| format!("<li><a href=\"#{id}\">{}</a></li>", text(title))).collect();
    let body: String = shown()
        .map(|(id, title, body)| {
            format!(
                "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n{body}</section>\n",
                text(title)
            )
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         {own}\n<meta name=\"robots\" content=\"noindex\">\n<title>{title} · Vigie</title>\n<style>{style}</style>\n\
         {after}</head>\n<body>\n{bar}{head}<nav aria-label=\"Sommaire\"><ol>{contents}</ol></nav>\n<main>\n{body}</main>\n\
         <footer>{end}</footer>\n</body>\n</html>\n",
        title = text(&format!("Rapport : {}", report.rescan.name)),
        own = frame.head,
        after = frame.after_style,
        bar = frame.bar,
        head = head::head(report, zone),
        end = text(&ending(report)),
    )
}

/// To whom the report may go.
fn ending(report: &Report) -> String {
    let held = match report.examples.as_ref().is_some_and(|examples| !examples.is_empty()) {
        true => "Ce rapport cite des extraits de notes, masqués",
        false => "Ce rapport ne contient aucun texte de note",
    };
    format!(
        "{held}. Il nomme des tables, des champs et des équipes : ne le diffusez qu’aux personnes qui ont à en connaître."
    )
}

#[cfg(test)]
mod tests;
