//! One layer of settings: a TOML file, the environment, or the command line. What a layer does not say, it leaves as
//! it was.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use super::{ConfigError, LogFormat, NamedSink, NamedSource};
use crate::secret::StoredKey;

/// Settings to change. As `clap` arguments these are the flags of `vigie serve`; as TOML, the members of `vigie.toml`;
/// each is also a `VIGIE_…` variable.
#[derive(Clone, Debug, Default, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct ConfigLayer {
    /// Address and port to listen on; any but loopback needs a key [env: VIGIE_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,

    /// Folder with lexicons, allow-lists and profiles of your own [env: VIGIE_RULES_DIR]
    #[arg(long, value_name = "DIR")]
    pub rules_dir: Option<PathBuf>,

    /// Folder with another model than the embedded one [env: VIGIE_MODEL_DIR]
    #[arg(long, value_name = "DIR")]
    pub model_dir: Option<PathBuf>,

    /// Folder of rescans, findings and reviews, and of their key [env: VIGIE_DATA_DIR] [default: vigie in XDG_DATA_HOME,
    /// else ~/.local/share/vigie]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Whether to run the classifier beside the rules [env: VIGIE_CLASSIFIER] [default: true]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub classifier: Option<bool>,

    /// Notes scanned at the same time [env: VIGIE_SESSIONS] [default: one a core]
    #[arg(long, value_name = "N")]
    pub sessions: Option<usize>,

    /// Policy profile of requests that name none [env: VIGIE_PROFILE] [default: default]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Longest note, in bytes; a longer one is refused, never cut [env: VIGIE_MAX_NOTE_BYTES] [default: 100000]
    #[arg(long, value_name = "BYTES")]
    pub max_note_bytes: Option<usize>,

    /// Longest request body, streams excepted [env: VIGIE_MAX_BODY_BYTES] [default: 10485760]
    #[arg(long, value_name = "BYTES")]
    pub max_body_bytes: Option<usize>,

    /// Longest line of a stream [env: VIGIE_MAX_LINE_BYTES] [default: 1048576]
    #[arg(long, value_name = "BYTES")]
    pub max_line_bytes: Option<usize>,

    /// Most notes in one batch [env: VIGIE_MAX_BATCH] [default: 1000]
    #[arg(long, value_name = "N")]
    pub max_batch: Option<usize>,

    /// Longest time for one request, streams excepted [env: VIGIE_REQUEST_TIMEOUT_MS] [default: 30000]
    #[arg(long, value_name = "MS")]
    pub request_timeout_ms: Option<u64>,

    /// Requests in progress at the same time; one more is refused with 503 [env: VIGIE_CONCURRENCY] [default: 64]
    #[arg(long, value_name = "N")]
    pub concurrency: Option<usize>,

    /// Origin of a site whose pages may ask, as `https://crm.example`; may be given several times [env:
    /// VIGIE_ALLOW_ORIGIN, comma-separated] [default: none but the server's own pages]
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Option<Vec<String>>,

    /// Hashed keys, `name:sha256`; no flag, as arguments show in process lists [env: VIGIE_KEYS, comma-separated]
    #[arg(skip)]
    pub keys: Option<Vec<StoredKey>>,

    /// File of hashed keys, one `name:sha256` a line; `vigie key new` makes one [env: VIGIE_KEYS_FILE]
    #[arg(long, value_name = "FILE")]
    pub keys_file: Option<PathBuf>,

    /// Form of the log on standard error [env: VIGIE_LOG_FORMAT] [default: pretty]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,

    /// Level, or `tracing` filter such as `info,vigie::http=debug` [env: VIGIE_LOG_LEVEL] [default: info]
    #[arg(long, value_name = "LEVEL")]
    pub log_level: Option<String>,

    /// Largest file sent for a rescan [env: VIGIE_MAX_UPLOAD_BYTES] [default: 104857600]
    #[arg(long, value_name = "BYTES")]
    pub max_upload_bytes: Option<u64>,

    /// Name of a key that may start rescans and see findings; may be given several times [env: VIGIE_RESCAN_KEYS,
    /// comma-separated] [default: every key]
    #[arg(long = "rescan-key", value_name = "NAME")]
    pub rescan_keys: Option<Vec<String>>,

    /// Folder whose files rescans asked for over HTTP may read; may be given several times [env: VIGIE_RESCAN_DIRS,
    /// comma-separated] [default: none]
    #[arg(long = "rescan-dir", value_name = "DIR")]
    pub rescan_dirs: Option<Vec<PathBuf>>,

    /// Sources that rescans asked for over HTTP may read, by name: `[[source]]` of the settings file
    #[arg(skip)]
    pub source: Option<Vec<NamedSource>>,

    /// Files and tables that they may write, by name: `[[sink]]` of the settings file
    #[arg(skip)]
    pub sink: Option<Vec<NamedSink>>,
}

