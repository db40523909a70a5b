//! What is said of a bug that panics: where, and never the message. A string cut in the wrong place quotes the string, and
//! that may be a note.

use std::panic::{Location, PanicHookInfo};

use super::message;

/// Takes the standard library's hook out, which prints the message.
pub fn keep_quiet() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        message::say(format_args!("{}\n", said(info.location())));
    }));
}

fn said(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(|| "an unknown place".to_owned(), |p| format!("{}:{}", p.file(), p.line()));
    format!("vigie: internal error at {place}; please report it")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const INSIDE: &str = "VIGIE_TEST_INSIDE";

    /// Runs itself again, as the hook is the whole process's.
    #[test]
    fn a_panic_tells_its_place_and_not_its_message() {
        if std::env::var_os(INSIDE).is_some() {
            keep_quiet();
            let note = "canari diabétique";
            let _ = &note[..12];
        }
        let name = "cli::crash::tests::a_panic_tells_its_place_and_not_its_message";
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(INSIDE, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(!output.status.success());
        assert!(said.contains("internal error at src/cli/crash.rs:"), "{said}");
        assert!(!said.contains("canari"));
    }
}
