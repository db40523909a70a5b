//! One note in, one report out. Pure and deterministic: no I/O, no clock in the result but `took`, the same findings
//! on any thread and in any batch. Every door calls this and nothing else.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::advice::{AdviceBook, AdviceError, Shared};
use crate::category::Category;
use crate::detect::classifier::{Classifier, ClassifierError, Reading};
use crate::detect::lexicon::LexiconDetector;
use crate::detect::pattern::{PatternDetector, PatternError};
use crate::detect::{DetectError, Detector};
use crate::finding::{Candidate, Finding};
use crate::fuse::{Fusion, fuse};
use crate::note::Note;
use crate::policy::{Action, DEFAULT_PROFILE, Policies, PolicyError, Severity, Verdict, severity};
use crate::rules::{RuleError, RuleSet, Scan};
use crate::stages::{Clock, Stages};
use crate::text::Document;

/// Longest note scanned by default, in bytes.
pub const MAX_NOTE_BYTES: usize = 100_000;

/// What the scanner is made from.
#[derive(Clone, Debug)]
pub struct ScannerOptions {
    /// Folder of the user's own `lexicons/`, `allow.toml` and `policy/`.
    pub rules_dir: Option<PathBuf>,
    /// Folder of another model; `None` for the embedded one.
    pub model_dir: Option<PathBuf>,
    /// Whether to run the classifier at all.
    pub classifier: bool,
    /// Whether to run the lexicons, the patterns and the allowed phrases: off, the classifier speaks alone, which
    /// `vigie eval --model-only` measures.
    pub rules: bool,
    /// How many notes the classifier may read at the same time.
    pub sessions: usize,
    /// Longest note accepted, in bytes. A longer one is refused, never cut.
    pub max_note_bytes: usize,
}

impl Default for ScannerOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            rules_dir: None,
            model_dir: None,
            classifier: true,
            rules: true,
            sessions: cores,
            max_note_bytes: MAX_NOTE_BYTES,
        }
    }
}

