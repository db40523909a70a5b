//! What is wrong is said with place and remedy; nothing is written; passwords and notes are not shown.

use vigie::rescan::source::sql;
use vigie::rescan::spec::Table;

use super::support::{BOTH, Kind, all, keys, read, shown, table};

#[test]
fn missing_tables_and_columns_are_named_with_what_is_there() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE clients (id int PRIMARY KEY, suivi text, nom text)");
        base.run("CREATE TABLE sans_cle (a int, note text)");
        for (asked, said) in [
            (table("nope", None, &["note"]), vec!["no table `nope`", "`clients`"]),
            (table("clients", None, &["note"]), vec!["no column `note`", "`suivi`", "`nom`"]),
            (table("clients", Some("no"), &["suivi"]), vec!["no column `no`", "`id`"]),
            (table("clients", None, &[]), vec!["--text", "`suivi`"]),
            (table("sans_cle", None, &["note"]), vec!["no primary key", "--key", "`a`"]),
            (Table { query: Some("SELEKT 1".into()), ..table("q", Some("id"), &["x"]) }, vec!["syntax"]),
            (
                Table { filter: Some("nom = = 'x'".into()), ..table("clients", None, &["suivi"]) },
                vec!["syntax"],
            ),
        ] {
            let error = base.refusal(asked);
            assert!(!error.transient, "{error}");
            for word in said {
                assert!(error.message.contains(word), "{word}: {error}");
            }
        }
    }
}

#[test]
fn one_wrong_table_does_not_stop_the_others() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE a (id int PRIMARY KEY, note text)");
        base.run("CREATE TABLE b (id int PRIMARY KEY, note text)");
        base.run("INSERT INTO b VALUES (1, 'x')");
        let asked = ["a", "nope", "b", "a"].map(|name| table(name, None, &["note"]));
        let mut source = sql::open(&base.database(asked.to_vec()), false).unwrap();
        let units = source.units().unwrap();
        assert!(units[0].is_ok() && units[2].is_ok());
        let (name, error) = units[1].as_ref().unwrap_err();
        assert!(name == "nope" && !error.transient);
        let (_, error) = units[3].as_ref().unwrap_err();
        assert!(error.message.contains("named twice"), "{error}");
        let rows = read(&mut *source, units[2].as_ref().unwrap(), None, 10).unwrap();
        assert_eq!(rows[0].0.iter().map(shown).collect::<Vec<_>>(), ["1|x"]);
    }
}

#[test]
fn a_wrong_password_user_or_database_is_permanent() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        let database =
            |url: String| vigie::rescan::spec::Database { url, tables: vec![table("t", None, &[])] };
        for (from, to, said) in [
            (":essai@", ":faux-mdp@", "vigie_admin"),
            ("vigie_admin:essai", "personne:faux-mdp", "personne"),
            (base.url.rsplit_once('/').unwrap().1, "nulle_part", "nulle_part"),
        ] {
            let mut source = sql::open(&database(base.url.replace(from, to)), false).unwrap();
            let error = source.units().unwrap_err();
            assert!(!error.transient && error.message.contains(said), "{error}");
            assert!(!error.message.contains("faux-mdp") && !error.message.contains("essai"), "{error}");
        }
        let (server, _) = base.url.split_once('@').unwrap();
        let mut source =
            sql::open(&database(format!("{server}@127.0.0.1:1/x?connect_timeout=3")), false).unwrap();
        let error = source.units().unwrap_err();
        assert!(error.transient && error.message.contains("whether the server runs"), "{error}");
        let mut source =
            sql::open(&database(format!("{server}@nulle.part.invalid/x?connect_timeout=3")), false).unwrap();
        let error = source.units().unwrap_err();
        assert!(error.message.contains("nulle.part.invalid"), "{error}");
    }
}

#[test]
fn nothing_can_be_written_through_a_query() {
    let Some(base) = Kind::Postgres.base() else { return };
    base.run("CREATE TABLE t (id int PRIMARY KEY, note text); INSERT INTO t VALUES (1, 'x')");
    base.run("CREATE FUNCTION erase() RETURNS int LANGUAGE sql AS 'DELETE FROM t RETURNING id'");
    let asked = Table {
        query: Some("SELECT erase() AS id, 'x' AS note".into()),
        ..table("q", Some("id"), &["note"])
    };
    let error = base.refusal(asked);
    assert!(error.message.contains("reads only") && !error.transient, "{error}");
    assert_eq!(base.rows("SELECT count(*) FROM t"), ["1"]);
}

#[test]
fn nothing_can_be_written_through_a_query_of_mysql() {
    let Some(base) = Kind::Mysql.base() else { return };
    base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
    base.run("INSERT INTO t VALUES (1, 'x')");
    base.run("CREATE FUNCTION erase() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM t; RETURN 1; END");
    let asked = Table {
        query: Some("SELECT erase() AS id, 'x' AS note".into()),
        ..table("q", Some("id"), &["note"])
    };
    let error = base.refusal(asked);
    assert!(error.message.contains("1792") && !error.transient, "{error}");
    assert_eq!(base.rows("SELECT count(*) FROM t"), ["1"]);
}

