//! Phones with Android. `check-android` reads `device` and the app as the compilers of phones do, on a machine without an
//! SDK, an NDK or a phone. What it proves is that every line compiles that only phones compile; it links
//! nothing, runs nothing, and sees no Kotlin. `android` builds the real thing where there is an SDK.

mod apk;
mod compiler;
mod debian;
mod pretend;
mod sdk;

pub use apk::build;

use std::process::Command;
use std::time::Instant;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::{Purpose, run, setup, ui};
use compiler::Compiler;
use pretend::Tools;

/// The processors of the phones that a release is built for.
pub const TARGETS: [&str; 2] = ["aarch64-linux-android", "armv7-linux-androideabi"];

/// The crates that run on a phone; what they need of ours comes with them.
const CRATES: [&str; 4] = ["-p", "xunji-device", "-p", "xunji-app"];

/// The cfg that switches the app's planted error on, and what that error says.
const PLANTED: [&str; 2] = [
    "planted_error",
    "planted in a line that only phones compile",
];

/// Checks the crates for both processors, then sees to it that an error planted in a phone's line is
/// found: a check that cannot turn red is none.
///
/// # Errors
/// What does not compile, or `Install` when no compiler for phones can be had.
pub fn check(checkout: &Checkout) -> Result<(), Failure> {
    // The app's build script asks for the built face.
    setup::run(checkout, Purpose::Demo)?;
    ui::build(checkout)?;
    let began = Instant::now();
    let place = checkout.target()?.join("check-android");
    let tools = Tools::write(&place)?;
    let compiler = Compiler::find(checkout, &place)?;
    println!("check-android: {}", compiler.said());
    let mut whole = cargo(checkout, &compiler, &tools, "check");
    whole.args(CRATES);
    for target in TARGETS {
        whole.args(["--target", target]);
    }
    run::finish(&mut whole)?;
    let green = began.elapsed().as_secs_f32();
    planted(checkout, &compiler, &tools)?;
    println!(
        "check-android: {} type-check in {green:.1} s; a planted error turns the check red",
        TARGETS.join(" and ")
    );
    Ok(())
}

/// Compiles the app once more with the planted error switched on. Only the app itself is read again.
fn planted(checkout: &Checkout, compiler: &Compiler, tools: &Tools) -> Result<(), Failure> {
    let [cfg, says] = PLANTED;
    for target in TARGETS {
        let mut command = cargo(checkout, compiler, tools, "rustc");
        command.args(["--profile", "check", "-p", "xunji-app", "--target", target]);
        command.args(["--", "--cfg", cfg]);
        match run::capture(&mut command) {
            Err(Failure::Failed(text)) if text.contains(says) => {}
            Err(failure) => return Err(failure),
            Ok(_) => {
                return Err(Failure::Failed(format!(
                    "an error planted for {target} was not seen: the check does not read the lines of phones"
                )));
            }
        }
    }
    Ok(())
}

fn cargo(checkout: &Checkout, compiler: &Compiler, tools: &Tools, word: &str) -> Command {
    let mut command = Command::new("cargo");
    command
        .args([word, "--locked", "--lib"])
        .current_dir(checkout.root());
    tools.show_to(&mut command);
    compiler.show_to(&mut command);
    command
}
