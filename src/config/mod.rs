//! Settings: default ← TOML file ← environment ← flags. Unknown keys are errors that name file and line.

mod layer;
mod places;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Serialize;

pub use layer::ConfigLayer;
pub use places::{NamedSink, NamedSource};

use crate::policy::DEFAULT_PROFILE;
use crate::scanner::{MAX_NOTE_BYTES, ScannerOptions};
use crate::secret::{Keys, SecretError, StoredKey, read_keys_file};

/// The settings file read when none is named, if the current folder has one.
pub const DEFAULT_FILE: &str = "vigie.toml";

/// Settings cannot be read or do not make sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the settings file {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}:{line}: {message}")]
    Syntax { path: PathBuf, line: usize, message: String },
    #[error("environment variable {name}: {message}")]
    Env { name: &'static str, message: String },
    #[error("{name} is {value}: it must be at least 1")]
    Zero { name: &'static str, value: usize },
    #[error(
        "allow_origin: `{0}` is no origin; write it as browsers do: https://crm.example or http://127.0.0.1:3000"
    )]
    Origin(String),
    #[error("{0}")]
    Places(String),
    #[error("no home folder is known to keep data in; name a folder with --data-dir or VIGIE_DATA_DIR")]
    NoDataDir,
    #[error(transparent)]
    Keys(#[from] SecretError),
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line an event, for people.
    #[default]
    Pretty,
    /// One JSON object a line, for machines.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err("expected `pretty` or `json`"),
        }
    }
}

/// The settings in effect. [`ConfigLayer`] says what each one means.
#[derive(Clone, Debug, Serialize)]
pub struct Config {
    pub listen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_dir: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_dir: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    pub classifier: bool,
    pub sessions: usize,
    pub profile: String,
    pub max_note_bytes: usize,
    pub max_body_bytes: usize,
    pub max_line_bytes: usize,
    pub max_batch: usize,
    pub request_timeout_ms: u64,
    pub concurrency: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow_origin: Vec<String>,
    pub keys: Vec<StoredKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_file: Option<PathBuf>,
    pub log_format: LogFormat,
    pub log_level: String,
    pub max_upload_bytes: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rescan_keys: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rescan_dirs: Vec<PathBuf>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<NamedSource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sink: Vec<NamedSink>,
}

impl Default for Config {
    fn default() -> Self {
        let scanner = ScannerOptions::default();
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            rules_dir: scanner.rules_dir,
            model_dir: scanner.model_dir,
            data_dir: None,
            classifier: scanner.classifier,
            sessions: scanner.sessions,
            profile: DEFAULT_PROFILE.to_owned(),
            max_note_bytes: MAX_NOTE_BYTES,
            max_body_bytes: 10 << 20,
            max_line_bytes: 1 << 20,
            max_batch: 1000,
            request_timeout_ms: 30_000,
            concurrency: 64,
            allow_origin: Vec::new(),
            keys: Vec::new(),
            keys_file: None,
            log_format: LogFormat::default(),
            log_level: "info".to_owned(),
            max_upload_bytes: 100 << 20,
            rescan_keys: Vec::new(),
            rescan_dirs: Vec::new(),
            source: Vec::new(),
            sink: Vec::new(),
        }
    }
}

