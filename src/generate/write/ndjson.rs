use std::io::{self, Write};

use serde::Serialize;

use super::Writer;
use crate::generate::Invented;

pub struct Ndjson<W> {
    out: W,
    truth: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: u64,
    client: &'a str,
    commentaire: &'a str,
    champ: &'a str,
    auteur: &'a str,
    equipe: &'a str,
    date: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verite: Option<&'a str>,
}

impl<W: Write> Ndjson<W> {
    pub fn new(out: W, truth: bool) -> Self {
        Self { out, truth }
    }
}

impl<W: Write> Writer for Ndjson<W> {
    fn note(&mut self, note: &Invented) -> io::Result<()> {
        let line = Line {
            id: note.id,
            client: &note.client,
            commentaire: &note.text,
            champ: note.field,
            auteur: &note.author,
            equipe: note.team,
            date: &note.date,
            verite: self.truth.then_some(&note.truth),
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