#[test]
fn a_user_without_the_right_is_told_to_grant_it() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        let user = format!("sans_{}", base.url.rsplit_once('/').unwrap().1);
        base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
        base.run("CREATE TABLE u (id int PRIMARY KEY, note text)");
        base.run_each(
            &format!("CREATE USER {user} PASSWORD 'mot'; GRANT SELECT ON u TO {user}"),
            &format!("CREATE USER {user}@'127.0.0.1' IDENTIFIED BY 'mot'"),
        );
        if base.kind == Kind::Mysql {
            base.run(&format!("GRANT SELECT ON u TO {user}@'127.0.0.1'"));
        }
        let url = base.url.replace("vigie_admin:essai", &format!("{user}:mot"));
        let asked = vec![table("t", None, &["note"]), table("u", None, &["note"])];
        let mut source = sql::open(&vigie::rescan::spec::Database { url, tables: asked }, false).unwrap();
        let units = source.units().unwrap();
        let (_, error) = units[0].as_ref().unwrap_err();
        // MySQL does not say that there is a table that one may not read.
        let said = error.message.contains("GRANT SELECT") || error.message.contains("no table `t`");
        assert!(said && !error.transient, "{error}");
        assert!(units[1].is_ok());
        base.run_each(
            &format!("DROP OWNED BY {user}; DROP USER {user}"),
            &format!("DROP USER {user}@'127.0.0.1'"),
        );
    }
}

#[test]
fn an_error_of_a_query_does_not_quote_a_note() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
        base.run("INSERT INTO t VALUES (1, '12'), (2, 'diabétique'), (3, '14')");
        let query = match base.kind {
            Kind::Postgres => "SELECT id, note::int AS n, note FROM t",
            Kind::Mysql => "SELECT id, JSON_VALUE(note, '$') AS n, note FROM t",
        };
        let asked = Table { query: Some(query.into()), ..table("q", Some("id"), &["n", "note"]) };
        let rows = all(&base, asked);
        assert_eq!(keys(&rows), ["1", "2", "3"]);
        if base.kind == Kind::Postgres {
            let rows: Vec<String> = rows.iter().map(shown).collect();
            assert_eq!((rows[0].as_str(), rows[2].as_str()), ("1|12|12", "3|14|14"));
            assert!(rows[1].starts_with("2|?") && rows[1].matches("diabétique").count() == 1, "{}", rows[1]);
            let mut wrong = table("t", None, &["note"]);
            wrong.filter = Some("note::int > 0".into());
            let error = base.refusal(wrong);
            assert!(error.message.contains("22P02") && !error.message.contains("diab"), "{error}");
        }
    }
}

#[test]
fn encryption_as_asked_for() {
    let Ok(folder) = std::env::var("VIGIE_TEST_SERVERS") else {
        Kind::Postgres.admin();
        return;
    };
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
        base.run("INSERT INTO t VALUES (1, 'x')");
        let query = match base.kind {
            Kind::Postgres => {
                "SELECT 1 AS id, ssl::text AS note FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            }
            Kind::Mysql => {
                "SELECT 1 AS id, IF(VARIABLE_VALUE = '', 'false', 'true') AS note FROM information_schema.SESSION_STATUS \
                 WHERE VARIABLE_NAME = 'SSL_CIPHER'"
            }
        };
        let encrypted = |address: &str, parameters: &str| {
            let url = format!("{}?{parameters}", base.url.replace("127.0.0.1", address));
            let asked = Table { query: Some(query.into()), ..table("q", Some("id"), &["note"]) };
            let mut source = sql::open(&vigie::rescan::spec::Database { url, tables: vec![asked] }, false)?;
            let unit = source.units()?.remove(0).map_err(|(_, error)| error)?;
            let rows = read(&mut *source, &unit, None, 10)?;
            Ok::<String, vigie::rescan::source::SourceError>(shown(&rows[0].0[0]))
        };
        assert_eq!(encrypted("127.0.0.1", "sslmode=disable").unwrap(), "1|false");
        assert_eq!(encrypted("127.0.0.1", "sslmode=prefer").unwrap(), "1|true");
        assert_eq!(encrypted("127.0.0.1", "").unwrap(), "1|true");
        assert_eq!(encrypted("127.0.0.1", "sslmode=require").unwrap(), "1|true");
        let ours = format!("sslmode=verify-full&sslrootcert={folder}/tls/ca.pem");
        assert_eq!(encrypted("localhost", &ours).unwrap(), "1|true");
        for (host, parameters) in [
            ("127.0.0.1", ours.as_str()),         // the certificate is for localhost
            ("localhost", "sslmode=verify-full"), // nobody knows the authority
            ("localhost", "sslmode=verify-full&sslrootcert=/nowhere"),
        ] {
            let error = encrypted(host, parameters).unwrap_err();
            assert!(!error.transient, "{host} {parameters}: {error}");
        }
    }
}
