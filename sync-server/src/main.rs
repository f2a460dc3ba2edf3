//! The `xunji-server` program: reads the command line and says in one sentence what went wrong.

mod say;

use clap::Parser as _;
use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use xunji_server::admin;
use xunji_server::bundle::import_bundle;
use xunji_server::cli::{Admin, Cli, Command, Erase, ImportBundle, Restore, Serve};
use xunji_server::config::DataFolder;
use xunji_server::erase;
use xunji_server::serve::{ServeConfig, serve};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr();
    let done = match cli.command {
        Command::Serve(arguments) => run(arguments),
        Command::Backup(arguments) => say::backup(arguments),
        Command::Verify { dir } => say::verify(&dir),
        Command::Restore(arguments) => restore(arguments),
        Command::Admin(command) => administer(command),
        Command::ImportBundle(arguments) => import(&arguments),
        Command::Erase(arguments) => erase_by_rule(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let _ = writeln!(std::io::stderr(), "xunji-server: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Serve) -> Result<(), String> {
    if !arguments.bind.is_loopback() && !arguments.behind_proxy {
        return Err(format!(
            "{} is not this machine's own address: add --behind-proxy, with TLS in front",
            arguments.bind
        ));
    }
    let config = ServeConfig {
        data: DataFolder::new(arguments.data),
        address: SocketAddr::new(arguments.bind, arguments.port),
        clock_offset_ms: arguments.clock_offset_ms,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|e| e.to_string())?;
    runtime.block_on(serve(config)).map_err(|e| e.to_string())
}

fn restore(arguments: Restore) -> Result<(), String> {
    let data = DataFolder::new(arguments.data);
    let line = admin::restore(data, arguments.backup.as_deref(), arguments.clock_offset_ms)
        .map_err(|e| e.to_string())?;
    writeln!(std::io::stdout(), "{line}").map_err(|e| e.to_string())
}

fn administer(command: Admin) -> Result<(), String> {
    let line = match command {
        Admin::Init {
            dir,
            demo: _,
            accounts,
            clock_offset_ms,
            opens,
            operators,
        } => {
            let made = admin::Made {
                clock_offset_ms,
                opens,
                operators,
            };
            admin::init(DataFolder::new(dir), &accounts, &made).map_err(|e| e.to_string())?
        }
        Admin::SectionConfirm { dir, set } => {
            admin::section_confirm(DataFolder::new(dir), set).map_err(|e| e.to_string())?
        }
        Admin::Positions { dir, set } => {
            admin::positions(DataFolder::new(dir), set).map_err(|e| e.to_string())?
        }
        Admin::ReleaseKey {
            dir,
            phone,
            by,
            reason,
        } => {
            let asked = admin::Release { phone, by, reason };
            admin::release_key(DataFolder::new(dir), &asked).map_err(|e| e.to_string())?
        }
        Admin::WaiveBackup { dir, set } => {
            admin::waive_backup(DataFolder::new(dir), set).map_err(|e| e.to_string())?
        }
        Admin::EnrolCode {
            dir,
            station,
            clock_offset_ms,
        } => admin::enrol_code(DataFolder::new(dir), &station, clock_offset_ms)
            .map_err(|e| e.to_string())?,
    };
    writeln!(std::io::stdout(), "{line}").map_err(|e| e.to_string())
}

/// Ends as failed when anything of what was given is not here, so that a script notices.
fn import(arguments: &ImportBundle) -> Result<(), String> {
    let data = DataFolder::new(&arguments.data);
    let mut say = |line: &str| {
        let _ = writeln!(std::io::stderr(), "{line}");
    };
    let receipts = arguments.receipts.as_deref();
    let done = import_bundle(&data, &arguments.files, receipts, &mut say);
    let done = done.map_err(|e| e.to_string())?;
    writeln!(std::io::stdout(), "{}", done.line).map_err(|e| e.to_string())?;
    if done.well {
        Ok(())
    } else {
        Err("没有全部收下；已收下的都在，没收下的还在手机上，原因见上".to_owned())
    }
}

fn erase_by_rule(arguments: Erase) -> Result<(), String> {
    let asked = erase::Asked {
        data: DataFolder::new(arguments.data),
        rule: arguments.rule,
        before: arguments.before,
        order: arguments.by.zip(arguments.order).filter(|_| arguments.yes),
    };
    let mut say = |line: &str| {
        let _ = writeln!(std::io::stderr(), "{line}");
    };
    let line = erase::erase(&asked, &mut say).map_err(|e| e.to_string())?;
    writeln!(std::io::stdout(), "{line}").map_err(|e| e.to_string())
}

/// Log lines go to standard error as JSON, on a terminal as text; `RUST_LOG` chooses the level.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().init();
    }
}
