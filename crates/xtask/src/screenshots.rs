//! `screenshots`: pictures of every page, those of README and manuals, and the references of the tests.

use std::process::Command;

use crate::checkout::Checkout;
use crate::demo;
use crate::failure::Failure;
use crate::run;
use crate::ui;
use crate::{Purpose, ScreenshotOptions};

/// Builds everything and lets the program of the tests take the pictures.
///
/// # Errors
/// When something cannot be built, or a page could not be reached.
pub fn run(checkout: &Checkout, options: &ScreenshotOptions) -> Result<(), Failure> {
    demo::build(checkout, Purpose::Test)?;
    ui::build_galleries(checkout)?;
    let mut command = Command::new(checkout.program("screenshots")?);
    command
        .arg("--out")
        .arg(checkout.root().join("target/screenshots"))
        .arg("--ui")
        .arg(checkout.ui());
    if let Some(only) = &options.only {
        command.args(["--only", only]);
    }
    if options.docs {
        command
            .arg("--docs")
            .arg(checkout.root().join("docs/pictures"));
    }
    if options.accept {
        command
            .arg("--accept")
            .arg(checkout.root().join("tests/pictures"));
    }
    run::finish(&mut command)
}
