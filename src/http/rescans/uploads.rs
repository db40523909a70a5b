//! Files sent to be scanned: kept in the data folder, readable by the server alone, until the rescan that reads them has
//! ended. `uploads/u-…/notes.csv`: a folder each, so that a file keeps its name, by which the reviews of its findings are
//! known at the next rescan.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::body::{Body, HttpBody};
use futures_util::StreamExt;
use rusqlite::Connection;
use tokio::io::AsyncWriteExt;

use super::permit::UPLOADS;
use super::{NoStore, blocking};
use crate::http::problem::{Kind, Problem, Violation};
use crate::http::state::AppState;
use crate::rescan::spec::SourceSpec;
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, Store, now};

/// How long a file waits for a rescan that reads it.
const UNUSED: Duration = Duration::from_secs(3600);

/// How long it is kept after a rescan failed, to be resumed.
const FAILED: Duration = Duration::from_secs(24 * 3600);

/// All files together may be so many times the largest.
const TOGETHER: u64 = 10;

/// Longest name, in characters.
const NAME: usize = 100;

/// A file that was sent.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Upload {
    /// To be named by a source of kind `upload`.
    #[schema(example = "u-4f1c0b7a9d2e4c55a1b2c3d4e5f60718")]
    pub upload: String,
    #[schema(example = "notes.csv")]
    pub name: String,
    pub bytes: u64,
}

/// The bytes that the files being received may come to, before they count among those that are there.
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<AtomicU64>);

impl UnderWay {
    /// Keeps room for a file of at most so many bytes; also how many are kept for others.
    fn keep(&self, bytes: u64) -> (Room, u64) {
        let others = self.0.fetch_add(bytes, Ordering::AcqRel);
        (Room { all: self.clone(), bytes }, others)
    }
}

/// Room kept for a file until it is received or given up.
struct Room {
    all: UnderWay,
    bytes: u64,
}