/// The scanner's parts cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error(transparent)]
    Rules(#[from] RuleError),
    #[error(transparent)]
    Patterns(#[from] PatternError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Advice(#[from] AdviceError),
    #[error(transparent)]
    Classifier(#[from] ClassifierError),
}

/// A note cannot be scanned. Never carries its text.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("the note has {size} bytes, more than the limit of {limit}; split it, or raise max_note_bytes")]
    TooLong { size: usize, limit: usize },
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Detect(#[from] DetectError),
    #[error(transparent)]
    Classifier(#[from] ClassifierError),
}

/// Versions of everything that decides, for answers and reports.
#[derive(Clone, Debug)]
pub struct Versions {
    pub engine: &'static str,
    pub model: String,
    pub lexicons: String,
}

/// How to scan.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions<'a> {
    /// Name of the policy profile.
    pub profile: &'a str,
    /// Findings under this score are left out, 0..=1.
    pub min_score: f32,
}

impl Default for ScanOptions<'_> {
    fn default() -> Self {
        Self { profile: DEFAULT_PROFILE, min_score: 0.0 }
    }
}

/// A finding with what the profile says about it.
#[derive(Clone, Debug)]
pub struct Reported {
    pub finding: Finding,
    pub severity: Severity,
    pub action: Action,
    /// What is wrong, in French.
    pub message: Shared,
    /// What to do and what to write instead, in French.
    pub advice: Shared,
}

/// What was found in a note.
#[derive(Clone, Debug)]
pub struct Report {
    pub verdict: Verdict,
    /// Sorted by start; two of one category never overlap.
    pub findings: Vec<Reported>,
    /// The note with each finding replaced by its category between square brackets.
    pub redacted: String,
    /// Name of the profile applied.
    pub profile: String,
    pub took: Duration,
    pub stages: Stages,
}

/// Everything that was said of a note, for `rules explain`.
#[derive(Debug)]
pub struct Explanation {
    pub fusion: Fusion,
    pub reading: Option<Reading>,
    pub report: Report,
}

/// Finds sensitive data in notes.
pub struct Scanner {
    lexicon: LexiconDetector,
    patterns: PatternDetector,
    classifier: Option<Arc<Classifier>>,
    rules: Arc<RuleSet>,
    policies: Policies,
    advice: AdviceBook,
    versions: Versions,
    /// See [`ScannerOptions::rules`].
    rules_speak: bool,
    max_note_bytes: usize,
}

impl Scanner {
    /// Loads lexicons, patterns, policy, advice and model.
    pub fn load(options: &ScannerOptions) -> Result<Self, LoadError> {
        let classifier = match options.classifier {
            true => Some(Arc::new(Classifier::load(options.model_dir.as_deref(), options.sessions)?)),
            false => None,
        };
        Self::with_model(options, classifier)
    }

    /// Loads lexicons, patterns, policy and advice anew and keeps the model.
    pub fn reload(&self, options: &ScannerOptions) -> Result<Self, LoadError> {
        Self::with_model(options, self.classifier.clone())
    }

    fn with_model(options: &ScannerOptions, classifier: Option<Arc<Classifier>>) -> Result<Self, LoadError> {
        let dir: Option<&Path> = options.rules_dir.as_deref();
        let rules = Arc::new(RuleSet::load(dir)?);
        let versions = Versions {
            engine: env!("CARGO_PKG_VERSION"),
            model: classifier.as_ref().map_or_else(|| "none".to_owned(), |c| c.version().to_owned()),
            lexicons: rules.version().to_owned(),
        };
        Ok(Self {
            lexicon: LexiconDetector::new(Arc::clone(&rules)),
            patterns: PatternDetector::embedded()?,
            classifier,
            rules,
            policies: Policies::load(dir)?,
            advice: AdviceBook::embedded()?,
            versions,
            rules_speak: options.rules,
            max_note_bytes: options.max_note_bytes,
        })
    }

    /// Scans one note.
    pub fn scan(&self, note: &Note, options: &ScanOptions<'_>) -> Result<Report, ScanError> {
        self.explain(note, options).map(|e| e.report)
    }

    /// Scans notes; each has its own result, in order.
    pub fn scan_batch(&self, notes: &[Note], options: &ScanOptions<'_>) -> Vec<Result<Report, ScanError>> {
        notes.iter().map(|note| self.scan(note, options)).collect()
    }

    /// Scans one note and keeps everything that was said of it.
    pub fn explain(&self, note: &Note, options: &ScanOptions<'_>) -> Result<Explanation, ScanError> {
        let begin = Instant::now();
        let text = note.text.as_str();
        if text.len() > self.max_note_bytes {
            return Err(ScanError::TooLong { size: text.len(), limit: self.max_note_bytes });
        }
        let profile = self.policies.get(options.profile)?;
        let (fusion, reading, stages) = self.findings(text)?;
        let found: Vec<&Finding> =
            fusion.kept.iter().map(|f| &f.finding).filter(|f| f.score >= options.min_score).collect();
        let actions = profile.actions(&found, note.field.as_deref());
        let findings: Vec<Reported> = std::iter::zip(found, actions)
            .filter(|(_, action)| *action > Action::Allow)
            .map(|(finding, action)| {
                let said = self.advice.get(finding.category, finding.subcategory);
                Reported {
                    finding: finding.clone(),
                    severity: severity(finding.category, finding.subcategory),
                    action,
                    message: said.message.clone(),
                    advice: said.advice.clone(),
                }
            })
            .collect();
        let report = Report {
            verdict: Verdict::of(findings.iter().map(|f| f.action)),
            redacted: redact(text, &findings),
            findings,
            profile: profile.id.clone(),
            took: begin.elapsed(),
            stages,
        };
        Ok(Explanation { fusion, reading, report })
    }

    /// Detects and fuses: the part that no policy touches.
    fn findings(&self, text: &str) -> Result<(Fusion, Option<Reading>, Stages), ScanError> {
        let mut stages = Stages::default();
        if text.trim().is_empty() {
            return Ok((Fusion::default(), None, stages));
        }
        let mut clock = Clock::start();
        let document = Document::new(text);
        stages.prepare = clock.lap();
        let (mut candidates, scan) = self.propose(&document, &mut stages, &mut clock)?;
        let reading = self.classifier.as_ref().map(|c| c.read(&document, &candidates)).transpose()?;
        if let Some(reading) = &reading {
            candidates.extend(reading.candidates(text));
            if let Some(scan) = &scan {
                self.rules.veto_allowed(scan, &mut candidates);
            }
            stages.classifier = clock.lap();
        }
        let weights = self.classifier.as_deref().map(Classifier::weights);
        let fusion = fuse(candidates, reading.as_ref(), weights);
        stages.fuse = clock.lap();
        Ok((fusion, reading, stages))
    }

    /// What lexicons and patterns propose, with the allowed phrases' vetoes: what the classifier is told, and what
    /// `vigie rules hits` writes.
    pub fn proposals(&self, document: &Document<'_>) -> Result<Vec<Candidate>, DetectError> {
        self.propose(document, &mut Stages::default(), &mut Clock::start()).map(|(candidates, _)| candidates)
    }

    /// The rules' candidates, and the scan they came from; nothing where the rules are off.
    fn propose(
        &self,
        document: &Document<'_>,
        stages: &mut Stages,
        clock: &mut Clock,
    ) -> Result<(Vec<Candidate>, Option<Scan>), DetectError> {
        let mut candidates: Vec<Candidate> = Vec::new();
        if !self.rules_speak {
            return Ok((candidates, None));
        }
        let scan = self.rules.scan(document);
        self.lexicon.propose(document, &scan, &mut candidates);
        stages.lexicon = clock.lap();
        self.patterns.detect(document, &mut candidates)?;
        stages.patterns = clock.lap();
        self.rules.veto_allowed(&scan, &mut candidates);
        Ok((candidates, Some(scan)))
    }

    /// The profiles known.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// The rules loaded.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What runs the model, if one is loaded: `tract` or `onnxruntime`.
    pub fn backend(&self) -> Option<&'static str> {
        self.classifier.as_ref().map(|c| c.backend().name())
    }

    pub fn versions(&self) -> &Versions {
        &self.versions
    }
}

