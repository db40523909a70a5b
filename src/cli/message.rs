//! What the program says on standard error. Never a note's text.

use std::fmt;
use std::io::Write;

use anstyle::{AnsiColor, Style};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// One line on why the command failed.
pub fn error(error: &anyhow::Error) {
    say(format_args!("{ERROR}vigie: error:{ERROR:#} {error:#}\n"));
}

/// One line on something odd that did not stop the command.
pub fn warn(message: &str) {
    say(format_args!("{WARNING}vigie: warning:{WARNING:#} {message}\n"));
}

/// Writes on standard error. Where that fails, nobody listens, and nothing else can be done.
pub fn say(message: fmt::Arguments<'_>) {
    let _ = anstream::stderr().write_fmt(message);
}
