//! A county with enrolled phones, made once and copied for every seed: enrolment and first filling
//! take longer than a day's play.

use super::clock::{PhoneClock, SeededEntropy, Truth};
use super::trace::Trace;
use super::wire;
use crate::market::{Step, Stopped};
use axum::Router;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;
use xunji_device::api::Command;
use xunji_device::keystore::FileKeyStore;
use xunji_device::photos::derive::WatermarkFont;
use xunji_device::runner::run_until;
use xunji_device::sync::plan::Goal;
use xunji_device::transport::{Exchange, Request, Transport};
use xunji_device::{Device, Parts};
use xunji_domain::county::MAIN_STATION;
use xunji_protocol::kinds::{Newest, newest_version};
use xunji_server::clock::ServerClock;
use xunji_server::config::DataFolder;
use xunji_server::keys::Keys;
use xunji_server::storage::{CommitPoint, Store};
use xunji_server::{App, admin, redrive, router};

/// Phones in an image.
pub const PHONES: usize = 8;
/// 2026-10-28 05:20 in China: before the market opens.
pub const DAWN: i64 = 1_793_136_000_000;

/// A font that the phones of all copies share once one has loaded it.
pub type Font = Arc<Mutex<Option<Arc<WatermarkFont>>>>;

/// The folders.
pub struct Image {
    folder: TempDir,
    font: Font,
    traces: Mutex<Vec<Trace>>,
}

impl Image {
    /// Makes the county and enrols its phones.
    ///
    /// # Errors
    /// What kept it from being made.
    pub fn make() -> Step<Self> {
        Self::larger(0, PHONES)
    }

    /// The same with so many more operators, and with so many phones.
    ///
    /// # Errors
    /// As [`Self::make`].
    pub fn larger(operators: u32, phones: usize) -> Step<Self> {
        let folder = scratch()?;
        let data = DataFolder::new(folder.path().join("server"));
        let clock_offset_ms = DAWN - ServerClock::new(0, String::new()).now().0;
        let made = admin::Made {
            clock_offset_ms,
            operators,
            ..admin::Made::default()
        };
        admin::init(data, &folder.path().join("accounts.txt"), &made)
            .map_err(|e| Stopped::at("county", e))?;
        let truth: Truth = Arc::new(AtomicI64::new(DAWN));
        let (app, router) = serve(&folder.path().join("server"), &truth)?;
        for number in 0..phones {
            enrol(folder.path(), number, &truth, &router)?;
        }
        drop((app, router));
        closed(&folder.path().join("server"))?;
        Ok(Self {
            folder,
            font: Arc::default(),
            traces: Mutex::default(),
        })
    }

    /// A world was begun on it.
    pub fn begun(&self, trace: &Trace) {
        self.traces().push(trace.clone());
    }

    /// What happened in every world that was begun since this was asked the last time.
    pub fn take_traces(&self) -> Vec<String> {
        self.traces().drain(..).map(|trace| trace.now()).collect()
    }

    fn traces(&self) -> MutexGuard<'_, Vec<Trace>> {
        self.traces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The console's accounts with their passwords.
    ///
    /// # Errors
    /// The file does not read.
    pub fn accounts(&self) -> Step<String> {
        let path = self.folder.path().join("accounts.txt");
        std::fs::read_to_string(path).map_err(|e| Stopped::at("accounts", e))
    }

    /// The font of the watermarks.
    pub fn font(&self) -> Font {
        Arc::clone(&self.font)
    }

    /// A copy of the county with its first phones, to play with.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn copied(&self, phones: usize) -> Step<TempDir> {
        let folder = scratch()?;
        copy(
            &self.folder.path().join("server"),
            &folder.path().join("server"),
        )?;
        for name in (0..phones).map(phone_name) {
            copy(&self.folder.path().join(&name), &folder.path().join(&name))?;
        }
        Ok(folder)
    }
}