impl Config {
    /// The settings of a process: `file` (else `VIGIE_CONFIG`, else `vigie.toml` if there is one), then the
    /// environment, then `flags`.
    pub fn load(file: Option<&Path>, flags: ConfigLayer) -> Result<Self, ConfigError> {
        let lookup = |name: &str| std::env::var(name).ok();
        let named = file.map(Path::to_owned).or_else(|| lookup("VIGIE_CONFIG").map(PathBuf::from));
        let file = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file()));
        let mut config = Self::default();
        if let Some(path) = file {
            config.update(ConfigLayer::from_file(&path)?);
        }
        config.update(ConfigLayer::from_env(lookup)?);
        config.update(flags);
        config.check()?;
        Ok(config)
    }

    /// Takes over what a layer says.
    pub fn update(&mut self, layer: ConfigLayer) {
        macro_rules! take {
            ($($name:ident),*) => { $(if let Some(value) = layer.$name { self.$name = value.into(); })* };
        }
        take!(
            listen,
            rules_dir,
            model_dir,
            data_dir,
            classifier,
            sessions,
            profile,
            max_note_bytes,
            max_body_bytes
        );
        take!(max_line_bytes, max_batch, request_timeout_ms, concurrency, allow_origin, keys, keys_file);
        take!(log_format, log_level, max_upload_bytes, rescan_keys, rescan_dirs, source, sink);
    }

    /// Refuses limits of zero, origins that no browser sends, sources and sinks that make no sense.
    pub fn check(&self) -> Result<(), ConfigError> {
        if let Some(wrong) = self.allow_origin.iter().find(|origin| !is_origin(origin)) {
            return Err(ConfigError::Origin(wrong.clone()));
        }
        places::check(&self.source, &self.sink).map_err(ConfigError::Places)?;
        let limits = [
            ("sessions", self.sessions),
            ("max_note_bytes", self.max_note_bytes),
            ("max_body_bytes", self.max_body_bytes),
            ("max_line_bytes", self.max_line_bytes),
            ("max_batch", self.max_batch),
            ("request_timeout_ms", self.request_timeout_ms as usize),
            ("concurrency", self.concurrency),
        ];
        match limits.into_iter().find(|(_, value)| *value == 0) {
            Some((name, value)) => Err(ConfigError::Zero { name, value }),
            None => Ok(()),
        }
    }

    /// Folder of rescans, findings and reviews: that of the settings, else the user's own.
    pub fn data_folder(&self) -> Result<PathBuf, ConfigError> {
        self.data_dir
            .clone()
            .or_else(|| default_data_dir(|name| std::env::var_os(name)))
            .ok_or(ConfigError::NoDataDir)
    }

    /// What the scanner is made from.
    pub fn scanner_options(&self) -> ScannerOptions {
        ScannerOptions {
            rules_dir: self.rules_dir.clone(),
            model_dir: self.model_dir.clone(),
            rules: true,
            classifier: self.classifier,
            sessions: self.sessions,
            max_note_bytes: self.max_note_bytes,
        }
    }

    /// The keys of the settings and of the keys file together.
    pub fn read_keys(&self) -> Result<Keys, ConfigError> {
        let mut keys = self.keys.clone();
        if let Some(path) = &self.keys_file {
            keys.extend(read_keys_file(path)?);
        }
        Ok(Keys::new(keys))
    }
}

