//! The errors of MariaDB and MySQL in the terms of a source: may trying again help, and what to do.

use mysql::{DriverError, Error, MySqlError};

use super::super::SourceError;
use super::super::address::Address;
use super::postgres_error::may_pass;
use super::session::Fault;

/// An error while connecting.
pub fn connecting(error: &Error, address: &Address) -> SourceError {
    let place = &address.place;
    match error {
        Error::MySqlError(db) if matches!(db.code, 1044 | 1045 | 1698 | 1251 | 1130) => {
            SourceError::permanent(format!(
                "{place}: the server refuses user `{}`: {} ({}); check user and password (user:${{NAME}}@host, or MYSQL_PWD) \
             and the user's grants",
                address.user, db.message, db.code
            ))
        }
        Error::MySqlError(db) if db.code == 1049 => SourceError::permanent(format!(
            "{place}: {} ({}); check the name after the host",
            db.message, db.code
        )),
        Error::DriverError(DriverError::TlsNotSupported) => SourceError::permanent(format!(
            "{place}: the server does not encrypt; turn TLS on there, or ask for ssl-mode=disable"
        )),
        Error::DriverError(DriverError::CouldNotConnect(why)) => {
            let (said, passes) = match why {
                Some((_, said, kind)) => {
                    let io = std::io::Error::new(*kind, said.as_str());
                    (said.as_str(), may_pass(&io))
                }
                None => ("no address for this host", false),
            };
            let message = format!("{place}: {said}; check host and port, and whether the server runs");
            if passes { SourceError::transient(message) } else { SourceError::permanent(message) }
        }
        Error::TlsError(why) => {
            SourceError::permanent(format!("{place}: TLS: {why}; check ssl-ca and the certificate's name"))
        }
        Error::IoError(why) if why.kind() == std::io::ErrorKind::InvalidData => {
            SourceError::permanent(format!("{place}: TLS: {why}; check ssl-ca and the certificate's name"))
        }
        // The handshake is between the packets.
        Error::CodecError(why) if why.to_string().contains("peer certificate") => {
            SourceError::permanent(format!("{place}: TLS: {why}; check ssl-ca and the certificate's name"))
        }
        _ => fault(error, place).into(),
    }
}

/// An error while running a statement.
pub fn fault(error: &Error, place: &str) -> Fault {
    Fault::Failed(match error {
        Error::MySqlError(db) => return from_server(db, place),
        Error::IoError(why) if may_pass(why) => SourceError::transient(format!("{place}: {why}")),
        Error::IoError(why) => SourceError::permanent(format!("{place}: {why}")),
        Error::DriverError(DriverError::ConnectTimeout | DriverError::Timeout) => SourceError::transient(
            format!("{place}: no answer in time; check host and port, and whether the server runs"),
        ),
        Error::DriverError(DriverError::PacketOutOfSync | DriverError::UnexpectedPacket) => {
            SourceError::transient(format!("{place}: the connection broke"))
        }
        Error::DriverError(why) => SourceError::permanent(format!("{place}: {why}")),
        // The reason may quote a value.
        Error::FromValueError(_) | Error::FromRowError(_) => {
            SourceError::permanent(format!("{place}: the server sent a value of another type than it said"))
        }
        Error::CodecError(why) => SourceError::transient(format!("{place}: the connection broke: {why}")),
        Error::UrlError(_) | Error::TlsError(_) => SourceError::permanent(format!("{place}: {error}")),
    })
}

/// The server's words are repeated only where they cannot quote what is in a row.
fn from_server(db: &MySqlError, place: &str) -> Fault {
    let said = format!("{place}: {} ({})", db.message, db.code);
    match db.code {
        // Too many connections, shutdown, killed, lock waits, aborted connections.
        1040
        | 1053
        | 1077
        | 1079
        | 1203
        | 1205
        | 1213
        | 1152
        | 1158..=1161
        | 1184
        | 1317
        | 1927
        | 2006
        | 2013
        | 3168 => Fault::Failed(SourceError::transient(said)),
        1969 | 3024 => Fault::Failed(SourceError::transient(format!(
            "{said}; where this goes on, add an index on the key, or ?statement_timeout=SECONDS to the address"
        ))),
        1146 | 1051 => {
            Fault::Failed(SourceError::permanent(format!("{said}; the table is not there, or no longer")))
        }
        1054 => {
            Fault::Failed(SourceError::permanent(format!("{said}; the column is not there, or no longer")))
        }
        1142 | 1143 | 1227 | 1370 => {
            Fault::Failed(SourceError::permanent(format!("{said}; GRANT SELECT on it to this user")))
        }
        1792 => Fault::Failed(SourceError::permanent(format!(
            "{said}; Vigie reads only: the query must not write"
        ))),
        1044..=1049
        | 1052
        | 1055..=1061
        | 1063..=1066
        | 1103
        | 1109..=1111
        | 1140
        | 1149
        | 1176
        | 1248
        | 1305
        | 1356 => Fault::Failed(SourceError::permanent(said)),
        _ if db.state.starts_with("22") => Fault::Data(SourceError::permanent(format!(
            "{place}: the server cannot give a value (error {}, SQLSTATE {}); correct it there",
            db.code, db.state
        ))),
        _ => Fault::Failed(SourceError::permanent(format!(
            "{place}: the server failed (error {}, SQLSTATE {})",
            db.code, db.state
        ))),
    }
}
