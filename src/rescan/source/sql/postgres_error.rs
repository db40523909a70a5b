//! PostgreSQL's errors in the terms of a source: may trying again help, and what to do.

use std::error::Error as _;
use std::io;

use postgres::Error;
use postgres::error::DbError;

use super::super::SourceError;
use super::super::address::Address;
use super::session::Fault;

/// An error while connecting.
pub fn connecting(error: &Error, address: &Address) -> SourceError {
    let place = &address.place;
    let Some(db) = error.as_db_error() else { return outside(error, place) };
    let (code, said) = (db.code().code(), db.message());
    match code {
        "28P01" | "28000" => SourceError::permanent(format!(
            "{place}: the server refuses user `{}`: {said} ({code}); check user and password (user:${{NAME}}@host, or \
             PGPASSWORD) and pg_hba.conf",
            address.user
        )),
        "3D000" => SourceError::permanent(format!("{place}: {said} ({code}); check the name after the host")),
        _ => fault(error, place).into(),
    }
}

/// An error while running a statement.
pub fn fault(error: &Error, place: &str) -> Fault {
    match error.as_db_error() {
        Some(db) => from_server(db, place),
        None => Fault::Failed(outside(error, place)),
    }
}

/// The server's words are repeated only where they cannot quote what is in a row.
fn from_server(db: &DbError, place: &str) -> Fault {
    let (code, said) = (db.code().code(), db.message());
    let permanent =
        |advice: &str| Fault::Failed(SourceError::permanent(format!("{place}: {said} ({code}){advice}")));
    let transient = || Fault::Failed(SourceError::transient(format!("{place}: {said} ({code})")));
    match code {
        "57014" => Fault::Failed(SourceError::transient(format!(
            "{place}: {said} ({code}); where this goes on, add an index on the key, or ?statement_timeout=SECONDS to the \
             address"
        ))),
        // A plan made for the table as it was.
        "0A000" if said.contains("cached plan") => transient(),
        "42501" => permanent("; GRANT SELECT on it to this user"),
        "42P01" => permanent("; the table is not there, or no longer"),
        "42703" => permanent("; the column is not there, or no longer"),
        "25006" => permanent("; Vigie reads only: the query must not write"),
        _ => match code.get(..2).unwrap_or("") {
            "08" | "40" | "53" | "55" | "57" => transient(),
            "0A" | "28" | "3D" | "3F" | "42" => permanent(""),
            "22" => Fault::Data(SourceError::permanent(format!(
                "{place}: the server cannot give a value (SQLSTATE {code}, {}); correct it there",
                meaning(code)
            ))),
            _ => {
                Fault::Failed(SourceError::permanent(format!("{place}: the server failed (SQLSTATE {code})")))
            }
        },
    }
}

fn meaning(code: &str) -> &'static str {
    match code {
        "22P05" | "22021" => "its characters are not of the database's encoding, or have none in UTF-8",
        "22P02" => "a text that is not of the type it is cast to",
        "22008" | "22007" => "a date that is none",
        _ => "data exception",
    }
}

/// An error that did not come from the server.
fn outside(error: &Error, place: &str) -> SourceError {
    let mut reason = error.to_string();
    let mut cause = error.source();
    let mut network = error.is_closed();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            network |= may_pass(io);
        }
        let said = inner.to_string();
        if !reason.contains(&said) {
            reason = format!("{reason}: {said}");
        }
        cause = inner.source();
    }
    let message = match reason.as_str() {
        r if r.contains("password missing") => {
            format!("{place}: the server wants a password; write user:${{NAME}}@host, or set PGPASSWORD")
        }
        r if r.contains("does not support TLS") => {
            format!("{place}: the server does not encrypt; turn ssl on there, or ask for sslmode=disable")
        }
        r if r.contains("TLS handshake") => {
            format!("{place}: {reason}; check sslrootcert and the certificate's name")
        }
        _ => format!("{place}: {reason}; check host and port, and whether the server runs"),
    };
    match network {
        true => SourceError::transient(message),
        false => SourceError::permanent(message),
    }
}

/// Whether an error of the network may pass by itself.
pub fn may_pass(error: &io::Error) -> bool {
    use io::ErrorKind::*;
    match error.kind() {
        ConnectionRefused | ConnectionReset | ConnectionAborted | NotConnected | BrokenPipe | TimedOut
        | WouldBlock | UnexpectedEof | Interrupted | HostUnreachable | NetworkUnreachable | NetworkDown
        | NotFound => true,
        // The name server did not answer; a name that is not there says something else.
        _ => error.to_string().contains("Temporary failure in name resolution"),
    }
}
