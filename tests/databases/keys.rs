//! Keys of every kind: all rows once, in an order that reading can go on in from any page.

use vigie::rescan::source::Row;

use super::support::{BOTH, Base, Kind, all, keys, read, shown, table};

/// 2,345 rows in a shuffled order.
fn fill(base: &Base, table: &str, columns: &str, key: &str) {
    base.run(&format!("CREATE TABLE {table} ({columns})"));
    base.run(&format!("INSERT INTO {table} SELECT {key}, CONCAT('note ', n) FROM ({NUMBERS}) AS x"));
}

/// Numbers 1 to 2345, without anything only one server has, not in order.
const NUMBERS: &str = "SELECT (i * 997) % 2347 AS n FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS i \
    FROM (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 \
    UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS a CROSS JOIN (SELECT 0 AS d UNION ALL \
    SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL \
    SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS b CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 \
    UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION \
    ALL SELECT 9) AS c CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2) AS e) AS i WHERE i <= 2345";

/// Reads the table whole, then from every page's position, and compares.
fn resumes(base: &Base, name: &str, key: Option<&str>) -> Vec<Row> {
    let (mut source, unit) = base.open(table(name, key, &["note"]));
    assert_eq!(unit.expected, Some(2345), "{name}");
    let pages = read(&mut *source, &unit, None, 500).unwrap();
    let sizes: Vec<usize> = pages.iter().map(|(rows, _)| rows.len()).collect();
    assert_eq!(sizes, [500, 500, 500, 500, 345], "{name}");
    let whole: Vec<String> = pages.iter().flat_map(|(rows, _)| rows).map(shown).collect();
    let mut distinct = whole.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 2345, "{name}: each row once");
    let mut given = 0;
    for (rows, after) in &pages {
        given += rows.len();
        let rest = read(&mut *source, &unit, Some(after), 500).unwrap();
        let rest: Vec<String> = rest.iter().flat_map(|(rows, _)| rows).map(shown).collect();
        assert_eq!(rest, whole[given..], "{name} after {}", after.0);
    }
    pages.into_iter().flat_map(|(rows, _)| rows).collect()
}

#[test]
fn whole_numbers() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        fill(&base, "t", "id bigint PRIMARY KEY, note text", "n");
        let rows = resumes(&base, "t", None);
        assert_eq!((rows[0].key.as_str(), rows[2344].key.as_str()), ("1", "2346"));
        assert!(rows.is_sorted_by_key(|row| row.key.parse::<i64>().unwrap()));
        fill(&base, "small", "id int, note text", "n - 1000");
        let rows = resumes(&base, "small", Some("id"));
        assert!(rows.is_sorted_by_key(|row| row.key.parse::<i64>().unwrap()), "no index, and negative");
    }
    if let Some(base) = Kind::Mysql.base() {
        fill(&base, "t", "id bigint unsigned PRIMARY KEY, note text", "n + 18446744073709540000");
        resumes(&base, "t", None);
    }
}

#[test]
fn text_in_the_order_of_its_index_and_without_one_by_its_bytes() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        // Letters that collations put elsewhere than their bytes.
        let key = "CONCAT(CASE n % 4 WHEN 0 THEN 'é' WHEN 1 THEN 'E' WHEN 2 THEN 'z' ELSE '-' END, n)";
        fill(&base, "t", "id varchar(40) PRIMARY KEY, note text", key);
        resumes(&base, "t", None);
        fill(&base, "bare", "code varchar(40), note text", key);
        let rows = resumes(&base, "bare", Some("code"));
        assert!(keys(&rows).is_sorted());
    }
    if let Some(base) = Kind::Mysql.base() {
        let key = "CONCAT(CASE n % 2 WHEN 0 THEN 'é' ELSE 'E' END, n)";
        fill(&base, "t", "id varchar(40) CHARACTER SET latin1 PRIMARY KEY, note text", key);
        resumes(&base, "t", None);
        fill(&base, "bare", "id varchar(40) CHARACTER SET latin1, note text", key);
        let rows = resumes(&base, "bare", Some("id"));
        assert!(keys(&rows).is_sorted());
    }
}

#[test]
fn uuids_dates_decimals_and_bytes() {
    if let Some(base) = Kind::Postgres.base() {
        fill(&base, "u", "id uuid PRIMARY KEY, note text", "md5(n::text)::uuid");
        resumes(&base, "u", None);
        fill(
            &base,
            "d",
            "id timestamptz PRIMARY KEY, note text",
            "'2024-01-01'::timestamptz + n * interval '1 hour 1 ms'",
        );
        resumes(&base, "d", None);
        fill(&base, "n", "id numeric PRIMARY KEY, note text", "n * 12345678901234567890.01");
        resumes(&base, "n", None);
        fill(&base, "b", "id bytea PRIMARY KEY, note text", "decode(md5(n::text), 'hex')");
        resumes(&base, "b", None);
        fill(&base, "c", "id char(12) PRIMARY KEY, note text", "n");
        resumes(&base, "c", None);
    }
    if let Some(base) = Kind::Mysql.base() {
        fill(
            &base,
            "u",
            "id uuid PRIMARY KEY, note text",
            "CONCAT(LEFT(MD5(n), 8), '-0000-4000-8000-', LPAD(n, 12, '0'))",
        );
        resumes(&base, "u", None);
        fill(
            &base,
            "d",
            "id datetime(6) PRIMARY KEY, note text",
            "'2024-01-01' + INTERVAL n HOUR + INTERVAL n MICROSECOND",
        );
        resumes(&base, "d", None);
        fill(&base, "n", "id decimal(40, 2) PRIMARY KEY, note text", "n * 12345678901234567890.01");
        resumes(&base, "n", None);
        fill(&base, "b", "id binary(16) PRIMARY KEY, note text", "UNHEX(MD5(n))");
        resumes(&base, "b", None);
    }
}

