//! Which findings.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::Deserialize;

use super::FindingsError;
use crate::category::Category;
use crate::policy::{Action, Severity};
use crate::rescan::review::ReviewState;
use crate::store::rescans;

/// What findings must fit; what is not said fits all. The one filter of the command line, the API and the pages.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Id of the rescan.
    #[arg(skip)]
    pub rescan: Option<String>,

    /// Only of this table or file
    #[arg(long, value_name = "NAME")]
    pub unit: Option<String>,

    /// Only of this column
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,

    /// Only of this field, as the policy knows it
    #[arg(long, value_name = "NAME")]
    pub field: Option<String>,

    /// Only of this category; `vigie categories` lists them
    #[arg(long, value_name = "ID")]
    pub category: Option<Category>,

    /// Only of this severity
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub severity: Option<Severity>,

    /// Only what calls for this action
    #[arg(long, value_name = "ACTION", value_enum)]
    pub action: Option<Action>,

    /// Only what is to be reworded or removed: actions warn and block
    #[arg(long, conflicts_with = "action")]
    pub to_change: bool,

    /// Only of this team
    #[arg(long, value_name = "NAME")]
    pub team: Option<String>,

    /// Only of this month
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Option<String>,

    /// Only from this rule
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,

    /// Only from this score on, 0 to 1
    #[arg(long, value_name = "SCORE")]
    pub min_score: Option<f64>,

    /// Only what stands so in the review
    #[arg(long, value_name = "STATE", value_enum)]
    pub review: Option<ReviewState>,
}

impl Filter {
    /// All findings of one rescan.
    pub fn rescan(id: impl Into<String>) -> Self {
        Self { rescan: Some(id.into()), ..Self::default() }
    }

    /// The units whose findings may fit, in order.
    pub(super) fn units(&self, connection: &Connection) -> Result<Vec<i64>, FindingsError> {
        let mut sql = "SELECT id FROM unit WHERE 1".to_owned();
        let mut values: Vec<Value> = Vec::new();
        if let Some(id) = &self.rescan {
            let row = rescans::get(connection, id)?;
            let row = row.ok_or_else(|| FindingsError::UnknownRescan(id.clone()))?;
            sql.push_str(" AND rescan = ?");
            values.push(row.no.into());
        }
        if let Some(name) = &self.unit {
            sql.push_str(" AND name = ?");
            values.push(name.clone().into());
        }
        sql.push_str(" ORDER BY id");
        let mut statement = connection.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Conditions on the finding `f` and its review `r`, and their values.
    pub(super) fn conditions(&self) -> (Vec<String>, Vec<Value>) {
        let equal: [(&str, Option<String>); 9] = [
            ("f.column_name", self.column.clone()),
            ("f.field", self.field.clone()),
            ("f.category", self.category.map(|c| c.id().to_owned())),
            ("f.severity", self.severity.map(|s| s.id().to_owned())),
            ("f.action", self.action.map(|a| a.id().to_owned())),
            ("f.team", self.team.clone()),
            ("f.month", self.month.clone()),
            ("f.rule", self.rule.clone()),
            ("r.decision", self.review.filter(|s| *s != ReviewState::ToReview).map(|s| s.id().to_owned())),
        ];
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for (column, value) in equal {
            if let Some(value) = value {
                conditions.push(format!("{column} = ?"));
                values.push(value.into());
            }
        }
        if let Some(score) = self.min_score {
            conditions.push("f.score >= ?".to_owned());
            values.push(score.into());
        }
        if self.to_change {
            conditions.push("f.action IN (?, ?)".to_owned());
            values.extend([Action::Warn, Action::Block].map(|action| Value::from(action.id().to_owned())));
        }
        if self.review == Some(ReviewState::ToReview) {
            conditions.push("r.decision IS NULL".to_owned());
        }
        (conditions, values)
    }
}
