//! The address of a database, read.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::SourceError;
use super::url::{Parts, decode, place};

/// Which kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Postgres,
    /// MariaDB too.
    Mysql,
}

/// Where the server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    Tcp {
        name: String,
        port: u16,
    },
    /// PostgreSQL: the folder of the socket and the port in its name; MySQL: the socket.
    Socket {
        path: PathBuf,
        port: u16,
    },
}

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    Disable,
    /// Encrypted if the server can; its certificate is not checked.
    Prefer,
    /// Encrypted, or no connection; its certificate is not checked.
    Require,
    /// Encrypted, with a certificate for this host from a known authority.
    VerifyFull,
}

/// A password, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// A database's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub server: Server,
    pub user: String,
    pub password: Option<Password>,
    pub host: Host,
    pub database: String,
    pub tls: TlsMode,
    /// Certificates of authorities, PEM; without it those of Mozilla's list.
    pub roots: Option<PathBuf>,
    pub connect_timeout: Duration,
    pub statement_timeout: Duration,
    /// As messages show it.
    pub place: String,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(300);

const PARAMETERS: &str =
    "sslmode (ssl-mode), sslrootcert (ssl-ca), host (socket), connect_timeout, statement_timeout";

/// Whether the text is the address of a database.
pub fn is_database(url: &str) -> bool {
    Parts::of(url).is_some_and(|parts| server(parts.scheme).is_some())
}

fn server(scheme: &str) -> Option<Server> {
    match scheme.to_ascii_lowercase().as_str() {
        "postgres" | "postgresql" => Some(Server::Postgres),
        "mysql" | "mariadb" => Some(Server::Mysql),
        _ => None,
    }
}

impl Address {
    /// Reads `postgres://user:password@host:port/base?…` or `mysql://…`, its variables filled in.
    pub fn parse(url: &str) -> Result<Self, SourceError> {
        let place = place(url);
        let wrong = |what: &str| SourceError::permanent(format!("{place}: {what}"));
        let Some((server, parts)) = Parts::of(url).and_then(|parts| Some((server(parts.scheme)?, parts)))
        else {
            return Err(SourceError::permanent(
                "not the address of a database; write postgres://user@host:port/base or mysql://user@host:port/base",
            ));
        };
        let (authority, database) = parts.host.split_once('/').unwrap_or((parts.host, ""));
        let text = |part: &str, what: &str| {
            decode(part).ok_or_else(|| wrong(&format!("{what} has a wrong %XX sequence; write % as %25")))
        };
        let (user, password) = match parts.user {
            Some(user) => {
                let (name, password) = user.split_once(':').map_or((user, None), |(n, p)| (n, Some(p)));
                (text(name, "the user")?, password.map(|p| text(p, "the password")).transpose()?)
            }
            None => (String::new(), None),
        };
        if user.is_empty() {
            return Err(wrong("no user; write it before the host: user@host"));
        }
        let database = text(database, "the database's name")?;
        if database.is_empty() {
            return Err(wrong("no database; write its name after the host: host/base"));
        }
        let (name, port) = host(authority).ok_or_else(|| wrong("the port is not a number up to 65535"))?;
        let port = port.unwrap_or(match server {
            Server::Postgres => 5432,
            Server::Mysql => 3306,
        });
        let mut address = Self {
            server,
            user,
            password: password.or_else(|| from_environment(server)).map(Password),
            host: Host::Tcp {
                name: if name.is_empty() { "localhost".to_owned() } else { text(name, "the host")? },
                port,
            },
            database,
            tls: TlsMode::Prefer,
            roots: None,
            connect_timeout: CONNECT_TIMEOUT,
            statement_timeout: STATEMENT_TIMEOUT,
            place: place.clone(),
        };
        for pair in parts.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            address.set(name, &text(value, name)?, port).map_err(|what| wrong(&what))?;
        }
        if matches!(&address.host, Host::Tcp { name, .. } if name.starts_with('/')) {
            address.set("host", &host_text(&address.host), port).map_err(|what| wrong(&what))?;
        }
        Ok(address)
    }

    fn set(&mut self, name: &str, value: &str, port: u16) -> Result<(), String> {
        match name.to_ascii_lowercase().as_str() {
            "sslmode" | "ssl-mode" | "ssl_mode" => {
                self.tls = match value.to_ascii_lowercase().replace('_', "-").as_str() {
                    "disable" | "disabled" => TlsMode::Disable,
                    "prefer" | "preferred" => TlsMode::Prefer,
                    "require" | "required" => TlsMode::Require,
                    "verify-full" | "verify-identity" => TlsMode::VerifyFull,
                    _ => return Err(format!("{name} is none of disable, prefer, require, verify-full")),
                }
            }
            "sslrootcert" | "ssl-ca" | "ssl_ca" => self.roots = Some(PathBuf::from(value)),
            "host" | "socket" if value.starts_with('/') => {
                self.host = Host::Socket { path: PathBuf::from(value), port };
            }
            "connect_timeout" => self.connect_timeout = seconds(name, value)?,
            "statement_timeout" => self.statement_timeout = seconds(name, value)?,
            // A password here would end in logs of proxies and shells just as well; one way is enough.
            "password" | "passwd" => return Err("write the password as user:${NAME}@host".to_owned()),
            _ => return Err(format!("unknown parameter {name}; known are {PARAMETERS}")),
        }
        Ok(())
    }
}