impl Drop for Room {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

/// A file being received; what is not finished goes away.
struct Draft {
    folder: PathBuf,
    finished: bool,
    /// Given back after the file has its name, or is gone.
    _room: Room,
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished {
            // What cannot be removed now is found by the next sweep.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Receives a file as it comes, in the memory of a piece of it.
pub async fn receive(state: &AppState, name: &str, body: Body) -> Result<Upload, Problem> {
    if !is_name(name) {
        let detail = "expected the file's name: at most 100 characters, no path, its extension saying how it is written";
        return Err(Problem::invalid(vec![Violation::new("?name", detail)]));
    }
    let limit = state.config().max_upload_bytes;
    // As long as it says it is, else as long as it may be.
    let most = body.size_hint().upper().map_or(limit, |bytes| bytes.min(limit));
    let (id, draft, mut file) = blocking(state, move |state, store| {
        sweep(store)?;
        let folder = folder(store);
        // Room is kept before the rest is looked at: of two that come together, one at least sees the other.
        let (room, others) = state.rescans().under_way().keep(most);
        if size(&folder).saturating_add(others).saturating_add(most) > limit.saturating_mul(TOGETHER) {
            let detail = "too many files are sent or wait for their rescan; try again later";
            return Err(Problem::unavailable(detail));
        }
        begin(&folder, room).map_err(|error| cannot(&error))
    })
    .await?;
    let idle = Duration::from_millis(state.config().request_timeout_ms);
    let mut pieces = body.into_data_stream();
    let mut bytes = 0;
    loop {
        let slow = || Problem::new(Kind::TimedOut, "nothing came for too long (request_timeout_ms)");
        let Some(piece) = tokio::time::timeout(idle, pieces.next()).await.map_err(|_| slow())? else { break };
        let piece = piece.map_err(|_| Problem::new(Kind::InvalidBody, "the body ended before its end"))?;
        bytes += piece.len() as u64;
        if bytes > limit {
            let detail = format!("the file is larger than the limit of {limit} bytes (max_upload_bytes)");
            return Err(Problem::new(Kind::TooLarge, detail));
        }
        file.write_all(&piece).await.map_err(|error| cannot(&error))?;
    }
    if bytes == 0 {
        return Err(Problem::new(Kind::InvalidBody, "the body is empty; send the file's bytes"));
    }
    file.sync_all().await.map_err(|error| cannot(&error))?;
    let target = draft.folder.join(name);
    tokio::fs::rename(draft.folder.join(PART), target).await.map_err(|error| cannot(&error))?;
    let mut draft = draft;
    draft.finished = true;
    Ok(Upload { upload: id, name: name.to_owned(), bytes })
}

/// A file's name while it is received: hidden, so that nothing reads it.
const PART: &str = ".part";

fn begin(uploads: &Path, room: Room) -> io::Result<(String, Draft, tokio::fs::File)> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let id = format!("u-{}", hex::encode(random));
    let folder = uploads.join(&id);
    make_folder(&folder)?;
    let draft = Draft { folder, finished: false, _room: room };
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(draft.folder.join(PART))?;
    Ok((id, draft, tokio::fs::File::from_std(file)))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether a name is one of a file in its folder, and no more.
fn is_name(name: &str) -> bool {
    let bad = |c: char| c.is_control() || "/\\:".contains(c);
    let known = |ending: &str| {
        ["csv", "tsv", "ndjson", "jsonl", "json", "xlsx", "xlsm", "parquet", "pq"].contains(&ending)
    };
    let lower = name.to_lowercase();
    let inner =
        [".gz", ".zst", ".zstd"].iter().find_map(|packed| lower.strip_suffix(packed)).unwrap_or(&lower);
    !name.starts_with('.')
        && name.chars().count() <= NAME
        && !name.contains(bad)
        && inner.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && known(ending))
}

/// The file of that id, with its name.
pub fn find(store: &Store, id: &str) -> Option<PathBuf> {
    let digits = id.strip_prefix("u-")?;
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return None;
    }
    let mut files = fs::read_dir(folder(store).join(id)).ok()?.flatten();
    files.find(is_received).map(|file| file.path())
}

fn is_received(file: &fs::DirEntry) -> bool {
    !file.file_name().as_encoded_bytes().starts_with(b".")
}

/// Removes the files that nobody needs any more: those of rescans that have ended, and those no rescan asked for.
pub fn sweep(store: &Store) -> Result<(), NoStore> {
    let uploads = folder(store);
    let Ok(entries) = fs::read_dir(&uploads) else { return Ok(()) };
    let mut rows: Option<Vec<RescanRow>> = None;
    for entry in entries.flatten() {
        let folder = entry.path();
        if rows.is_none() {
            let connection: &Connection = &*store.connection()?;
            rows = Some(rescans::list(connection).map_err(|error| store.error(error))?);
        }
        let readers = || rows.iter().flatten().filter(|row| reads(row, &folder));
        let needed = match readers().next() {
            None => age(&folder) < UNUSED,
            Some(_) => readers().any(needs),
        };
        if !needed && let Err(error) = fs::remove_dir_all(&folder) {
            tracing::warn!(%error, "a file that was sent cannot be removed from the data folder");
        }
    }
    Ok(())
}

fn reads(row: &RescanRow, folder: &Path) -> bool {
    row.spec.sources.iter().any(|source| match source {
        SourceSpec::Files(files) => files.paths.iter().any(|path| path.starts_with(folder)),
        SourceSpec::Database(_) => false,
    })
}

/// Whether a rescan may still read what it was sent.
fn needs(row: &RescanRow) -> bool {
    match row.state {
        State::Queued | State::Running | State::Paused => true,
        State::Failed => row.ended_at.is_none_or(|end| now() - end < FAILED.as_millis() as i64),
        State::Done | State::Partial | State::Cancelled => false,
    }
}

/// Folder of the files, under the store's own.
fn folder(store: &Store) -> PathBuf {
    let data = store.path().parent().unwrap_or(Path::new("."));
    data.canonicalize().unwrap_or_else(|_| data.to_owned()).join(UPLOADS)
}

/// Bytes of all files that were received; those under way are counted by [`UnderWay`].
fn size(uploads: &Path) -> u64 {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    entries(uploads)
        .flat_map(|folder| entries(&folder.path()))
        .filter(is_received)
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}

fn age(path: &Path) -> Duration {
    let changed = fs::metadata(path).and_then(|meta| meta.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    SystemTime::now().duration_since(changed).unwrap_or_default()
}

fn cannot(error: &io::Error) -> Problem {
    tracing::error!(%error, "a file that was sent cannot be kept in the data folder");
    let detail = match error.kind() {
        io::ErrorKind::StorageFull => "the disk of the data folder is full",
        _ => "the file cannot be kept in the data folder; the log has the reason",
    };
    Problem::unavailable(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_says_how_the_file_is_written() {
        for good in ["notes.csv", "Clients été 2026.XLSX", "a.b.ndjson", "notes.csv.gz", "x.parquet"] {
            assert!(is_name(good), "{good}");
        }
        let long = format!("{}.csv", "a".repeat(100));
        for bad in [
            "", ".csv", "..", "../a.csv", "a/b.csv", "a\\b.csv", "C:a.csv", "a.exe", "notes", "a\n.csv",
            &long,
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
