//! The project's own commands. Owns the command line and the exit codes; each command is a module.
//!
//! Depends on none of our crates and on nothing but std, clap and `serde_json`, so that it builds in
//! seconds on a fresh machine and still works when the rest does not compile.
#![expect(
    clippy::print_stdout,
    reason = "these are commands: what they do is said on the terminal"
)]

mod android;
mod bench;
mod checkout;
mod demo;
mod failure;
mod package;
mod reliability;
mod run;
mod screenshots;
mod setup;
mod test;
mod tidy;
mod ui;
mod work;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use checkout::Checkout;
use failure::Failure;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let outcome = Checkout::find().and_then(|checkout| dispatch(&checkout, command));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(sentence) = failure.sentence() {
                eprintln!("x: {sentence}");
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(checkout: &Checkout, command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(options) => demo::run(checkout, &options),
        Command::Setup { purpose, print } if print => setup::print(purpose),
        Command::Setup { purpose, .. } => setup::run(checkout, purpose),
        Command::Test => test::run(checkout),
        Command::App => work::app(checkout),
        Command::Serve { port } => work::serve(checkout, port),
        Command::Bench { what } => bench::run(checkout, &what),
        Command::Reliability(options) => reliability::run(checkout, &options),
        Command::Screenshots(options) => screenshots::run(checkout, &options),
        Command::Package(options) => package::run(checkout, &options),
        Command::Freeze => reliability::freeze(checkout),
        Command::Tidy => tidy::run(checkout),
        Command::CheckAndroid { debian } => android::check(checkout, debian),
        Command::Android(options) => android::build(checkout, &options),
    }
}

/// Xunji 巡集: the commands of the checkout.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something must be installed first.
#[derive(Parser)]
#[command(name = "x", bin_name = "./x")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets everything up, then runs a fictional county: server, console and field app
    Demo(DemoOptions),
    /// Installs what demo or test needs; says what it does, asks nothing
    Setup {
        /// What to prepare for
        #[arg(long = "for", value_enum, default_value = "demo")]
        purpose: Purpose,
        /// Install nothing: print the names of the system's packages that are missing, one a line
        #[arg(long)]
        print: bool,
    },
    /// Every test: Rust, both faces, rules of the source, and a whole market day
    Test,
    /// The field app alone, against the demo's county
    App,
    /// The server alone, on the demo's county
    Serve {
        /// Port on 127.0.0.1; 0 takes a free one
        #[arg(long, default_value_t = demo::DEFAULT_PORT)]
        port: u16,
    },
    /// Measures what a person waits for; figures against budgets and peers
    Bench {
        /// What to measure
        #[command(subcommand)]
        what: bench::Bench,
    },
    /// The fault table: what is lost when phones, server, net and disks fail; nothing may be
    Reliability(reliability::ReliabilityOptions),
    /// Pictures of every page of both faces into target/screenshots
    Screenshots(ScreenshotOptions),
    /// Debian packages of server and field app into target/package
    Package(package::PackageOptions),
    /// Freezes a county and its phones as this program leaves them, before a step is added to their databases
    Freeze,
    /// Checks layers, budgets and words of the source
    Tidy,
    /// Type-checks device and app for the processors of Android phones; needs no SDK
    CheckAndroid {
        /// Take Debian's compiler, even where rustup's has the phones' targets
        #[arg(long)]
        debian: bool,
    },
    /// APKs for phones; needs Java, the Android SDK and its NDK, and says which is missing
    Android(AndroidOptions),
}

/// What a machine is prepared for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Purpose {
    /// Building and running
    Demo,
    /// Building, running and every test
    Test,
    /// Building for phones: no window here, so none of its headers
    Phone,
}

#[derive(Args)]
struct DemoOptions {
    /// Play one whole market day without a window, from a fresh county, and exit
    #[arg(long, conflicts_with_all = ["port", "no_window", "fresh", "clean"])]
    once: bool,
    /// Port of the console on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = demo::DEFAULT_PORT)]
    port: u16,
    /// Do not open the field app's window
    #[arg(long)]
    no_window: bool,
    /// With --once: take the photos from this folder instead of drawing them
    #[arg(long, value_name = "DIR", requires = "once")]
    photos: Option<std::path::PathBuf>,
    /// Move the old county aside and begin a new one
    #[arg(long)]
    fresh: bool,
    /// Remove target/demo with everything in it, and exit
    #[arg(long, conflicts_with = "fresh")]
    clean: bool,
}

#[derive(Args)]
struct AndroidOptions {
    /// Build what is given to inspectors, signed with the bureau's key; else one to try beside it
    #[arg(long)]
    release: bool,
}

#[derive(Args)]
struct ScreenshotOptions {
    /// Only pictures whose name holds this, such as field-today or dark
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Also draw the small pictures of README and manuals anew, those that were taken: docs/pictures
    #[arg(long)]
    docs: bool,
    /// Take the components as they look now for the references that the tests hold them against
    #[arg(long, conflicts_with_all = ["only", "docs"])]
    accept: bool,
}