/// Brings everything into the database's one file: the server's own thread may close it later, and a
/// copy taken while it does would be torn.
///
/// # Errors
/// Somebody still writes.
pub fn closed(server: &Path) -> Step<()> {
    let doing = |e: rusqlite::Error| Stopped::at("close the image", e);
    let database = rusqlite::Connection::open(server.join("county.db")).map_err(doing)?;
    let busy: i64 = database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(doing)?;
    drop(database);
    // Whoever closes the database last removes its log, and a copy must not meet that halfway.
    for _ in 0..1_000 {
        if busy == 0 && !server.join("county.db-wal").exists() {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    Err(Stopped("the image is still being written".to_owned()))
}

/// A folder in memory where the system has a place for it: a simulation holds its own view of what reached a disk.
///
/// # Errors
/// Those of the disk.
pub fn scratch() -> Step<TempDir> {
    let memory = Path::new("/dev/shm");
    let made = match memory.is_dir() {
        true => tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()),
        false => tempfile::tempdir(),
    };
    made.map_err(|e| Stopped::at("scratch folder", e))
}

/// `phone3`.
pub fn phone_name(number: usize) -> String {
    format!("phone{number}")
}

/// The server on a folder, with the simulation's time.
///
/// # Errors
/// The folder cannot be served.
pub fn serve(folder: &Path, truth: &Truth) -> Step<(Arc<App>, Router)> {
    served(folder, truth, None, newest_version)
}

/// The same; its commits end at the point whose number is set, as a kill would end them, while the
/// number is one of a point. It reads what phones write as far as `newest` says.
///
/// # Errors
/// The folder cannot be served.
pub fn serve_dying(
    folder: &Path,
    truth: &Truth,
    die_at: &Arc<AtomicUsize>,
    newest: Newest,
) -> Step<(Arc<App>, Router)> {
    served(folder, truth, Some(Arc::clone(die_at)), newest)
}

fn served(
    folder: &Path,
    truth: &Truth,
    die_at: Option<Arc<AtomicUsize>>,
    newest: Newest,
) -> Step<(Arc<App>, Router)> {
    let doing = |e: &dyn std::fmt::Display| Stopped::at("server", e);
    let data = DataFolder::new(folder);
    let mut store = Store::open(&data.database()).map_err(|e| doing(&e))?;
    if let Some(die_at) = die_at {
        store = store.watched(Arc::new(move |reached| {
            CommitPoint::ALL.get(die_at.load(Ordering::Relaxed)) == Some(&reached)
        }));
    }
    let keys = Keys::read(&data.keys()).map_err(|e| doing(&e))?;
    let keys = keys.ok_or_else(|| Stopped("server: no keys".to_owned()))?;
    let clock = ServerClock::told(Arc::clone(truth), "simulated".to_owned());
    let mut app = App::assemble(data, store, keys, clock).map_err(|e| doing(&e))?;
    app.newest = newest;
    let app = Arc::new(app);
    // As at every start of the real one.
    redrive::everything(&app).map_err(|e| Stopped::at("server", e.0.title))?;
    Ok((Arc::clone(&app), router(app)))
}

/// Opens a phone's folder.
///
/// # Errors
/// It does not open.
pub fn open_phone(folder: &Path, clock: PhoneClock, seed: u64) -> Step<Device> {
    let parts = Parts {
        clock: Arc::new(clock),
        entropy: Arc::new(SeededEntropy::of(seed)),
        keys: Arc::new(FileKeyStore::at(folder.join("key"))),
    };
    Device::open(folder, parts).map_err(|e| Stopped::at(&folder.display().to_string(), e))
}

/// Runs a command as a face would.
///
/// # Errors
/// The sentence it was refused with.
pub fn call(phone: &Device, command: Value) -> Step<Value> {
    let said = command.to_string();
    let command: Command = serde_json::from_value(command).map_err(|e| Stopped::at(&said, e))?;
    phone
        .call(command)
        .map_err(|e| Stopped(format!("{said}: {} {}", e.code, e.sentence)))
}

/// A line on which nothing goes wrong.
pub struct Clear(pub Router);

impl Transport for Clear {
    fn exchange(&self, request: Request) -> Exchange<'_> {
        Box::pin(wire::ask(&self.0, request, None))
    }
}

fn enrol(folder: &Path, number: usize, truth: &Truth, router: &Router) -> Step<()> {
    let data = DataFolder::new(folder.join("server"));
    let code = admin::enrol_code(
        data,
        MAIN_STATION,
        Some(DAWN - ServerClock::new(0, String::new()).now().0),
    )
    .map_err(|e| Stopped::at("enrol code", e))?;
    let text = |key: &str| code[key].as_str().unwrap_or_default().to_owned();
    let home = folder.join(phone_name(number));
    std::fs::create_dir_all(&home).map_err(|e| Stopped::at("phone", e))?;
    let clock = PhoneClock::right(truth, "image");
    let phone = open_phone(&home, clock, 1_000 + number as u64)?;
    phone.sync().use_transport(Arc::new(Clear(router.clone())));
    let code = format!("{}.{}", text("code"), text("root"));
    call(
        &phone,
        json!({"cmd": "enrol", "server_url": "http://county.invalid", "code": code}),
    )?;
    let report = run_until(&phone, Goal::Pulled, 60_000).map_err(|e| Stopped(e.sentence))?;
    if !report.reached {
        return Err(Stopped("the first filling did not end".to_owned()));
    }
    duty(&phone)
}

/// Two inspectors are on duty today, whatever day the phone takes it for.
///
/// # Errors
/// The phone refused them.
pub fn duty(phone: &Device) -> Step<()> {
    let status = call(phone, json!({"cmd": "status"}))?;
    if status["inspectors"]
        .as_array()
        .is_some_and(|all| all.len() == 2)
    {
        return Ok(());
    }
    let roster = call(phone, json!({"cmd": "roster"}))?;
    let able = roster.as_array().into_iter().flatten();
    let able = able.filter(|p| p["may_sign"] == true && p["role"] == "inspector");
    let ids: Vec<&Value> = able.map(|p| &p["id"]).take(2).collect();
    call(phone, json!({"cmd": "set_inspectors", "ids": ids}))?;
    Ok(())
}

/// Copies a folder with everything in it, as it lies on the disk at this moment.
///
/// # Errors
/// Those of the disk.
pub fn copy(from: &Path, to: &Path) -> Step<()> {
    let doing = |path: &Path, e: std::io::Error| Stopped::at(&path.display().to_string(), e);
    std::fs::create_dir_all(to).map_err(|e| doing(to, e))?;
    for entry in std::fs::read_dir(from).map_err(|e| doing(from, e))? {
        let entry = entry.map_err(|e| doing(from, e))?;
        let (path, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        // Shared memory of the processes that have a database open: no part of what a kill leaves.
        if path.to_string_lossy().ends_with("-shm") {
            continue;
        }
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            std::fs::copy(&path, &target).map_err(|e| doing(&path, e))?;
        }
    }
    Ok(())
}
