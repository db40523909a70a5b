//! Discovery on small copies of four CRMs, and on tables of nobody's.

use vigie::rescan::source::discover::{Proposal, discover};
use vigie::rescan::source::sql;
use vigie::rescan::spec::{SourceSpec, Spec};

use super::support::{BOTH, Base, Kind};

/// Proposes, and checks that what is printed is a spec that can be planned.
fn propose(base: &Base) -> Proposal {
    let proposal = discover(&base.url).unwrap();
    let text = proposal.to_string();
    assert!(!text.contains("essai"), "a password in clear is not printed: {text}");
    let spec: Spec = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let [SourceSpec::Database(mut database)] = <[SourceSpec; 1]>::try_from(spec.sources).unwrap() else {
        panic!()
    };
    assert_eq!(database, proposal.database());
    database.url = base.url.clone();
    let units = sql::open(&database, true).unwrap().units().unwrap();
    for unit in units {
        unit.unwrap_or_else(|(name, error)| panic!("{name}: {error}"));
    }
    proposal
}

fn tables(proposal: &Proposal) -> Vec<(&str, String)> {
    let proposed = proposal.tables.iter().map(|proposed| &proposed.table);
    proposed.map(|table| (table.name.as_str(), table.columns.text.join(" "))).collect()
}

#[test]
fn dolibarr_with_a_prefix_of_its_own() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        let key = if base.kind == Kind::Postgres {
            "rowid serial PRIMARY KEY"
        } else {
            "rowid int AUTO_INCREMENT PRIMARY KEY"
        };
        let event = key.replace("rowid", "id");
        let date = if base.kind == Kind::Postgres { "timestamp" } else { "datetime" };
        for sql in [
            format!("CREATE TABLE crm7_societe ({key}, nom varchar(128), datec {date}, note_private text, note_public text, \
                     fk_user_creat int)"),
            format!("CREATE TABLE crm7_socpeople ({key}, lastname varchar(50), datec {date}, note_private text, \
                     note_public text, fk_user_creat int)"),
            format!("CREATE TABLE crm7_actioncomm ({event}, ref varchar(30), datep {date}, datec {date}, \
                     fk_user_author int, label varchar(255), note text)"),
            format!("CREATE TABLE crm7_facture ({key}, ref varchar(30), datec {date}, note_private text, note_public text, \
                     fk_user_author int)"),
            format!("CREATE TABLE crm7_const ({key}, name varchar(180), value text)"),
            "INSERT INTO crm7_societe (nom, note_private) VALUES ('A', 'Rappeler le gérant après les congés')".to_owned(),
            "INSERT INTO crm7_socpeople (lastname, note_public) VALUES ('B', 'Préfère être jointe le matin')".to_owned(),
            "INSERT INTO crm7_actioncomm (label, note) VALUES ('Appel', 'Devis à revoir, relancer en mars')".to_owned(),
        ] {
            base.run(&sql);
        }
        let proposal = propose(&base);
        assert_eq!(proposal.crm, Some("Dolibarr"));
        let schema = |name: &str| name.to_owned();
        let expected = [
            (schema("crm7_societe"), "note_private note_public"),
            (schema("crm7_socpeople"), "note_private note_public"),
            (schema("crm7_actioncomm"), "label note"),
        ];
        let found: Vec<(String, String)> =
            tables(&proposal).into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        assert_eq!(found, expected.map(|(name, text)| (name, text.to_owned())));
        let events = &proposal.tables[2].table.columns;
        assert_eq!(events.key.as_deref(), Some("id"));
        assert_eq!(
            (events.author.as_deref(), events.date.as_deref()),
            (Some("fk_user_author"), Some("datec"))
        );
        let left: Vec<&str> = proposal.left_out.iter().map(|left| left.name.as_str()).collect();
        assert_eq!(left, ["crm7_const", "crm7_facture"], "nothing is written in the invoices");
        assert_eq!(proposal.tables[0].rows, Some(1));
    }
}

#[test]
fn espocrm() {
    let Some(base) = Kind::Mysql.base() else { return };
    let table = |name: &str, text: &str| {
        format!(
            "CREATE TABLE `{name}` (id varchar(17) PRIMARY KEY, deleted tinyint(1) DEFAULT 0, {text}, created_at datetime, \
             created_by_id varchar(17))"
        )
    };
    base.run(&table("account", "name varchar(249), description mediumtext"));
    base.run(&table("contact", "last_name varchar(100), description mediumtext"));
    base.run(&table("case", "name varchar(249), description mediumtext"));
    base.run(&table("note", "post mediumtext, data mediumtext, type varchar(24)"));
    base.run("CREATE TABLE entity_team (id bigint AUTO_INCREMENT PRIMARY KEY, entity_id varchar(17), team_id varchar(17))");
    base.run("INSERT INTO account (id, description) VALUES ('5f1a', 'Client depuis 2009, livraison par le quai nord')");
    base.run("INSERT INTO `case` (id, description) VALUES ('5f1b', 'Colis arrivé ouvert, demande un avoir')");
    base.run("INSERT INTO note (id, post) VALUES ('5f1c', 'Appelé ce matin, rappellera')");
    let proposal = propose(&base);
    assert_eq!(proposal.crm, Some("EspoCRM"));
    let expected = [("note", "post"), ("account", "description"), ("case", "description")];
    assert_eq!(tables(&proposal), expected.map(|(name, text)| (name, text.to_owned())));
    let columns = &proposal.tables[1].table.columns;
    assert_eq!(
        (columns.author.as_deref(), columns.date.as_deref()),
        (Some("created_by_id"), Some("created_at"))
    );
}

