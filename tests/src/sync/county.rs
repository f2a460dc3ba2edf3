//! A fresh fictional county and its phones.

use super::line::Line;
use super::reach;
use axum::Router;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use xunji_device::api::Command;
use xunji_device::clock::{SystemClock, SystemEntropy};
use xunji_device::keystore::{FileKeyStore, KeyStore as _, MasterKey};
use xunji_device::sync::plan::Goal;
use xunji_device::{Device, Parts};
use xunji_domain::county::{MAIN_MARKET, MAIN_STATION};
use xunji_server::config::DataFolder;
use xunji_server::{App, AppState, admin, router};

/// The server's side.
pub struct County {
    folder: TempDir,
    pub app: AppState,
    pub router: Router,
}

impl County {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::new(folder.path().join("server"));
        admin::init(
            data.clone(),
            &folder.path().join("accounts.txt"),
            &admin::Made::default(),
        )
        .unwrap();
        let app = Arc::new(App::open(data, 0).unwrap());
        let router = router(Arc::clone(&app));
        Self {
            folder,
            app,
            router,
        }
    }

    /// The same folder served by a new process, so to say.
    pub fn restarted(self) -> Self {
        let Self {
            folder,
            app,
            router: before,
        } = self;
        drop((app, before));
        let app = Arc::new(App::open(DataFolder::new(folder.path().join("server")), 0).unwrap());
        let router = router(Arc::clone(&app));
        Self {
            folder,
            app,
            router,
        }
    }

    /// Where the server's files lie.
    pub fn data(&self) -> DataFolder {
        DataFolder::new(self.folder.path().join("server"))
    }

    /// An enrolled phone of 柳汀所 with the first filling done and two inspectors on duty.
    pub fn phone(&self, name: &str) -> (Device, Arc<Line>) {
        let (phone, line) = self.opened(name);
        let code = admin::enrol_code(self.data(), MAIN_STATION, None).unwrap();
        let code = format!(
            "{}.{}",
            code["code"].as_str().unwrap(),
            code["root"].as_str().unwrap()
        );
        call(
            &phone,
            json!({"cmd": "enrol", "server_url": "http://county.invalid", "code": code}),
        );
        reach(&phone, Goal::Pulled);
        let roster = call(&phone, json!({"cmd": "roster"}));
        let able = roster
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["may_sign"] == true && p["role"] == "inspector");
        let ids: Vec<&Value> = able.map(|p| &p["id"]).take(2).collect();
        assert_eq!(ids.len(), 2);
        call(&phone, json!({"cmd": "set_inspectors", "ids": ids}));
        (phone, line)
    }

    /// A phone's folder, opened with a new line.
    pub fn opened(&self, name: &str) -> (Device, Arc<Line>) {
        let phone = open(&self.folder.path().join(name));
        let line = Line::to(&self.router);
        phone.sync().use_transport(Arc::clone(&line) as _);
        (phone, line)
    }

    /// Copies a phone's folder: what a restored backup or a cloned phone is.
    pub fn cloned(&self, from: &str, to: &str) {
        let (from, to) = (self.folder.path().join(from), self.folder.path().join(to));
        copy(&from, &to);
    }

    /// Takes a closed phone's keystore for another one: its data came without the id.
    pub fn other_keystore(&self, name: &str) {
        std::fs::remove_file(self.folder.path().join(name).join("key.instance")).unwrap();
    }

    /// Keeps the mirror of a closed phone as it lies on the disk now.
    pub fn keep_mirror(&self, name: &str) {
        let home = self.folder.path().join(name);
        std::fs::copy(home.join("mirror.db"), home.join("mirror.kept")).unwrap();
    }

    /// A power cut: what was written to the mirror since [`Self::keep_mirror`] never reached the disk.
    pub fn mirror_goes_back(&self, name: &str) {
        let home = self.folder.path().join(name);
        std::fs::rename(home.join("mirror.kept"), home.join("mirror.db")).unwrap();
        for beside in ["mirror.db-wal", "mirror.db-shm"] {
            let _ = std::fs::remove_file(home.join(beside));
        }
    }

    /// A phone's folder.
    pub fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A phone's master key.
    pub fn key_of(&self, name: &str) -> MasterKey {
        FileKeyStore::at(self.folder.path().join(name).join("key"))
            .load()
            .unwrap()
            .unwrap()
    }
}

fn open(folder: &Path) -> Device {
    std::fs::create_dir_all(folder).unwrap();
    Device::open(folder, parts(folder)).unwrap()
}

/// What a phone with this folder gets from outside.
pub fn parts(folder: &Path) -> Parts {
    Parts {
        clock: Arc::new(SystemClock::start(&SystemEntropy).unwrap()),
        entropy: Arc::new(SystemEntropy),
        keys: Arc::new(FileKeyStore::at(folder.join("key"))),
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs a command as a face would.
pub fn call(phone: &Device, command: Value) -> Value {
    phone
        .call(serde_json::from_value::<Command>(command).unwrap())
        .unwrap()
}

/// Registers a stall of 柳汀大集; returns its id.
pub fn register(phone: &Device, name: &str) -> String {
    let markets = call(phone, json!({"cmd": "markets"}));
    let market = markets
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["name"] == MAIN_MARKET)
        .unwrap();
    let made = call(
        phone,
        json!({"cmd": "register_operator", "kind": "stall", "name": name, "owner": "经营者甲",
            "market": market["id"], "slot": "东排 12 号", "varieties": ["烧饼"]}),
    );
    made["id"].as_str().unwrap().to_owned()
}

/// Writes a phone number over the one that is shown.
pub fn write_phone(phone: &Device, id: &str, new: &str) {
    let write = json!({"field": "phone", "seen": phone_of(phone, id), "new": new});
    call(
        phone,
        json!({"cmd": "edit_operator", "id": id, "writes": [write]}),
    );
}

/// The phone number of an entry as this phone shows it.
pub fn phone_of(phone: &Device, id: &str) -> String {
    let shown = call(phone, json!({"cmd": "operator", "id": id}));
    shown["operator"]["phone"].as_str().unwrap().to_owned()
}

/// The entries of the register whose names hold this.
pub fn found(phone: &Device, query: &str) -> Vec<Value> {
    let page = call(
        phone,
        json!({"cmd": "operators", "query": query, "limit": 50, "offset": 0}),
    );
    page["rows"].as_array().unwrap().clone()
}
