//! The `vigie` program. Everything it does is in [`vigie::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    vigie::cli::main()
}
