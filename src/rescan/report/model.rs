//! What a report says.

use serde::Serialize;

use crate::category::Category;
use crate::rescan::counted::Counted;
use crate::rescan::coverage::{UnitCoverage, Unreadable};
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::Precision;
use crate::rescan::versions::Versions;
use crate::store::State;

/// The report of one rescan. Serialised as it is, it is the JSON report.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Report {
    pub rescan: Identity,
    pub versions: Versions,
    /// When the report was made; Unix milliseconds, as all times.
    pub made_at: i64,
    /// Whether the rescan had ended then, with every table, file and note read.
    pub complete: bool,
    /// What became of the notes.
    pub notes: Counted,
    /// Every finding.
    pub total: Group,
    pub by_category: Vec<CategoryGroup>,
    /// `high`, `medium`, `low`.
    pub by_severity: Vec<Group>,
    /// `block`, `warn`, `report`.
    pub by_action: Vec<Group>,
    pub by_unit: Ranking,
    pub by_field: Ranking,
    pub by_team: Ranking,
    /// In order of time; months without a finding are not listed.
    pub by_month: Vec<Month>,
    /// Findings of notes without a date.
    pub undated: u64,
    pub by_rule: Ranking,
    pub by_author: Authors,
    /// Masked excerpts; `null` where the rescan kept none, or the key is not there.
    pub examples: Option<Vec<Example>>,
    pub backlog: Backlog,
    /// Of this rescan's findings, as far as they were reviewed.
    pub precision: Option<Precision>,
    pub changes: Option<Changes>,
    pub coverage: Vec<UnitCoverage>,
    /// Notes that could not be read: the first of them.
    pub unreadable: Vec<Unreadable>,
    /// How many lines the whole list has.
    pub unreadable_lines: u64,
    /// Digest of the signed manifest, once the rescan has ended.
    pub manifest: Option<String>,
}

/// Which rescan.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Identity {
    pub id: String,
    pub name: String,
    pub state: State,
    /// Why it failed or is partial.
    pub message: Option<String>,
    /// Where the notes are, without passwords.
    pub sources: Vec<String>,
    pub profile: String,
    pub min_score: f32,
    pub incremental: bool,
    /// Id of the rescan whose findings of unchanged notes were carried over.
    pub baseline: Option<String>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub worked_ms: i64,
}

/// Findings that share something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Group {
    /// What they share; `null` where they have none.
    pub name: Option<String>,
    pub findings: u64,
    /// Notes that hold at least one of them.
    pub notes: u64,
    pub block: u64,
    pub warn: u64,
    pub report: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
    pub review: Backlog,
    pub precision: Option<Precision>,
}

/// The findings of a category.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CategoryGroup {
    #[schema(value_type = String, example = "health")]
    pub category: Category,
    /// French name.
    pub label: &'static str,
    pub legal_basis: &'static str,
    pub special_category: bool,
    #[serde(flatten)]
    pub group: Group,
}

/// The largest groups of a property, and what the others come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Ranking {
    pub groups: Vec<Group>,
    /// How many groups are not listed.
    pub other_groups: u64,
    pub other_findings: u64,
}

/// The findings of a month.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    pub findings: u64,
    pub notes: u64,
    pub block: u64,
    pub warn: u64,
    pub report: u64,
}

/// Figures by author, which are a means of watching staff.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Authors {
    /// The rescan read none.
    NotKept,
    /// The rescan kept them; the report was not asked to show them.
    NotShown,
    Shown(Ranking),
}

/// Where the reviews stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Backlog {
    pub to_review: u64,
    pub confirmed: u64,
    pub dismissed: u64,
    pub fixed: u64,
    /// Among the fixed: those this rescan found again, though they were marked before it began.
    pub found_again: u64,
}

/// A masked excerpt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Example {
    #[schema(value_type = String, example = "health")]
    pub category: Category,
    pub excerpt: String,
    pub unit: String,
    pub note: String,
    pub column: String,
    #[schema(value_type = String)]
    pub fingerprint: Fingerprint,
}

/// What changed since an earlier rescan of the same sources, by fingerprint.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Changes {
    /// Id of the earlier rescan.
    pub since: String,
    pub since_at: i64,
    /// Whether the earlier one had read everything.
    pub since_complete: bool,
    pub new: u64,
    pub gone: u64,
    /// Among the gone: those that reviewers had confirmed or marked fixed.
    pub gone_reviewed: u64,
    pub still: u64,
    pub by_category: Vec<CategoryChange>,
    /// What scans differently, so that it may explain changes.
    pub versions: Vec<VersionChange>,
    /// Tables and files that only one of the two has.
    pub units_added: Vec<String>,
    pub units_gone: Vec<String>,
}

/// What changed in a category.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CategoryChange {
    #[schema(value_type = String, example = "health")]
    pub category: Category,
    pub new: u64,
    pub gone: u64,
    pub still: u64,
}

/// A part of the scanner, or an option, that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct VersionChange {
    /// `engine`, `model`, `lexicons`, `policy`, `min_score`.
    pub part: &'static str,
    pub then: String,
    pub now: String,
}

impl Backlog {
    pub fn total(&self) -> u64 {
        self.to_review + self.confirmed + self.dismissed + self.fixed
    }
}

impl Report {
    /// Units that were not read to their end, and why.
    pub fn problems(&self) -> impl Iterator<Item = &UnitCoverage> {
        self.coverage.iter().filter(|unit| unit.problem.is_some())
    }
}