#[test]
fn suitecrm() {
    let Some(base) = Kind::Mysql.base() else { return };
    for name in ["accounts", "contacts", "notes", "cases"] {
        base.run(&format!(
            "CREATE TABLE {name} (id char(36) PRIMARY KEY, name varchar(255), date_entered datetime, created_by char(36), \
             description text, deleted tinyint(1) DEFAULT 0)"
        ));
        base.run(&format!(
            "INSERT INTO {name} (id, description) VALUES (UUID(), 'Relance faite, sans réponse à ce jour')"
        ));
    }
    base.run("ALTER TABLE cases ADD COLUMN resolution text");
    base.run("CREATE TABLE email_addr_bean_rel (id char(36) PRIMARY KEY, email_address_id char(36), bean_id char(36))");
    base.run("CREATE TABLE emails_text (email_id char(36) PRIMARY KEY, description longtext, description_html longtext)");
    base.run("INSERT INTO emails_text VALUES ('x', 'Bonjour, suite à notre échange', NULL)");
    let proposal = propose(&base);
    assert_eq!(proposal.crm, Some("SuiteCRM"));
    let expected = [
        ("notes", "description"),
        ("accounts", "description"),
        ("contacts", "description"),
        ("cases", "description resolution"),
        ("emails_text", "description description_html"),
    ];
    assert_eq!(tables(&proposal), expected.map(|(name, text)| (name, text.to_owned())));
    assert_eq!(proposal.tables[4].table.columns.key.as_deref(), Some("email_id"));
}

#[test]
fn odoo() {
    let Some(base) = Kind::Postgres.base() else { return };
    let table = |name: &str, columns: &str| {
        base.run(&format!(
            "CREATE TABLE {name} (id serial PRIMARY KEY, create_uid int, create_date timestamp, {columns})"
        ));
    };
    table("res_partner", "name varchar, comment text, team_id int");
    table("res_users", "login varchar, signature text");
    table("ir_model", "model varchar, info text");
    table("mail_message", "subject varchar, body text, date timestamp, author_id int");
    table("crm_lead", "name varchar, description text, team_id int");
    base.run("INSERT INTO res_partner (comment) VALUES ('<p>À rappeler en septembre</p>')");
    base.run("INSERT INTO mail_message (body) VALUES ('<p>Commande confirmée par téléphone</p>')");
    base.run("INSERT INTO crm_lead (description) SELECT 'Intéressé par la gamme ' || i FROM generate_series(1, 5000) i");
    base.run("ANALYZE");
    let proposal = propose(&base);
    assert_eq!(proposal.crm, Some("Odoo"));
    let expected =
        [("res_partner", "comment"), ("crm_lead", "description"), ("mail_message", "subject body")];
    assert_eq!(tables(&proposal), expected.map(|(name, text)| (name, text.to_owned())));
    assert_eq!(proposal.tables[0].table.columns.team.as_deref(), Some("team_id"));
    assert_eq!(proposal.tables[1].rows, Some(5000), "from the statistics");
    assert_eq!(proposal.tables[2].table.columns.date.as_deref(), Some("date"));
}

#[test]
fn tables_of_nobody_are_judged_by_the_length_of_their_texts() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        let secret = "Client diabétique, appeler avant midi sinon il dort";
        for sql in [
            "CREATE TABLE fiches (no int PRIMARY KEY, suivi text, statut text, created_at timestamp, auteur varchar(20))".to_owned(),
            format!("INSERT INTO fiches VALUES (1, '{secret}', 'ouvert', '2024-05-06', 'marie')"),
            format!("INSERT INTO fiches VALUES (2, '{secret}', 'clos', '2024-05-06', NULL)"),
            "CREATE TABLE courts (id int PRIMARY KEY, t text)".to_owned(),
            "INSERT INTO courts VALUES (1, 'oui')".to_owned(),
            "CREATE TABLE sans (x int, remarque varchar(2000))".to_owned(),
            format!("INSERT INTO sans VALUES (1, '{secret}')"),
            "CREATE TABLE chiffres (id int PRIMARY KEY, n int, code varchar(50))".to_owned(),
            "CREATE TABLE vigie_findings (id int PRIMARY KEY, remarque text)".to_owned(),
        ] {
            base.run(&sql);
        }
        let proposal = propose(&base);
        assert_eq!(proposal.crm, None);
        assert_eq!(tables(&proposal), [("fiches", "suivi".to_owned())]);
        let columns = &proposal.tables[0].table.columns;
        assert_eq!(columns.key.as_deref(), Some("no"));
        assert_eq!(
            (columns.author.as_deref(), columns.date.as_deref()),
            (Some("auteur"), Some("created_at"))
        );
        let left: Vec<(&str, &str)> =
            proposal.left_out.iter().map(|left| (left.name.as_str(), left.why.as_str())).collect();
        assert_eq!(left[0], ("courts", "its texts are short or none"));
        assert!(left[1].0 == "sans" && left[1].1.contains("no unique key"), "{left:?}");
        assert_eq!(left.len(), 2);
        let text = proposal.to_string();
        assert!(text.contains("filled: 100 %, 51 characters") && !text.contains("diab"), "{text}");
    }
}