impl ConfigLayer {
    /// Reads a TOML file. Relative paths in it are taken from the file's own folder.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let mut layer: Self = toml::from_str(&text).map_err(|e| ConfigError::Syntax {
            path: path.to_owned(),
            line: e.span().map_or(1, |s| text[..s.start].matches('\n').count() + 1),
            message: e.message().to_owned(),
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let paths = [&mut layer.rules_dir, &mut layer.model_dir, &mut layer.data_dir, &mut layer.keys_file];
        for path in paths.into_iter().flatten() {
            *path = folder.join(&*path);
        }
        layer.rescan_dirs.iter_mut().flatten().for_each(|path| *path = folder.join(&*path));
        layer.source.iter_mut().flatten().for_each(|source| source.place_in(folder));
        let sinks = layer.sink.iter_mut().flatten();
        sinks.flat_map(|sink| &mut sink.path).for_each(|path| *path = folder.join(&*path));
        Ok(layer)
    }

    /// Reads the `VIGIE_…` variables through `lookup`. Other variables of that prefix are left alone: container
    /// platforms set some (`VIGIE_SERVICE_HOST`) for a service of that name.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let env = Env(lookup);
        Ok(Self {
            listen: env.get("VIGIE_LISTEN")?,
            rules_dir: env.get("VIGIE_RULES_DIR")?,
            model_dir: env.get("VIGIE_MODEL_DIR")?,
            data_dir: env.get("VIGIE_DATA_DIR")?,
            classifier: env.get("VIGIE_CLASSIFIER")?,
            sessions: env.get("VIGIE_SESSIONS")?,
            profile: env.get("VIGIE_PROFILE")?,
            max_note_bytes: env.get("VIGIE_MAX_NOTE_BYTES")?,
            max_body_bytes: env.get("VIGIE_MAX_BODY_BYTES")?,
            max_line_bytes: env.get("VIGIE_MAX_LINE_BYTES")?,
            max_batch: env.get("VIGIE_MAX_BATCH")?,
            request_timeout_ms: env.get("VIGIE_REQUEST_TIMEOUT_MS")?,
            concurrency: env.get("VIGIE_CONCURRENCY")?,
            allow_origin: env.get::<List>("VIGIE_ALLOW_ORIGIN")?.map(|list| list.0),
            keys: env.get::<KeyList>("VIGIE_KEYS")?.map(|list| list.0),
            keys_file: env.get("VIGIE_KEYS_FILE")?,
            log_format: env.get("VIGIE_LOG_FORMAT")?,
            log_level: env.get("VIGIE_LOG_LEVEL")?,
            max_upload_bytes: env.get("VIGIE_MAX_UPLOAD_BYTES")?,
            rescan_keys: env.get::<List>("VIGIE_RESCAN_KEYS")?.map(|list| list.0),
            rescan_dirs: env
                .get::<List>("VIGIE_RESCAN_DIRS")?
                .map(|list| list.0.into_iter().map(PathBuf::from).collect()),
            // Tables have no form as a variable.
            source: None,
            sink: None,
        })
    }
}

struct Env<F>(F);

impl<F: Fn(&str) -> Option<String>> Env<F> {
    /// The variable's value; an empty one counts as absent.
    fn get<T>(&self, name: &'static str) -> Result<Option<T>, ConfigError>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        (self.0)(name)
            .filter(|value| !value.is_empty())
            .map(|value| value.parse().map_err(|e: T::Err| ConfigError::Env { name, message: e.to_string() }))
            .transpose()
    }
}

struct List(Vec<String>);

impl FromStr for List {
    type Err = std::convert::Infallible;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        Ok(Self(items.map(str::to_owned).collect()))
    }
}

struct KeyList(Vec<StoredKey>);

impl FromStr for KeyList {
    type Err = crate::secret::KeyFormatError;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        list.split([',', '\n'])
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
