//! Everything a report counts of findings, in one pass over them.

use std::collections::HashMap;

use super::model::{Backlog, Example, Group, Month, Ranking};
use crate::category::Category;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{Precision, ReviewState};
use crate::store::findings::StoredFinding;

/// Excerpts shown of a category.
const EXAMPLES: usize = 3;

/// Opens a sealed excerpt.
pub type Open<'o> = dyn Fn(&Fingerprint, &[u8]) -> Option<String> + 'o;

/// Findings counted. Fed in the order of the store, so that those of a note come together.
#[derive(Default)]
pub struct Tally {
    /// When the rescan began: what was marked fixed before and is found is found again.
    started_at: i64,
    pub total: Cell,
    pub category: Cells,
    pub severity: Cells,
    pub action: Cells,
    pub unit: Cells,
    pub field: Cells,
    pub team: Cells,
    pub month: Cells,
    pub rule: Cells,
    pub author: Cells,
    best: HashMap<Category, Vec<Kept>>,
    place: Place,
}

/// Groups by name; `None` for the findings that have none.
#[derive(Default)]
pub struct Cells {
    named: HashMap<String, Cell>,
    unnamed: Cell,
}

/// A group of findings.
#[derive(Default)]
pub struct Cell {
    findings: u64,
    notes: u64,
    /// `block`, `warn`, `report`.
    action: [u64; 3],
    /// `high`, `medium`, `low`.
    severity: [u64; 3],
    review: Backlog,
    /// Dismissed as wrong.
    wrong: u64,
    /// The last row counted, and which of its columns.
    row: u64,
    columns: u64,
}

/// Where the pass is.
#[derive(Default)]
struct Place {
    unit: i64,
    key: String,
    /// Rows so far; the columns of this one.
    row: u64,
    columns: Vec<String>,
}

/// A finding that may be shown as an example.
struct Kept {
    score: f64,
    rule: String,
    sealed: Vec<u8>,
    finding: Example,
}

impl Place {
    /// The row's number from 1, and the bit of the finding's column in it.
    fn of(&mut self, finding: &StoredFinding) -> (u64, u64) {
        if self.row == 0 || self.unit != finding.unit_id || self.key != finding.note {
            self.unit = finding.unit_id;
            self.key.clone_from(&finding.note);
            self.columns.clear();
            self.row += 1;
        }
        let column = self.columns.iter().position(|c| *c == finding.column).unwrap_or_else(|| {
            self.columns.push(finding.column.clone());
            self.columns.len() - 1
        });
        (self.row, 1 << (column % 64))
    }
}

impl Tally {
    pub fn new(started_at: i64) -> Self {
        Self { started_at, ..Self::default() }
    }

    pub fn add(&mut self, finding: StoredFinding) {
        let place = self.place.of(&finding);
        let again = self.is_found_again(&finding);
        let f = &finding;
        self.total.add(f, place, again);
        let named = [
            (&mut self.category, Some(&f.category)),
            (&mut self.severity, Some(&f.severity)),
            (&mut self.action, Some(&f.action)),
            (&mut self.unit, Some(&f.unit)),
            (&mut self.field, f.field.as_ref()),
            (&mut self.team, f.team.as_ref()),
            (&mut self.month, f.month.as_ref()),
            (&mut self.rule, Some(&f.rule)),
            (&mut self.author, f.author.as_ref()),
        ];
        for (cells, name) in named {
            cells.of(name.map(String::as_str)).add(f, place, again);
        }
        self.keep(finding);
    }

    fn is_found_again(&self, finding: &StoredFinding) -> bool {
        let fixed = finding.review.as_ref().filter(|r| r.decision == ReviewState::Fixed);
        fixed.is_some_and(|review| review.at < self.started_at)
    }

    /// Keeps the surest findings of each category that nobody dismissed, one a note and one a rule, to show several kinds.
    fn keep(&mut self, finding: StoredFinding) {
        let Some(sealed) = finding.excerpt else { return };
        let Ok(category) = finding.category.parse::<Category>() else { return };
        let best = self.best.entry(category).or_default();
        let same = |k: &Kept| {
            k.rule == finding.rule || (k.finding.note == finding.note && k.finding.unit == finding.unit)
        };
        let is_beaten = best.iter().any(|kept| same(kept) && kept.score >= finding.score)
            || (best.len() == EXAMPLES && best.iter().all(|kept| kept.score >= finding.score));
        if finding.state == ReviewState::Dismissed || is_beaten {
            return;
        }
        best.retain(|kept| !same(kept));
        let example = Example {
            category,
            excerpt: String::new(),
            unit: finding.unit,
            note: finding.note,
            column: finding.column,
            fingerprint: finding.fingerprint,
        };
        best.push(Kept { score: finding.score, rule: finding.rule, sealed, finding: example });
        best.sort_by(|a, b| b.score.total_cmp(&a.score));
        best.truncate(EXAMPLES);
    }