/// As the XDG base directories say; a relative path in the variable is to be ignored.
fn default_data_dir(lookup: impl Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
    let absolute = |name| lookup(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")))?;
    Some(base.join("vigie"))
}

/// Scheme, host and port, nothing after: what an `Origin` header holds.
fn is_origin(origin: &str) -> bool {
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_:[]".contains(c);
    host.is_some_and(|host| !host.is_empty() && host.chars().all(plain))
}

/// TOML, as `--dump-config` prints it. Hashes of keys are left out, their names are shown.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&toml::to_string(self).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::new_key;

    fn layer_of(toml: &str) -> Result<ConfigLayer, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vigie.toml");
        std::fs::write(&path, toml).unwrap();
        ConfigLayer::from_file(&path)
    }

    #[test]
    fn a_later_layer_wins_and_silence_changes_nothing() {
        let mut config = Config::default();
        config.update(layer_of("listen = \"127.0.0.1:1\"\nmax_batch = 5\nlog_format = \"json\"").unwrap());
        let env = |name: &str| match name {
            "VIGIE_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "VIGIE_CLASSIFIER" => Some("false".to_owned()),
            "VIGIE_SESSIONS" => Some(String::new()),
            _ => None,
        };
        config.update(ConfigLayer::from_env(env).unwrap());
        config.update(ConfigLayer { listen: Some("127.0.0.1:3".to_owned()), ..Default::default() });
        assert_eq!(config.listen, "127.0.0.1:3");
        assert_eq!((config.max_batch, config.classifier), (5, false));
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!(config.sessions, Config::default().sessions);
    }

    #[test]
    fn mistakes_name_file_and_line_or_variable() {
        for (toml, line, word) in
            [("max_batch = 5\nlisen = \"x\"", 2, "lisen"), ("\n\nmax_batch = \"many\"", 3, "invalid type")]
        {
            let error = layer_of(toml).unwrap_err().to_string();
            assert!(error.contains(&format!("vigie.toml:{line}:")) && error.contains(word), "{error}");
        }
        let env = |name: &str| (name == "VIGIE_MAX_BATCH").then(|| "many".to_owned());
        let error = ConfigLayer::from_env(env).unwrap_err().to_string();
        assert!(error.contains("VIGIE_MAX_BATCH"), "{error}");
        for (origin, good) in [
            ("https://crm.example", true),
            ("http://127.0.0.1:3000", true),
            ("*", false),
            ("https://crm.example/", false),
            ("null", false),
        ] {
            let config = Config { allow_origin: vec![origin.to_owned()], ..Config::default() };
            assert_eq!(config.check().is_ok(), good, "{origin}");
        }
        let none = Config { sessions: 0, ..Config::default() };
        assert!(none.check().unwrap_err().to_string().contains("sessions"));
    }

    #[test]
    fn paths_of_a_file_are_relative_to_its_folder() {
        let layer = layer_of("rules_dir = \"rules\"\nkeys_file = \"/etc/vigie/keys\"").unwrap();
        assert!(layer.rules_dir.unwrap().ends_with("rules"));
        assert_eq!(layer.keys_file.unwrap(), Path::new("/etc/vigie/keys"));
    }

    #[test]
    fn what_rescans_may_read_is_in_the_file_and_printed_without_passwords() {
        let toml = "rescan_dirs = [\"exports\"]\nrescan_keys = [\"dpo\"]\n[[source]]\nname = \"crm\"\n\
                    url = \"mysql://vigie:s3cret@db/crm\"\n[[source.tables]]\nname = \"notes\"\n\
                    columns = { text = [\"note\"] }\n[[source]]\nname = \"nuit\"\npaths = [\"nuit\"]\n\
                    [[sink]]\nname = \"bi\"\npath = \"out/{id}.csv\"\n";
        let mut config = Config::default();
        config.update(layer_of(toml).unwrap());
        config.check().unwrap();
        assert!(config.rescan_dirs[0].is_absolute() && config.source[1].paths[0].ends_with("nuit"));
        assert!(
            config.source[1].paths[0].is_absolute() && config.sink[0].path.as_ref().unwrap().is_absolute()
        );
        let dump = config.to_string();
        assert!(!dump.contains("s3cret"), "{dump}");
        let again = layer_of(&dump).unwrap();
        assert_eq!(again.source.unwrap()[0].tables, config.source[0].tables);
        let env = |name: &str| (name == "VIGIE_RESCAN_DIRS").then(|| "/a, /b".to_owned());
        assert_eq!(
            ConfigLayer::from_env(env).unwrap().rescan_dirs.unwrap(),
            [Path::new("/a"), Path::new("/b")]
        );
        config.source[0].tables.clear();
        assert!(config.check().unwrap_err().to_string().contains("`crm`"));
    }

    #[test]
    fn data_goes_into_the_folder_of_the_settings_else_into_the_users_own() {
        let of = |data: Option<&str>, home: Option<&str>| {
            default_data_dir(|name| {
                let value = if name == "XDG_DATA_HOME" { data } else { home };
                value.map(Into::into)
            })
        };
        assert_eq!(of(Some("/data"), Some("/home/a")), Some("/data/vigie".into()));
        assert_eq!(of(Some("data"), Some("/home/a")), Some("/home/a/.local/share/vigie".into()));
        assert_eq!(of(None, None), None);
        let config = Config { data_dir: Some("/srv/vigie".into()), ..Config::default() };
        assert_eq!(config.data_folder().unwrap(), Path::new("/srv/vigie"));
    }

    #[test]
    fn the_dump_reads_back_and_hides_hashes() {
        let stored = new_key("crm").unwrap().stored;
        let env = |name: &str| (name == "VIGIE_KEYS").then(|| format!("{}, ", stored.line()));
        let mut config = Config::default();
        assert!(layer_of(&config.to_string()).is_ok());
        config.update(ConfigLayer::from_env(env).unwrap());
        assert_eq!(config.keys, vec![stored.clone()]);
        let dump = config.to_string();
        assert!(dump.contains("crm:(hidden)") && !dump.contains(&stored.line()), "{dump}");
    }

    #[test]
    fn a_key_in_clear_is_refused_without_being_shown() {
        let clear = new_key("crm").unwrap().key;
        let error = layer_of(&format!("keys = [\"{clear}\"]")).unwrap_err().to_string();
        assert!(error.contains("in clear") && !error.contains(&clear), "{error}");
    }
}
