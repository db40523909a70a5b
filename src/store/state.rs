//! Where a rescan stands, and where its operator wants it.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Where a rescan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for a process to run it.
    Queued,
    Running,
    /// Stopped where it was, to be resumed.
    Paused,
    /// Stopped for good.
    Cancelled,
    /// Stopped by a fault; its message says which. Can be resumed.
    Failed,
    /// Every note was read.
    Done,
    /// Ended, but some units or notes could not be read.
    Partial,
}

/// What the operator wants of a rescan that runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Wanted {
    #[default]
    Run,
    Pause,
    Cancel,
}

/// The text is no state.
#[derive(Debug, thiserror::Error)]
#[error("unknown state `{0}`")]
pub struct UnknownState(pub String);

impl State {
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Running, Self::Paused, Self::Cancelled, Self::Failed, Self::Done, Self::Partial];

    /// As stored and as the API says it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Done => "done",
            Self::Partial => "partial",
        }
    }

    /// Whether it ended: nothing more comes unless someone resumes it.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Cancelled | Self::Failed | Self::Done | Self::Partial)
    }
}

impl Wanted {
    pub fn id(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Pause => "pause",
            Self::Cancel => "cancel",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

impl std::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|s| s.id() == text).ok_or_else(|| UnknownState(text.to_owned()))
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.id().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|e: UnknownState| FromSqlError::Other(e.into()))
    }
}

impl ToSql for Wanted {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.id().into())
    }
}

impl FromSql for Wanted {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let known = [Self::Run, Self::Pause, Self::Cancel].into_iter().find(|w| w.id() == text);
        known.ok_or_else(|| FromSqlError::Other(UnknownState(text.to_owned()).into()))
    }
}
