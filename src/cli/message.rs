//! What the program says on standard error. Never a note's text.

use std::fmt;
use std::io::Write;

use anstyle::{AnsiColor, Style};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// One line on why the command failed.
pub fn error(error: &anyhow::Error) {
    say(format_args!("{ERROR}vigie: error:{ERROR:#} {}\n", reasons(error)));
}

/// The error and what caused it, on one line; a cause that was quoted already is not said again.
fn reasons(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

/// One line on something odd that did not stop the command.
pub fn warn(message: &str) {
    say(format_args!("{WARNING}vigie: warning:{WARNING:#} {message}\n"));
}

/// Writes on standard error. Where that fails, nobody listens, and nothing else can be done.
pub fn say(message: fmt::Arguments<'_>) {
    let _ = anstream::stderr().write_fmt(message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = anyhow::Error::new(full()).context(format!("cannot write a.csv: {}", full()));
        assert_eq!(reasons(&error), format!("cannot write a.csv: {}", full()));
        let error = anyhow::Error::new(full()).context("cannot write a.csv");
        assert_eq!(reasons(&error), format!("cannot write a.csv: {}", full()));
    }
}