    /// The examples that can be opened, by category.
    pub fn examples(&mut self, open: &Open<'_>) -> Vec<Example> {
        let mut best = std::mem::take(&mut self.best);
        let kept = Category::ALL.into_iter().filter_map(|c| best.remove(&c)).flatten();
        let opened = kept.filter_map(|kept| {
            let excerpt = open(&kept.finding.fingerprint, &kept.sealed)?;
            Some(Example { excerpt, ..kept.finding })
        });
        opened.collect()
    }
}

impl Cells {
    fn of(&mut self, name: Option<&str>) -> &mut Cell {
        let Some(name) = name else { return &mut self.unnamed };
        if !self.named.contains_key(name) {
            self.named.insert(name.to_owned(), Cell::default());
        }
        self.named.entry(name.to_owned()).or_default()
    }

    /// The group of that name, empty where there is none.
    pub fn group(&self, name: &str) -> Group {
        let group = self.named.get(name).map(Cell::group).unwrap_or_default();
        Group { name: Some(name.to_owned()), ..group }
    }

    /// How many have no name.
    pub fn unnamed(&self) -> u64 {
        self.unnamed.findings
    }

    /// The largest groups first, at most `most`; equal ones by name.
    pub fn ranking(self, most: usize) -> Ranking {
        let unnamed = (self.unnamed.findings > 0).then(|| self.unnamed.group());
        let named = self.named.into_iter().map(|(name, cell)| Group { name: Some(name), ..cell.group() });
        let mut groups: Vec<Group> = named.chain(unnamed).collect();
        groups.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.name.cmp(&b.name)));
        let others = groups.split_off(most.min(groups.len()));
        Ranking {
            groups,
            other_groups: others.len() as u64,
            other_findings: others.iter().map(|g| g.findings).sum(),
        }
    }

    /// In the order of their names, which are months.
    pub fn months(self) -> Vec<Month> {
        let month = |(month, cell): (String, Cell)| {
            let [block, warn, report] = cell.action;
            Month { month, findings: cell.findings, notes: cell.notes, block, warn, report }
        };
        let mut months: Vec<Month> = self.named.into_iter().map(month).collect();
        months.sort_by(|a, b| a.month.cmp(&b.month));
        months
    }
}

impl Cell {
    fn add(&mut self, finding: &StoredFinding, (row, column): (u64, u64), again: bool) {
        self.findings += 1;
        if self.row != row {
            (self.row, self.columns) = (row, 0);
        }
        if self.columns & column == 0 {
            self.columns |= column;
            self.notes += 1;
        }
        if let Some(i) = ["block", "warn", "report"].iter().position(|a| *a == finding.action) {
            self.action[i] += 1;
        }
        if let Some(i) = ["high", "medium", "low"].iter().position(|s| *s == finding.severity) {
            self.severity[i] += 1;
        }
        match finding.state {
            ReviewState::ToReview => self.review.to_review += 1,
            ReviewState::Confirmed => self.review.confirmed += 1,
            ReviewState::Dismissed => self.review.dismissed += 1,
            ReviewState::Fixed => self.review.fixed += 1,
        }
        self.review.found_again += u64::from(again);
        let reason = finding.review.as_ref().and_then(|review| review.reason.as_ref());
        let dismissed = finding.state == ReviewState::Dismissed;
        self.wrong += u64::from(dismissed && reason.is_none_or(|reason| reason.code.is_error()));
    }

    pub fn group(&self) -> Group {
        let [block, warn, report] = self.action;
        let [high, medium, low] = self.severity;
        let right = self.review.confirmed + self.review.fixed;
        Group {
            name: None,
            findings: self.findings,
            notes: self.notes,
            block,
            warn,
            report,
            high,
            medium,
            low,
            review: self.review,
            precision: Precision::new(right, self.wrong),
        }
    }
}
