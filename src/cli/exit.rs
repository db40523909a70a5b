//! Exit codes, the same for every command.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing found.
    Clear,
    /// Done: something was found, a floor was missed, a rule is wrong.
    Found,
    /// Not done: wrong usage, or input or output failed.
    Failed,
    /// Done, but some notes could not be read; something may have been found in the others.
    Partial,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clear => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
            Exit::Partial => 3,
        })
    }
}

/// Whether an error only says that the reader of our output went away, as `head` does.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        io.is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
