//! Phones with Android. `check-android` reads `device` and the app as the compilers of phones do, on a machine without an
//! SDK, an NDK or a phone. What it proves is that every line compiles that only phones compile; it links
//! nothing, runs nothing, and sees no Kotlin. `android` builds the real thing where there is an SDK.

mod apk;
mod compiler;
mod debian;
mod java;
mod lines;
mod planted;
mod predicate;
mod pretend;
mod sdk;

pub use apk::build;

use std::path::Path;
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

/// Checks the crates for both processors, then sees to it that an error planted at every line that phones alone compile is
/// found there: a check that cannot turn red is none. `debian` asks for Debian's compiler.
///
/// # Errors
/// What does not compile, or `Install` when no compiler for phones can be had.
pub fn check(checkout: &Checkout, debian: bool) -> Result<(), Failure> {
    // The app's build script asks for the built face.
    setup::run(checkout, Purpose::Phone)?;
    ui::build(checkout)?;
    let began = Instant::now();
    let place = checkout.target()?.join("check-android");
    planted::forget(&place)?;
    let tools = Tools::write(&place)?;
    let compiler = Compiler::find(checkout, &place, debian)?;
    println!("check-android: {}", compiler.said());
    let target = checkout.target()?;
    let mut whole = cargo(&target, &compiler, &tools);
    whole.current_dir(checkout.root());
    for phone in TARGETS {
        whole.args(["--target", phone]);
    }
    run::finish(&mut whole)?;
    let green = began.elapsed().as_secs_f32();
    let found = planted::check(checkout, &place, |phone, folder| {
        let mut command = cargo(&target, &compiler, &tools);
        command.args(["--target", phone]).current_dir(folder);
        command
    })?;
    println!(
        "check-android: {} type-check in {green:.1} s, {:.1} s with the planted errors; {found}",
        TARGETS.join(" and "),
        began.elapsed().as_secs_f32()
    );
    Ok(())
}

/// The check of all crates that phones run. Its results lie with the checkout's own, wherever the source lies.
fn cargo(target: &Path, compiler: &Compiler, tools: &Tools) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["check", "--locked", "--lib"])
        .args(CRATES)
        .env("CARGO_TARGET_DIR", target);
    tools.show_to(&mut command);
    compiler.show_to(&mut command);
    command
}
