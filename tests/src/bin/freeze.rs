//! Freezes a county and its phones as this program leaves them: `tests/frozen`. Run by `./x freeze`, once for a
//! schema, before a step is added to it.

#![allow(clippy::print_stdout)] // where it was put is what stdout is for

use std::process::ExitCode;
use xunji_tests::frozen::freeze;

fn main() -> ExitCode {
    match freeze() {
        Ok(folder) => {
            println!("{}", folder.display());
            ExitCode::SUCCESS
        }
        Err(stopped) => {
            eprintln!("{stopped}");
            ExitCode::FAILURE
        }
    }
}