/// Replaces what the profile reports by its category. Where findings overlap, the words they cover together are
/// replaced once, by the gravest of them.
pub(crate) fn redact(text: &str, findings: &[Reported]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut next = 0;
    while next < findings.len() {
        let mut span = findings[next].finding.span;
        let mut gravest = &findings[next];
        next += 1;
        while next < findings.len() && findings[next].finding.span.start < span.end {
            span = span.cover(findings[next].finding.span);
            if findings[next].severity > gravest.severity {
                gravest = &findings[next];
            }
            next += 1;
        }
        out.push_str(&text[at..span.start]);
        out.push('[');
        out.push_str(placeholder(gravest));
        out.push(']');
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The category's placeholder, or a more telling one for an identifier.
fn placeholder(reported: &Reported) -> &'static str {
    let finding = &reported.finding;
    match (finding.category, finding.subcategory) {
        (Category::Identifier, Some("phone")) => "téléphone",
        (Category::Identifier, Some("email")) => "e-mail",
        (Category::Identifier, Some("address")) => "adresse",
        (Category::Identifier, Some("birth_date")) => "date de naissance",
        (Category::Identifier, Some("iban")) => "IBAN",
        (Category::Identifier, Some("payment_card")) => "carte bancaire",
        (Category::Identifier, Some("identity_document")) => "pièce d'identité",
        (Category::Identifier, Some("tax_number")) => "numéro fiscal",
        (Category::Identifier, Some("vehicle_plate")) => "immatriculation",
        (Category::Identifier, Some("credential")) => "mot de passe",
        (Category::Identifier, Some("access_code")) => "code d'accès",
        (category, _) => category.placeholder(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reload_keeps_the_model_and_takes_new_rules_over() {
        let scanner = Scanner::load(&ScannerOptions { sessions: 1, ..ScannerOptions::default() }).unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("lexicons")).unwrap();
        let lexicon = r#"
            category = "health"
            [[entry]]
            id = "essai"
            strength = "strong"
            terms = ["zorglubite"]
            flag = ["il a une zorglubite"]
            pass = ["il a un rendez-vous"]
        "#;
        std::fs::write(dir.path().join("lexicons/health.toml"), lexicon).unwrap();
        let options = ScannerOptions { rules_dir: Some(dir.path().to_owned()), ..ScannerOptions::default() };
        let reloaded = scanner.reload(&options).unwrap();
        let model = |s: &Scanner| s.classifier.as_ref().map(Arc::as_ptr);
        assert_eq!(model(&reloaded), model(&scanner));
        assert!(reloaded.rules.rule("health/essai").is_some());
        assert_ne!(reloaded.versions.lexicons, scanner.versions.lexicons);
        assert_eq!(reloaded.versions.model, scanner.versions.model);
    }
}
