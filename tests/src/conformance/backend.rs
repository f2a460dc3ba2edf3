//! The factory: a county on some backend that can be closed and opened again.

use super::phone::Phone;
use super::sample;
use super::wire::Wire;
use crate::sim::image::scratch;
use std::sync::Arc;
use tempfile::TempDir;
use xunji_domain::county::DemoCounty;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_server::admin;
use xunji_server::app::App;
use xunji_server::clock::ServerClock;
use xunji_server::config::DataFolder;
use xunji_server::keys::Keys;
use xunji_server::steps::enrol::code_digest;
use xunji_server::storage::{CommitPoint, Store, enrolment};

/// A county somewhere.
pub struct Backend {
    pub name: &'static str,
    pub county: DemoCounty,
    folder: TempDir,
    memory: Option<Store>,
}

impl Backend {
    /// SQLite in memory.
    pub fn memory() -> Self {
        Self::make(
            "memory",
            Some(Store::open_in_memory().unwrap()),
            tempfile::tempdir().unwrap(),
        )
    }

    /// SQLite in a file.
    pub fn disk() -> Self {
        Self::make("disk", None, tempfile::tempdir().unwrap())
    }

    /// SQLite in a file of the system's memory, where there is such a folder.
    pub fn memory_folder() -> Self {
        Self::make("disk", None, scratch().unwrap())
    }

    fn make(name: &'static str, memory: Option<Store>, folder: TempDir) -> Self {
        let backend = Self {
            name,
            county: sample::county(),
            folder,
            memory,
        };
        let keys = Keys::generate(
            backend.county.bureau.id,
            "identity".to_owned(),
            LogId(sample::id(1)),
        )
        .unwrap();
        keys.write_new(&backend.data().keys()).unwrap();
        admin::furnish(
            &backend.store(),
            &keys,
            &backend.county,
            Millis(sample::MORNING),
        )
        .unwrap();
        backend
    }

    fn data(&self) -> DataFolder {
        DataFolder::new(self.folder.path())
    }

    /// Opens the store anew, as a new start of the process would.
    pub fn store(&self) -> Store {
        self.memory
            .clone()
            .unwrap_or_else(|| Store::open(&self.data().database()).unwrap())
    }

    /// A server on the store.
    pub fn server(&self) -> Server {
        self.serve(self.store(), 0)
    }

    /// A server whose clock shows a moment and runs on from there.
    pub fn server_showing(&self, wall_ms: i64) -> Server {
        let now = ServerClock::new(0, String::new()).now();
        self.serve(self.store(), wall_ms - now.0)
    }

    /// A server whose commits end at a point, as a kill would end them.
    pub fn killed_at(&self, point: CommitPoint) -> Server {
        self.serve(
            self.store()
                .watched(Arc::new(move |reached| reached == point)),
            0,
        )
    }

    fn serve(&self, store: Store, clock_offset_ms: i64) -> Server {
        let keys = Keys::read(&self.data().keys()).unwrap().unwrap();
        let clock = ServerClock::new(clock_offset_ms, "boot".to_owned());
        let app = Arc::new(App::assemble(self.data(), store, keys, clock).unwrap());
        Server {
            wire: Wire::new(Arc::clone(&app)),
            app,
        }
    }

    /// A phone of 柳汀所, enrolled, with a token.
    pub fn phone(&self, server: &Server, n: u8) -> (Phone, String) {
        self.phone_of(server, n, "柳汀所", "检查员甲")
    }

    /// A phone of some station.
    pub fn phone_of(&self, server: &Server, n: u8, station: &str, author: &str) -> (Phone, String) {
        let phone = Phone::new(n, sample::person(&self.county, author).id);
        let code = server.code(&self.county, station, n);
        server
            .wire
            .ok_json("/api/v1/enrol", None, &phone.enrol(&code));
        let token = server.wire.token(&phone);
        (phone, token)
    }
}

/// A running server and the way to it.
pub struct Server {
    pub app: Arc<App>,
    pub wire: Wire,
}

impl Server {
    /// A one-time code of a station.
    pub fn code(&self, county: &DemoCounty, station: &str, n: u8) -> String {
        let code = format!("CODE-{n:05}");
        let until = Millis(self.app.clock.now().0 + 600_000);
        let station = county.station(station).unwrap().id;
        enrolment::add_code(
            &self.app.store,
            self.app.bureau,
            code_digest(&code),
            station,
            until,
        )
        .unwrap();
        code
    }
}
