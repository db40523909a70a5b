//! Where CRMs found in France keep what people write. Facts of their schemas; a table or column that a version does not
//! have is left out of the proposal.

/// A CRM known by its tables.
#[derive(Debug)]
pub struct Crm {
    pub name: &'static str,
    /// Tables that only it has together, without prefix.
    pub signature: &'static [&'static str],
    pub tables: &'static [Mapped],
}

/// A table of a CRM.
#[derive(Debug)]
pub struct Mapped {
    /// Without prefix.
    pub table: &'static str,
    pub key: &'static str,
    pub text: &'static [&'static str],
    /// The first that there is.
    pub author: &'static [&'static str],
    pub team: Option<&'static str>,
    pub date: &'static [&'static str],
}

const fn row(table: &'static str, text: &'static [&'static str]) -> Mapped {
    Mapped { table, key: "id", text, author: &[], team: None, date: &[] }
}

const fn dolibarr(table: &'static str, text: &'static [&'static str]) -> Mapped {
    Mapped {
        key: "rowid",
        author: &["fk_user_author", "fk_user_creat", "fk_user_create"],
        date: &["datec", "date_creation", "date_create", "datep", "tms"],
        ..row(table, text)
    }
}

const fn espo(table: &'static str, text: &'static [&'static str]) -> Mapped {
    Mapped { author: &["created_by_id"], date: &["created_at"], ..row(table, text) }
}

const fn suite(table: &'static str, text: &'static [&'static str]) -> Mapped {
    Mapped { author: &["created_by"], date: &["date_entered"], ..row(table, text) }
}

const fn odoo(table: &'static str, text: &'static [&'static str]) -> Mapped {
    Mapped { author: &["create_uid"], date: &["create_date"], ..row(table, text) }
}

const fn odoo_team(table: &'static str, text: &'static [&'static str]) -> Mapped {
    Mapped { team: Some("team_id"), ..odoo(table, text) }
}

const NOTES: &[&str] = &["note_private", "note_public"];
const DESCRIPTION: &[&str] = &["description"];
const DESCRIBED: &[&str] = &["description", "note_private", "note_public"];

/// The CRMs known. Deleted rows are read like the others: what they hold is still held.
pub const CRMS: [Crm; 4] = [
    Crm {
        name: "Dolibarr",
        signature: &["societe", "socpeople", "actioncomm", "const"],
        tables: &[
            dolibarr("societe", NOTES),
            dolibarr("socpeople", NOTES),
            Mapped { key: "id", ..dolibarr("actioncomm", &["label", "note"]) },
            dolibarr("ticket", &["subject", "message"]),
            dolibarr("propal", NOTES),
            dolibarr("commande", NOTES),
            dolibarr("facture", NOTES),
            dolibarr("contrat", NOTES),
            dolibarr("contratdet", &["description", "commentaire"]),
            dolibarr("fichinter", DESCRIBED),
            dolibarr("fichinterdet", DESCRIPTION),
            dolibarr("projet", DESCRIBED),
            dolibarr("projet_task", DESCRIBED),
            dolibarr("comment", DESCRIPTION),
            dolibarr("adherent", NOTES),
            dolibarr("don", NOTES),
            dolibarr("expedition", NOTES),
            dolibarr("reception", NOTES),
            dolibarr("supplier_proposal", NOTES),
            dolibarr("commande_fournisseur", NOTES),
            dolibarr("facture_fourn", NOTES),
            dolibarr("holiday", &["description", "detail_refuse", "note_private", "note_public"]),
            dolibarr("expensereport", &["detail_refuse", "detail_cancel", "note_private", "note_public"]),
            dolibarr("recruitment_recruitmentcandidature", DESCRIBED),
            dolibarr("user", &["note", "note_private", "note_public"]),
        ],
    },
    Crm {
        name: "EspoCRM",
        signature: &["account", "contact", "note", "entity_team"],
        tables: &[
            espo("note", &["post"]),
            espo("account", DESCRIPTION),
            espo("contact", DESCRIPTION),
            espo("lead", DESCRIPTION),
            espo("opportunity", DESCRIPTION),
            espo("case", DESCRIPTION),
            espo("call", DESCRIPTION),
            espo("meeting", DESCRIPTION),
            espo("task", DESCRIPTION),
            espo("email", &["name", "body", "body_plain"]),
            espo("document", DESCRIPTION),
            espo("campaign", DESCRIPTION),
            espo("target", DESCRIPTION),
        ],
    },
    Crm {
        name: "SuiteCRM",
        signature: &["accounts", "contacts", "notes", "email_addr_bean_rel"],
        tables: &[
            suite("notes", DESCRIPTION),
            suite("accounts", DESCRIPTION),
            suite("contacts", DESCRIPTION),
            suite("leads", DESCRIPTION),
            suite("prospects", DESCRIPTION),
            suite("opportunities", DESCRIPTION),
            suite("cases", &["description", "resolution", "work_log"]),
            suite("aop_case_updates", DESCRIPTION),
            suite("calls", DESCRIPTION),
            suite("meetings", DESCRIPTION),
            suite("tasks", DESCRIPTION),
            suite("bugs", &["description", "resolution", "work_log"]),
            suite("project", DESCRIPTION),
            suite("project_task", DESCRIPTION),
            suite("aos_quotes", &["description", "approval_issue"]),
            suite("aos_invoices", DESCRIPTION),
            suite("aos_contracts", DESCRIPTION),
            suite("documents", DESCRIPTION),
            Mapped { key: "email_id", ..suite("emails_text", &["description", "description_html"]) },
        ],
    },
    Crm {
        name: "Odoo",
        signature: &["res_partner", "res_users", "ir_model", "mail_message"],
        tables: &[
            odoo_team("res_partner", &["comment"]),
            odoo_team("crm_lead", DESCRIPTION),
            Mapped { date: &["date", "create_date"], ..odoo("mail_message", &["subject", "body"]) },
            odoo("mail_activity", &["summary", "note"]),
            odoo("calendar_event", DESCRIPTION),
            odoo_team("sale_order", &["note"]),
            odoo("purchase_order", &["note", "notes"]),
            odoo_team("account_move", &["narration"]),
            odoo("stock_picking", &["note"]),
            odoo("project_project", DESCRIPTION),
            odoo("project_task", DESCRIPTION),
            odoo_team("helpdesk_ticket", DESCRIPTION),
            odoo("maintenance_request", DESCRIPTION),
            odoo("hr_employee", &["notes", "additional_note"]),
            odoo("hr_applicant", &["description", "applicant_notes"]),
            odoo("hr_leave", &["private_name", "notes", "report_note"]),
            odoo("note_note", &["memo"]),
            odoo("survey_user_input_line", &["value_char_box", "value_text_box"]),
        ],
    },
];

/// The CRM whose tables these are, and their prefix.
pub fn recognise(tables: &[&str]) -> Option<(&'static Crm, String)> {
    CRMS.iter().find_map(|crm| {
        let first = crm.signature.first()?;
        let prefixes = tables.iter().filter_map(|table| table.strip_suffix(first));
        let mut found: Vec<&str> = prefixes
            .filter(|prefix| {
                crm.signature.iter().all(|name| tables.contains(&format!("{prefix}{name}").as_str()))
            })
            .collect();
        found.sort_unstable();
        found.first().map(|prefix| (crm, (*prefix).to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crms_are_recognised_with_any_prefix() {
        for (tables, name, prefix) in [
            (vec!["llx_societe", "llx_socpeople", "llx_actioncomm", "llx_const"], "Dolibarr", "llx_"),
            (
                vec!["crm1_societe", "crm1_socpeople", "crm1_actioncomm", "crm1_const", "x"],
                "Dolibarr",
                "crm1_",
            ),
            (vec!["account", "contact", "note", "entity_team"], "EspoCRM", ""),
            (vec!["accounts", "contacts", "notes", "email_addr_bean_rel"], "SuiteCRM", ""),
            (vec!["res_partner", "res_users", "ir_model", "mail_message"], "Odoo", ""),
        ] {
            let (crm, found) = recognise(&tables).unwrap();
            assert_eq!((crm.name, found.as_str()), (name, prefix));
        }
        assert!(recognise(&["accounts", "contacts", "notes"]).is_none());
        assert!(recognise(&["llx_societe", "socpeople", "actioncomm", "const"]).is_none());
    }

    #[test]
    fn a_table_is_mapped_once() {
        for crm in &CRMS {
            let mut names: Vec<&str> = crm.tables.iter().map(|mapped| mapped.table).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{}", crm.name);
        }
    }
}
