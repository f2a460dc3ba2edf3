//! `xunji-headless`: a phone without a screen. The real device core, commands as JSON lines on stdin,
//! answers as JSON lines on stdout. An answer is written after its commit; SIGKILL at any moment is the
//! ordinary way to end it.

use clap::Parser;
use serde_json::{Value, json};
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use xunji_device::api::{ApiError, Command};
use xunji_device::clock::{ShiftedClock, SystemEntropy};
use xunji_device::keystore::FileKeyStore;
use xunji_device::photos::steps::Step;
use xunji_device::{Device, Parts};
use xunji_tests::market::phone::STOPPED_AT;

/// A phone without a screen.
#[derive(Debug, Parser)]
struct Args {
    /// The phone's folder; made where it does not exist.
    #[arg(long)]
    data: PathBuf,
    /// What the phone's wall clock shows at the start, in milliseconds UTC; it runs on from there.
    #[arg(long)]
    clock_wall_ms: Option<i64>,
    /// Stand still after this step of the photo pipeline, with a file `stopped-at` in the phone's folder
    /// to say so: whoever waits for the file kills the process there.
    #[arg(long, value_parser = step)]
    stop_at: Option<Step>,
}

fn step(name: &str) -> Result<Step, String> {
    serde_json::from_value(Value::from(name)).map_err(|e| e.to_string())
}

fn main() -> ExitCode {
    let args = Args::parse();
    let clock = Arc::new(ShiftedClock::default());
    if let Some(wall) = args.clock_wall_ms {
        clock.show(wall);
    }
    match open(&args, &clock) {
        Ok(device) => {
            device.keep_room();
            if let Some(step) = args.stop_at {
                stand_still_after(&device, step, args.data.join(STOPPED_AT));
            }
            // Copies are made beside the commands, as on a phone. Without the thread, a sync run makes them.
            let _deriving = xunji_device::photos::background::start(&device);
            serve(&device, &clock)
        }
        Err(error) => {
            // Whoever asks gets the sentence, as from an open phone.
            let error = ApiError::from(error);
            answer_all(|_| Err(error.clone()))
        }
    }
}

fn open(args: &Args, clock: &Arc<ShiftedClock>) -> Result<Arc<Device>, xunji_device::OpenError> {
    std::fs::create_dir_all(&args.data)?;
    let keys = Arc::new(FileKeyStore::at(args.data.join("key")));
    let parts = Parts {
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        keys,
    };
    Ok(Arc::new(Device::open(&args.data, parts)?))
}

fn stand_still_after(device: &Device, stop: Step, mark: PathBuf) {
    device.photos().set_watch(Box::new(move |step| {
        if step == stop {
            let _ = std::fs::write(&mark, format!("{step:?}"));
            loop {
                std::thread::park();
            }
        }
    }));
}

fn serve(device: &Arc<Device>, clock: &ShiftedClock) -> ExitCode {
    answer_all(|command| {
        if command.get("cmd").and_then(Value::as_str) == Some("set_clock") {
            return set_clock(clock, &command);
        }
        let command: Command = serde_json::from_value(command).map_err(|e| bad(&e))?;
        device.call(command)
    })
}

fn set_clock(clock: &ShiftedClock, command: &Value) -> Result<Value, ApiError> {
    let number = |key: &str| command.get(key).and_then(Value::as_i64);
    match (number("offset_ms"), number("wall_ms")) {
        (Some(offset), _) => clock.shift(offset),
        (None, Some(wall)) => clock.show(wall),
        (None, None) => return Err(bad(&"set_clock needs offset_ms or wall_ms")),
    }
    Ok(json!({}))
}

/// Answers every line of stdin until it ends.
fn answer_all(mut answer: impl FnMut(Value) -> Result<Value, ApiError>) -> ExitCode {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else {
            return ExitCode::FAILURE;
        };
        if line.trim().is_empty() {
            continue;
        }
        let (id, result) = match serde_json::from_str::<Value>(&line) {
            Ok(command) => (number(&command), answer(command)),
            Err(e) => (Value::Null, Err(bad(&e))),
        };
        let said = match result {
            Ok(ok) => json!({ "id": id, "ok": ok }),
            Err(error) => json!({ "id": id, "error": error }),
        };
        if writeln!(out, "{said}").and_then(|()| out.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The number of a request: `req`, or `id` where the command has no use for that word.
fn number(command: &Value) -> Value {
    command
        .get("req")
        .or_else(|| command.get("id"))
        .cloned()
        .unwrap_or(Value::Null)
}

fn bad(detail: &dyn std::fmt::Display) -> ApiError {
    ApiError::new("bad_command", "命令无法识别，内容没有改动")
        .with(json!({ "detail": detail.to_string() }))
}