#[test]
fn keys_of_several_columns() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        fill(&base, "t", "a int, b varchar(20), note text, PRIMARY KEY (a, b)", "n % 7, CONCAT('x,', n)");
        let rows = resumes(&base, "t", None);
        assert_eq!(rows[0].key, "0,x\\,1001");
        fill(&base, "bare", "a int, b varchar(20), note text", "n % 7, CONCAT('x', n)");
        resumes(&base, "bare", Some("b, a"));
        fill(&base, "three", "a int, b int, c int, note text, UNIQUE (a, b, c)", "n % 3, n % 11, n");
        resumes(&base, "three", Some("a,b,c"));
    }
}

#[test]
fn views_queries_and_filters() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        fill(&base, "t", "id int PRIMARY KEY, note text", "n");
        base.run("CREATE VIEW v AS SELECT id, note FROM t");
        resumes(&base, "v", None);
        let mut query = table("joined", Some("n"), &["note"]);
        query.query =
            Some("SELECT a.id AS n, b.note FROM t a JOIN t b ON b.id = a.id WHERE a.id > 2000 -- fin".into());
        query.filter = Some("note <> 'note 2100' -- not this one".into());
        let (mut source, unit) = base.open(query);
        assert_eq!((unit.name.as_str(), unit.expected), ("joined", Some(345)));
        let rows = read(&mut *source, &unit, None, 100).unwrap();
        assert_eq!(rows.iter().map(|(rows, _)| rows.len()).collect::<Vec<_>>(), [100, 100, 100, 45]);
        let mut filtered = table("t", None, &["note"]);
        filtered.filter = Some("id BETWEEN 10 AND 12 OR id = 2000".into());
        assert_eq!(keys(&all(&base, filtered)), ["10", "11", "12", "2000"]);
    }
}

#[test]
fn a_key_that_repeats_is_said_and_no_row_is_passed_over() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int, note text)");
        base.run(&format!("INSERT INTO t SELECT n, 'x' FROM ({NUMBERS}) AS x"));
        // 500 rows are the first statement's: the pair is on its border.
        for twice in ["500", "501", "502", "2346"] {
            base.run(&format!("INSERT INTO t VALUES ({twice}, 'again')"));
            let (mut source, unit) = base.open(table("t", Some("id"), &["note"]));
            // However often it is begun again, from wherever it had come.
            let (mut at, mut last) = (None, 0);
            for _ in 0..3 {
                let mut pages = source.open(&unit, at.as_ref()).unwrap();
                let error = loop {
                    match pages.next(500) {
                        Ok(Some(page)) => {
                            last = page.rows.last().unwrap().key.parse().unwrap();
                            at = Some(page.after);
                        }
                        Ok(None) => panic!("{twice} was passed over"),
                        Err(error) => break error,
                    }
                };
                assert!(error.message.contains("not unique") && !error.transient, "{error}");
                assert!(
                    (twice.parse::<u32>().unwrap() - 500..twice.parse().unwrap()).contains(&last),
                    "{last}"
                );
            }
            base.run("DELETE FROM t WHERE note = 'again'");
        }
        let (mut source, unit) = base.open(table("t", Some("id"), &["note"]));
        assert!(read(&mut *source, &unit, None, 500).is_ok());
    }
}

#[test]
fn rows_without_a_key_are_counted_and_said_once_the_others_are_read() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int UNIQUE, note text)");
        base.run("INSERT INTO t VALUES (1, 'a'), (NULL, 'b'), (2, 'c'), (NULL, 'd')");
        let (mut source, unit) = base.open(table("t", Some("id"), &["note"]));
        assert_eq!(unit.expected, Some(4));
        let mut pages = source.open(&unit, None).unwrap();
        assert_eq!(keys(&pages.next(10).unwrap().unwrap().rows), ["1", "2"]);
        let error = pages.next(10).unwrap_err();
        assert!(error.message.contains("2 rows have no key") && !error.transient, "{error}");
    }
}

#[test]
fn names_in_capitals_with_blanks_and_in_schemas() {
    if let Some(base) = Kind::Postgres.base() {
        base.run(r#"CREATE SCHEMA "Le CRM"; CREATE TABLE "Le CRM"."Les ""Notes""" ("Id" int PRIMARY KEY, "La note" text)"#);
        base.run(r#"INSERT INTO "Le CRM"."Les ""Notes""" VALUES (1, 'x')"#);
        let (_, unit) = base.open(table("Le CRM.Les \"Notes\"", None, &["La note"]));
        assert_eq!((unit.name.as_str(), unit.expected), ("Le CRM.Les \"Notes\"", Some(1)));
        base.run("CREATE TABLE plain (id int PRIMARY KEY, note text)");
        let (mut source, unit) = base.open(table("PLAIN", Some("ID"), &["Note"]));
        assert_eq!(unit.name, "public.plain");
        assert!(read(&mut *source, &unit, None, 10).unwrap().is_empty());
    }
    if let Some(base) = Kind::Mysql.base() {
        base.run("CREATE TABLE `Les ``Notes``.2024` (`Id` int PRIMARY KEY, `La note` text)");
        let (mut source, unit) = base.open(table("Les `Notes`.2024", None, &["La note"]));
        assert_eq!(unit.name, "Les `Notes`.2024");
        assert!(read(&mut *source, &unit, None, 10).unwrap().is_empty());
    }
}
