//! `demo`: a fictional county on this machine: server, console and, where there is a display, the field app.

mod aside;
mod children;
mod county;
mod once;
mod past;
mod port;
mod running;
mod server;

pub use aside::keep_last;
pub use children::Child;
pub use county::County;

use std::env;
use std::fs;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::Duration;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::{DemoOptions, Purpose, run, setup, ui};
use running::Running;
use server::Server;

/// Where the console answers unless another port is asked for.
pub const DEFAULT_PORT: u16 = 8080;

/// Runs the demo until it is ended, or one of its other jobs.
///
/// # Errors
/// Everything that keeps the demo from running, in a sentence that says what to do.
pub fn run(checkout: &Checkout, options: &DemoOptions) -> Result<(), Failure> {
    if options.clean {
        return clean(checkout);
    }
    if options.once {
        return once::run(checkout, options.photos.as_deref());
    }
    let mut running = Running::claim(checkout)?;
    port::must_be_free(options.port)?;
    build(checkout, Purpose::Demo)?;
    let county = County::prepare(checkout, options.fresh)?;
    let code = county.enrol_code(checkout)?;
    let mut server = server::start(checkout, &county, options.port)?;
    running.write_address(&server.url)?;
    println!("{}", county.ready_line(&server.url));
    let app = if wants_window(options.no_window) {
        Some(start_app(checkout, &county, &server.url, &code)?)
    } else {
        None
    };
    println!("Ctrl-C ends the demo; the county stays for the next time.");
    watch(&mut server, app)
}

/// Our own code as optimised as what it calls, for whoever measures or plays for hours: at level 0, which builds
/// quickly, a figure is the compiler's. The dependencies are those of every other build.
pub const OPTIMISED: [&str; 8] = [
    "--config",
    "profile.dev.package.xunji-domain.opt-level=2",
    "--config",
    "profile.dev.package.xunji-protocol.opt-level=2",
    "--config",
    "profile.dev.package.xunji-device.opt-level=2",
    "--config",
    "profile.dev.package.xunji-server.opt-level=2",
];

/// Everything before the first program of ours can start: setup, both faces, all programs.
///
/// # Errors
/// Those of the three steps.
pub fn build(checkout: &Checkout, purpose: Purpose) -> Result<(), Failure> {
    build_with(checkout, purpose, &[])
}

/// [`build`] with further words for cargo.
///
/// # Errors
/// As [`build`].
pub fn build_with(checkout: &Checkout, purpose: Purpose, words: &[&str]) -> Result<(), Failure> {
    setup::run(checkout, purpose)?;
    ui::build(checkout)?;
    // Always the whole workspace: another selection of crates would unify features otherwise and
    // compile the dependencies a second time.
    run::finish(
        Command::new("cargo")
            .args(["build", "--workspace", "--bins"])
            .args(words)
            .current_dir(checkout.root()),
    )
}

/// Starts the field app on the county's own phone.
///
/// # Errors
/// When the program cannot be started.
pub fn start_app(
    checkout: &Checkout,
    county: &County,
    url: &str,
    code: &str,
) -> Result<Child, Failure> {
    let mut command = Command::new(checkout.program("xunji-app")?);
    command
        .env("XUNJI_DATA_DIR", county.phone())
        .env("XUNJI_DOCUMENTS_DIR", county.carried())
        .env("XUNJI_SERVER_URL", url)
        .env("XUNJI_ENROL_CODE", code);
    let mut child = Child::start("the field app", &mut command, &county.log("app"))?;
    if let Some(mut output) = child.output() {
        // Nobody reads it, but a full pipe would stop the app.
        thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    }
    Ok(child)
}

/// Whether a window can open here.
pub fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn wants_window(no_window: bool) -> bool {
    let display = has_display();
    if !no_window && !display {
        println!(
            "no display here (DISPLAY and WAYLAND_DISPLAY are empty): the field app's window is left out"
        );
    }
    display && !no_window
}

/// Waits until the server ends; a closed window leaves the console running.
fn watch(server: &mut Server, mut app: Option<Child>) -> Result<(), Failure> {
    loop {
        if let Some(status) = server.child.ended()? {
            return Err(Failure::Failed(format!(
                "the server ended with {status}: {}",
                server.child.last_words()
            )));
        }
        if let Some(status) = app.as_mut().map(Child::ended).transpose()?.flatten() {
            say_window_closed(app.as_ref(), status);
            app = None;
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn say_window_closed(app: Option<&Child>, status: ExitStatus) {
    if status.success() {
        println!("the field app was closed; the console goes on");
    } else {
        let words = app.map(Child::last_words).unwrap_or_default();
        println!("the field app ended with {status}; the console goes on. {words}");
    }
}

fn clean(checkout: &Checkout) -> Result<(), Failure> {
    let folder = checkout.demo();
    if !folder.exists() {
        println!("there is no {}: nothing to remove", folder.display());
        return Ok(());
    }
    let _locks = (Running::claim(checkout)?, Running::claim_once(checkout)?);
    println!(
        "removing {} with the county, its accounts and all market days",
        folder.display()
    );
    fs::remove_dir_all(&folder).map_err(|error| Failure::io("remove", &folder, error))
}
