//! A phone of ours, enrolled at our server, whose files go to a server of somebody else.

use super::county::County;
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use xunji_device::api::Command;
use xunji_device::clock::{SystemClock, SystemEntropy};
use xunji_device::keystore::{FileKeyStore, KeyStore as _, MasterKey};
use xunji_device::photos::folder::FileFolder;
use xunji_device::photos::sealed::{SEED, SealKey};
use xunji_device::photos::steps::unwatched;
use xunji_device::photos::take_over::{Bench, seal_derived};
use xunji_device::runner::{run_until, sync_state};
use xunji_device::store::StoreError;
use xunji_device::store::local::files::{self, FileRow};
use xunji_device::sync::plan::Goal;
use xunji_device::transport::http::HttpTransport;
use xunji_device::transport::{Exchange, Request, Transport};
use xunji_device::{Device, Parts};
use xunji_domain::county::MAIN_STATION;
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::{FileKind, PATH};
use xunji_protocol::version;
use xunji_tests::link::{Line, Link, Profile};

pub struct Phone {
    device: Option<Arc<Device>>,
    key: MasterKey,
    /// The line its files go over.
    pub link: Link,
    /// What was said over it, for the message of a failure.
    spoken: Arc<Mutex<Vec<String>>>,
}

/// Everything to our server but files. Theirs does not speak our header, without which the phone takes no
/// answer for one of its server: it is added here.
struct TwoWays {
    ours: HttpTransport,
    theirs: HttpTransport,
    spoken: Arc<Mutex<Vec<String>>>,
}

impl Transport for TwoWays {
    fn exchange(&self, request: Request) -> Exchange<'_> {
        if !request.path.starts_with(PATH) {
            return self.ours.exchange(request);
        }
        Box::pin(async move {
            let asked = format!("{} {} bytes", request.method, request.body.len());
            self.spoken.lock().unwrap().push(asked);
            let answer = self.theirs.exchange(request).await;
            let said = match &answer {
                Ok(answer) => format!("{} {:?}", answer.status, answer.header("upload-offset")),
                Err(failure) => failure.to_string(),
            };
            self.spoken.lock().unwrap().push(said);
            let mut answer = answer?;
            let spoken = version::CURRENT.to_string();
            answer.headers.push((version::HEADER.to_owned(), spoken));
            Ok(answer)
        })
    }
}

/// A phone that is enrolled and filled.
pub async fn begin(county: &County, folder: &Path, port: u16) -> Phone {
    let theirs = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let link = Link::start(0, theirs, 10).await.unwrap();
    link.set(Line::Up(Profile::CLEAR));
    let way = |address: SocketAddr| HttpTransport::new(&format!("http://{address}")).unwrap();
    let ways = TwoWays {
        ours: way(county.server.address),
        theirs: way(link.address()),
        spoken: Arc::default(),
    };
    let spoken = Arc::clone(&ways.spoken);
    let home = folder.join("phone");
    std::fs::create_dir_all(&home).unwrap();
    let code = county.server.enrol_code(MAIN_STATION).await.unwrap();
    let server = format!("http://{}", county.server.address);
    let (device, key) = tokio::task::spawn_blocking(move || {
        let keys = FileKeyStore::at(home.join("key"));
        let parts = Parts {
            clock: Arc::new(SystemClock::start(&SystemEntropy).unwrap()),
            entropy: Arc::new(SystemEntropy),
            keys: Arc::new(FileKeyStore::at(home.join("key"))),
        };
        let device = Device::open(&home, parts).unwrap();
        device.sync().use_transport(Arc::new(ways));
        let enrol = json!({"cmd": "enrol", "server_url": server, "code": code});
        let enrol: Command = serde_json::from_value(enrol).unwrap();
        device.call(enrol).unwrap();
        assert!(run_until(&device, Goal::Pulled, 60_000).unwrap().reached);
        (Arc::new(device), keys.load().unwrap().unwrap())
    })
    .await
    .unwrap();
    let device = Some(device);
    Phone {
        device,
        key,
        link,
        spoken,
    }
}

impl Phone {
    /// Queues a file as signing does, and runs until it lies on the other side as a file of the folder.
    pub async fn sends(&self, bytes: &[u8], uploads: &Path) {
        self.queue(bytes);
        for _ in 0..200 {
            let device = self.device();
            let turn = move || {
                device.sync().sync_now(true);
                run_until(&device, Goal::All, 1_000).unwrap()
            };
            tokio::task::spawn_blocking(turn).await.unwrap();
            if is_among(uploads, bytes) {
                return;
            }
        }
        panic!(
            "{:?} {:?}",
            sync_state(&self.device()).unwrap(),
            self.spoken.lock().unwrap()
        );
    }

    /// Whether the phone counts everything as received.
    pub async fn all_received(&self) -> bool {
        let device = self.device();
        let state = tokio::task::spawn_blocking(move || sync_state(&device).unwrap());
        state.await.unwrap().all_received
    }

    fn device(&self) -> Arc<Device> {
        Arc::clone(self.device.as_ref().unwrap())
    }

    fn queue(&self, bytes: &[u8]) {
        let device = self.device();
        let folder = FileFolder::open(device.folder()).unwrap();
        let key = SealKey::derive(&self.key);
        let bench = Bench {
            folder: &folder,
            key: &key,
            watch: &unwatched,
        };
        let sha256 = Digest::of(bytes);
        let mut seed = [0; SEED];
        seed[..32].copy_from_slice(&sha256.0);
        seal_derived(&bench, bytes, &seed).unwrap();
        let row = FileRow {
            sha256,
            kind: FileKind::Original,
            size: bytes.len() as u64,
            original: None,
            queued: true,
            upload: String::new(),
            offset_seen: 0,
            problem: String::new(),
        };
        let local = device.local().unwrap();
        local
            .write(|write| -> Result<(), StoreError> { files::put(write, &row) })
            .unwrap();
    }
}

impl Drop for Phone {
    /// A phone has a runtime of its own, which must not end inside another.
    fn drop(&mut self) {
        let device = self.device.take();
        let _ = std::thread::spawn(move || drop(device)).join();
    }
}

/// Whether a file of the folder holds just these bytes.
fn is_among(folder: &Path, bytes: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .any(|path| std::fs::read(path).is_ok_and(|found| found == bytes))
}
