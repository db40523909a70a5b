//! Counters for Prometheus, in the OpenMetrics text format. Labels are routes, statuses and ids of our own; never
//! anything a client wrote.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::policy::Verdict;
use crate::scanner::{Report, Scanner};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct NoteLabels {
    verdict: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StageLabels {
    stage: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct FindingLabels {
    category: &'static str,
    action: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OverrideLabels {
    reason: &'static str,
    category: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReloadLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct BuildLabels {
    version: String,
    model: String,
    lexicons: String,
    backend: String,
}

type Seconds<L> = Family<L, Histogram, fn() -> Histogram>;

/// Everything counted.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Seconds<RouteLabels>,
    in_progress: Gauge<i64>,
    notes: Family<NoteLabels, Counter>,
    note_errors: Counter,
    note_bytes: Counter,
    note_seconds: Histogram,
    stage_seconds: Seconds<StageLabels>,
    findings: Family<FindingLabels, Counter>,
    overrides: Family<OverrideLabels, Counter>,
    reloads: Family<ReloadLabels, Counter>,
    build: Family<BuildLabels, Gauge<u64, AtomicU64>>,
}

/// From 100 µs to 52 s, doubling.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.0001, 2.0, 20))
}

/// From 1 µs to 16 s, by four: rules take microseconds, the model milliseconds.
fn stage_seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_001, 4.0, 13))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("vigie"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds as fn() -> Histogram),
            in_progress: Gauge::default(),
            notes: Family::default(),
            note_errors: Counter::default(),
            note_bytes: Counter::default(),
            note_seconds: seconds(),
            stage_seconds: Family::new_with_constructor(stage_seconds as fn() -> Histogram),
            findings: Family::default(),
            overrides: Family::default(),
            reloads: Family::default(),
            build: Family::default(),
        };
        let r = &mut metrics.registry;
        r.register("requests", "Requests answered", metrics.requests.clone());
        r.register(
            "request_seconds",
            "Time to the first byte of the answer",
            metrics.request_seconds.clone(),
        );
        r.register("requests_in_progress", "Scanning requests in progress", metrics.in_progress.clone());
        r.register("notes", "Notes scanned, by verdict", metrics.notes.clone());
        r.register("note_errors", "Notes that could not be scanned", metrics.note_errors.clone());
        r.register("note_bytes", "Bytes of the notes scanned", metrics.note_bytes.clone());
        r.register("note_seconds", "Time to scan one note", metrics.note_seconds.clone());
        r.register("stage_seconds", "Time of one stage on one note", metrics.stage_seconds.clone());
        r.register("findings", "Findings, by category and action", metrics.findings.clone());
        let overrides = metrics.overrides.clone();
        r.register("overrides", "Blocked notes saved with a reason, by category", overrides);
        r.register("reloads", "Reloads of rules, model and keys", metrics.reloads.clone());
        r.register("build_info", "What is running; always 1", metrics.build.clone());
        metrics
    }
}

impl Metrics {
    /// Counts an answered request. `route` is a route of ours, not the path asked for.
    pub fn request(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.request_seconds.get_or_create(&RouteLabels { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    }

    /// Counts a scanned note and its findings.
    pub fn note(&self, report: &Report, bytes: usize) {
        self.notes.get_or_create(&NoteLabels { verdict: verdict(report.verdict) }).inc();
        self.note_bytes.inc_by(bytes as u64);
        self.note_seconds.observe(report.took.as_secs_f64());
        for (stage, took) in report.stages.ran() {
            self.stage_seconds.get_or_create(&StageLabels { stage }).observe(took.as_secs_f64());
        }
        for found in &report.findings {
            let labels = FindingLabels { category: found.finding.category.id(), action: found.action.id() };
            self.findings.get_or_create(&labels).inc();
        }
    }

    /// Counts a note that could not be scanned.
    pub fn note_error(&self) {
        self.note_errors.inc();
    }

    /// Counts a blocked note that was saved with a reason.
    pub fn overridden(&self, reason: &'static str, category: &'static str) {
        self.overrides.get_or_create(&OverrideLabels { reason, category }).inc();
    }

    pub fn reloaded(&self, ok: bool) {
        let outcome = if ok { "ok" } else { "failed" };
        self.reloads.get_or_create(&ReloadLabels { outcome }).inc();
    }

    /// Says which versions are in place.
    pub fn describe(&self, scanner: &Scanner) {
        let versions = scanner.versions();
        self.build.clear();
        let labels = BuildLabels {
            version: versions.engine.to_owned(),
            model: versions.model.clone(),
            lexicons: versions.lexicons.clone(),
            backend: scanner.backend().unwrap_or("none").to_owned(),
        };
        self.build.get_or_create(&labels).set(1);
    }

    /// The text a Prometheus server collects.
    pub fn text(&self, in_progress: usize) -> Result<String, std::fmt::Error> {
        self.in_progress.set(in_progress as i64);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clear => "clear",
        Verdict::Warn => "warn",
        Verdict::Block => "block",
    }
}
