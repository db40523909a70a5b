//! The live display of a run on a terminal, and what Ctrl-C does to it.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::message;
use crate::http::told_to_stop;
use crate::report::{count, grouped};
use crate::rescan::Runner;
use crate::rescan::progress::Snapshot;
use crate::rescan::stop::Reason;

const REFRESH: Duration = Duration::from_millis(200);

/// Follows a run to its end. SIGINT or SIGTERM pauses it; a second one ends the program at once, which loses nothing.
pub fn follow(runner: &Runner, quiet: bool) -> anyhow::Result<Snapshot> {
    let waiting = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot wait for signals")?;
    let display = (!quiet && std::io::stderr().is_terminal()).then(Display::new);
    waiting.block_on(watch(runner, display.as_ref()));
    let last = runner.join();
    if let Some(display) = display {
        display.bar.finish_and_clear();
    }
    Ok(last)
}

async fn watch(runner: &Runner, display: Option<&Display>) {
    let mut progress = runner.subscribe();
    let mut end = runner.subscribe();
    // The channel closes when the run has ended.
    let mut ended = std::pin::pin!(async move { while end.changed().await.is_ok() {} });
    let mut told = false;
    // Snapshots may come faster than a terminal is worth redrawing.
    let mut refresh = tokio::time::interval(REFRESH);
    let mut signal = std::pin::pin!(told_to_stop());
    loop {
        tokio::select! {
            () = &mut ended => return,
            _ = refresh.tick(), if display.is_some() => {
                if let Some(display) = display.filter(|_| progress.has_changed().is_ok_and(|changed| changed)) {
                    display.show(&progress.borrow_and_update());
                }
            }
            () = &mut signal => {
                if told {
                    std::process::exit(130);
                }
                told = true;
                runner.stop(Reason::Pause);
                signal.set(told_to_stop());
                let said = "pausing after the pages under way; once more to stop at once\n";
                match display {
                    Some(display) => display.bar.suspend(|| message::say(format_args!("{said}"))),
                    None => message::say(format_args!("{said}")),
                }
            }
        }
    }
}

struct Display {
    bar: ProgressBar,
}

impl Display {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        Self { bar }
    }

    fn show(&self, s: &Snapshot) {
        let template = match s.rows_expected {
            Some(_) => "{spinner} [{bar:30}] {percent}\u{a0}%  {msg}",
            None => "{spinner} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("#> "));
        }
        if let Some(rows) = s.rows_expected {
            self.bar.set_length(rows);
            self.bar.set_position(s.rows_read.min(rows));
        }
        self.bar.set_message(text(s));
        self.bar.tick();
    }
}

/// In French, as the closing text: rows, rate, time left, then findings by category on a line of their own.
fn text(s: &Snapshot) -> String {
    let lines = |n: u64| count(n, "ligne", "lignes");
    let read = match s.rows_expected {
        Some(rows) => format!("{} sur {}", grouped(s.rows_read), lines(rows)),
        None => lines(s.rows_read),
    };
    let mut out = format!("{read}, {} notes/s", grouped(s.rate as u64));
    if let Some(left) = s.left_ms {
        out.push_str(&format!(", reste {}", duration(left / 1000)));
    }
    if s.notes.unreadable > 0 {
        out.push_str(&format!(", {}", count(s.notes.unreadable, "illisible", "illisibles")));
    }
    if let Some(message) = &s.message {
        out.push_str(&format!("\n  {message}"));
    }
    let mut found: Vec<_> = s.by_category.iter().collect();
    found.sort_by_key(|c| std::cmp::Reverse(c.findings));
    for line in found.chunks(4) {
        let line: Vec<String> =
            line.iter().map(|c| format!("{}\u{a0}{}", c.category.label(), grouped(c.findings))).collect();
        out.push_str(&format!("\n  {}", line.join(" · ")));
    }
    out
}

/// `2 h 05 min`, `3 min 20 s`, `12 s`.
fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}\u{a0}s"),
        (0, m, s) => format!("{m}\u{a0}min\u{a0}{s:02}\u{a0}s"),
        (h, m, _) => format!("{h}\u{a0}h\u{a0}{m:02}\u{a0}min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rescan::counted::Counted;
    use crate::store::State;

    #[test]
    fn one_line_is_not_said_as_many() {
        let mut snapshot = Snapshot {
            id: "r-1".into(),
            name: "crm".into(),
            state: State::Running,
            message: None,
            units: 1,
            units_done: 0,
            rows_read: 1,
            rows_expected: None,
            notes: Counted { seen: 1, unreadable: 1, ..Counted::default() },
            findings: 0,
            by_category: vec![],
            rate: 5.0,
            worked_ms: 200,
            left_ms: None,
        };
        assert_eq!(text(&snapshot), "1\u{a0}ligne, 5 notes/s, 1\u{a0}illisible");
        (snapshot.rows_expected, snapshot.notes.unreadable) = (Some(20), 2);
        assert_eq!(text(&snapshot), "1 sur 20\u{a0}lignes, 5 notes/s, 2\u{a0}illisibles");
    }

    #[test]
    fn time_left_is_said_as_people_say_it() {
        assert_eq!(duration(12), "12\u{a0}s");
        assert_eq!(duration(200), "3\u{a0}min\u{a0}20\u{a0}s");
        assert_eq!(duration(7500), "2\u{a0}h\u{a0}05\u{a0}min");
    }
}