fn host_text(host: &Host) -> String {
    match host {
        Host::Tcp { name, .. } => name.clone(),
        Host::Socket { path, .. } => path.display().to_string(),
    }
}

/// Name and port; brackets of an IPv6 address taken off.
fn host(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (name, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((name, Some(port.parse().ok()?))),
            None => rest.is_empty().then_some((name, None)),
        };
    }
    match text.rsplit_once(':') {
        Some((name, port)) => Some((name, Some(port.parse().ok()?))),
        None => Some((text, None)),
    }
}

fn seconds(name: &str, value: &str) -> Result<Duration, String> {
    match value.parse::<u32>() {
        Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds.into())),
        _ => Err(format!("{name} is not a number of seconds from 1 to 86400")),
    }
}

/// The password where the servers' own programs look for it.
fn from_environment(server: Server) -> Option<String> {
    let name = match server {
        Server::Postgres => "PGPASSWORD",
        Server::Mysql => "MYSQL_PWD",
    };
    std::env::var(name).ok().filter(|password| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Address {
        Address::parse(url).unwrap()
    }

    #[test]
    fn an_address_is_read() {
        let address =
            parse("postgres://vigie:p%40ss@db.example:5433/crm?sslmode=verify-full&sslrootcert=/ca.pem");
        assert_eq!(address.server, Server::Postgres);
        assert_eq!((address.user.as_str(), address.database.as_str()), ("vigie", "crm"));
        assert_eq!(address.password, Some(Password("p@ss".to_owned())));
        assert_eq!(address.host, Host::Tcp { name: "db.example".to_owned(), port: 5433 });
        assert_eq!((address.tls, address.roots), (TlsMode::VerifyFull, Some("/ca.pem".into())));
        assert_eq!(address.place, "postgres://vigie@db.example:5433/crm");
        let address = parse("mariadb://vigie@[::1]/crm?ssl-mode=REQUIRED&statement_timeout=60");
        assert_eq!(address.host, Host::Tcp { name: "::1".to_owned(), port: 3306 });
        assert_eq!((address.server, address.tls), (Server::Mysql, TlsMode::Require));
        assert_eq!(address.statement_timeout, Duration::from_secs(60));
    }

    #[test]
    fn sockets_of_both_kinds() {
        let socket = |path: &str, port| Host::Socket { path: path.into(), port };
        assert_eq!(parse("mysql://v@localhost/crm?socket=/run/m.sock").host, socket("/run/m.sock", 3306));
        assert_eq!(parse("postgres://v@:5433/crm?host=/run/pg").host, socket("/run/pg", 5433));
        assert_eq!(parse("postgres://v@%2Frun%2Fpg/crm").host, socket("/run/pg", 5432));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (url, said) in [
            ("postgres://vigie:hunter2@db", "no database"),
            ("postgres://db/crm", "no user"),
            ("postgres://vigie:hunter2@db:port/crm", "port"),
            ("postgres://vigie:hunter2@db/crm?sslmode=maybe", "verify-full"),
            ("postgres://vigie:hunter2@db/crm?frobnicate=1", "known are sslmode"),
            ("postgres://vigie:hunter2%@db/crm", "%25"),
            ("oracle://vigie:hunter2@db/crm", "postgres://user@host"),
        ] {
            let error = Address::parse(url).unwrap_err();
            assert!(error.message.contains(said) && !error.transient, "{url}: {error}");
            assert!(!error.message.contains("hunter2"), "{error}");
        }
        assert!(!format!("{:?}", parse("postgres://vigie:hunter2@db/crm")).contains("hunter2"));
    }
}
