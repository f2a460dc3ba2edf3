//! A demo county in a temporary folder, two phones of two stations, the router on a real port.

use super::line::{self, Reply};
use crate::app::App;
use crate::blobs::Blobs;
use crate::config::DataFolder;
use crate::storage::enrolment::{self, Enrolled};
use ed25519_dalek::SigningKey;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::task::JoinHandle;
use uuid::Uuid;
use xunji_domain::ids::{DeviceId, LogId};
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{SignedStatement, public_key};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::enrol::EnrolRequest;
use xunji_protocol::steps::files::{FileKind, FileMeta, OFFSET_TYPE, PATH};

pub struct World {
    folder: tempfile::TempDir,
    pub app: Arc<App>,
    serving: JoinHandle<()>,
    address: SocketAddr,
    pub token: String,
    pub other_token: String,
    log: LogId,
    other_log: LogId,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::new(folder.path());
        crate::admin::init(
            data.clone(),
            &folder.path().join("accounts.txt"),
            &crate::admin::Made::default(),
        )
        .unwrap();
        let app = Arc::new(App::open(data, 0).unwrap());
        let county =
            xunji_domain::county::DemoCounty::on(app.clock.now().date(480).unwrap()).unwrap();
        let (one, two) = (
            county.stations.first().unwrap().id,
            county.stations.last().unwrap().id,
        );
        let (token, log) = enrol(&app, one, 1);
        let (other_token, other_log) = enrol(&app, two, 2);
        let (serving, address) = serve(Arc::clone(&app)).await;
        Self {
            folder,
            app,
            serving,
            address,
            token,
            other_token,
            log,
            other_log,
        }
    }

    /// Ends the serving process as far as one can inside a test, and opens the folder again.
    pub async fn restart(&mut self, id: &str) {
        // A killed process writes nothing more; here the request at work has to end first.
        drop(self.app.uploads.take(id.parse().unwrap()).await);
        self.serving.abort();
        let data = DataFolder::new(self.folder.path());
        self.app = Arc::new(App::open(data, 0).unwrap());
        (self.serving, self.address) = serve(Arc::clone(&self.app)).await;
    }

    pub async fn replace_blobs(&mut self, blobs: Arc<dyn Blobs>) {
        self.serving.abort();
        let mut app = App::open(DataFolder::new(self.folder.path()), 0).unwrap();
        app.blobs = blobs;
        self.app = Arc::new(app);
        (self.serving, self.address) = serve(Arc::clone(&self.app)).await;
    }

    /// The same county at another time of the server's clock.
    pub async fn move_clock(&mut self, offset_ms: i64) {
        self.serving.abort();
        let data = DataFolder::new(self.folder.path());
        self.app = Arc::new(App::open(data, offset_ms).unwrap());
        (self.serving, self.address) = serve(Arc::clone(&self.app)).await;
    }

    /// Another instance on the same folder and database, which shares no memory with the first.
    pub async fn second(&self) -> SocketAddr {
        let app = Arc::new(App::open(DataFolder::new(self.folder.path()), 0).unwrap());
        serve(app).await.1
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where an upload's bytes lie.
    pub fn staging(&self, id: &str) -> PathBuf {
        let name = Uuid::parse_str(id).unwrap().simple().to_string();
        self.blobs().join("staging").join(name)
    }

    pub fn trash(&self) -> usize {
        std::fs::read_dir(self.blobs().join("trash"))
            .unwrap()
            .count()
    }

    pub fn blobs(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    pub fn meta(&self, kind: FileKind, bytes: &[u8]) -> FileMeta {
        let derived = matches!(kind, FileKind::Thumbnail | FileKind::Copy);
        let original = derived.then(|| Digest::of(b"original"));
        FileMeta {
            sha256: Digest::of(bytes),
            kind,
            log: self.log,
            original,
        }
    }

    pub fn other_meta(&self, kind: FileKind, bytes: &[u8]) -> FileMeta {
        FileMeta {
            log: self.other_log,
            ..self.meta(kind, bytes)
        }
    }

    pub fn check_receipt(&self, reply: &Reply, meta: &FileMeta, bytes: u64) {
        let token = SignedStatement(reply.header("xunji-receipt").expect("a receipt").to_owned());
        let receipt = token
            .open::<Receipt>(&[public_key(&self.app.keys.receipts)], RECEIPT_CONTEXT)
            .unwrap();
        let Receipt::File {
            log, sha256, size, ..
        } = receipt
        else {
            panic!("receipt of a file")
        };
        assert_eq!((log, sha256, size), (meta.log, meta.sha256, bytes));
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        arrives: usize,
    ) -> Option<Reply> {
        let stream = line::begin(self.address, method, path, headers, body, arrives).await;
        if arrives < body.len() {
            line::cut(stream).await;
            return None;
        }
        line::reply(stream).await
    }

    pub async fn create(&self, meta: &FileMeta, bytes: &[u8], along: usize) -> Reply {
        self.create_as(&self.token, meta, bytes.len() as u64, &bytes[..along])
            .await
    }

    pub async fn create_sized(&self, meta: &FileMeta, size: u64, along: &[u8]) -> Reply {
        self.create_as(&self.token, meta, size, along).await
    }

    pub async fn create_as(&self, token: &str, meta: &FileMeta, size: u64, along: &[u8]) -> Reply {
        let (metadata, size) = (meta.to_header(), size.to_string());
        let headers = self.creation(token, &metadata, &size);
        self.send("POST", PATH, &borrowed(&headers), along, along.len())
            .await
            .unwrap()
    }

    pub async fn create_cut(&self, meta: &FileMeta, size: usize, along: &[u8], arrives: usize) {
        let (metadata, size) = (meta.to_header(), size.to_string());
        let headers = self.creation(&self.token, &metadata, &size);
        self.send("POST", PATH, &borrowed(&headers), along, arrives)
            .await;
    }

    pub async fn create_header(&self, metadata: &str, size: u64) -> Reply {
        let headers = self.creation(&self.token, metadata, &size.to_string());
        self.send("POST", PATH, &borrowed(&headers), &[], 0)
            .await
            .unwrap()
    }

    /// Sends `arrives` bytes of a `PATCH`; a cut one gives an empty reply.
    pub async fn patch(&self, id: &str, offset: usize, body: &[u8], arrives: usize) -> Reply {
        let headers = self.piece(&self.token, offset, OFFSET_TYPE);
        let nothing = Reply::default();
        self.send(
            "PATCH",
            &format!("{PATH}/{id}"),
            &borrowed(&headers),
            body,
            arrives,
        )
        .await
        .unwrap_or(nothing)
    }

    pub async fn patch_as(&self, token: &str, id: &str, offset: usize, body: &[u8]) -> Reply {
        let headers = self.piece(token, offset, OFFSET_TYPE);
        self.send(
            "PATCH",
            &format!("{PATH}/{id}"),
            &borrowed(&headers),
            body,
            body.len(),
        )
        .await
        .unwrap()
    }

    pub async fn patch_typed(&self, id: &str, kind: &str, body: &[u8]) -> Reply {
        let headers = self.piece(&self.token, 0, kind);
        self.send(
            "PATCH",
            &format!("{PATH}/{id}"),
            &borrowed(&headers),
            body,
            body.len(),
        )
        .await
        .unwrap()
    }

    pub async fn patch_and_hang(
        &self,
        id: &str,
        offset: usize,
        body: &[u8],
        arrives: usize,
    ) -> tokio::net::TcpStream {
        let headers = self.piece(&self.token, offset, OFFSET_TYPE);
        let path = format!("{PATH}/{id}");
        let stream = line::begin(
            self.address,
            "PATCH",
            &path,
            &borrowed(&headers),
            body,
            arrives,
        )
        .await;
        let path = self.staging(id);
        while std::fs::metadata(&path).unwrap().len() < arrives as u64 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        stream
    }

    /// A `PATCH` with further headers; a cut one gives an empty reply.
    pub async fn patch_with(
        &self,
        id: &str,
        offset: usize,
        more: &[(&str, &str)],
        body: &[u8],
        arrives: usize,
    ) -> Reply {
        let headers = self.piece(&self.token, offset, OFFSET_TYPE);
        let mut headers = borrowed(&headers);
        headers.extend_from_slice(more);
        let path = format!("{PATH}/{id}");
        self.send("PATCH", &path, &headers, body, arrives)
            .await
            .unwrap_or_default()
    }

    /// A `PATCH` to one of several instances.
    pub async fn patch_at(
        &self,
        to: SocketAddr,
        id: &str,
        offset: usize,
        body: &[u8],
    ) -> Option<Reply> {
        let headers = self.piece(&self.token, offset, OFFSET_TYPE);
        let path = format!("{PATH}/{id}");
        let stream = line::begin(to, "PATCH", &path, &borrowed(&headers), body, body.len()).await;
        line::reply(stream).await
    }

    pub async fn delete(&self, token: &str, id: &str) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("authorization", bearer.as_str()),
        ];
        self.send("DELETE", &format!("{PATH}/{id}"), &headers, &[], 0)
            .await
            .unwrap()
    }

    pub async fn head(&self, id: &str) -> Reply {
        self.head_as(&self.token, id).await
    }

    pub async fn head_as(&self, token: &str, id: &str) -> Reply {
        let headers = self.piece(token, 0, OFFSET_TYPE);
        self.send("HEAD", &format!("{PATH}/{id}"), &borrowed(&headers), &[], 0)
            .await
            .unwrap()
    }

    pub async fn blob(&self, token: &str, meta: &FileMeta) -> Reply {
        let bearer = format!("Bearer {token}");
        let path = format!("{}/{}", super::BLOBS, meta.sha256);
        self.send("GET", &path, &[("authorization", &bearer)], &[], 0)
            .await
            .unwrap()
    }

    pub async fn get(&self, path: &str) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        self.send("GET", path, &[("authorization", &bearer)], &[], 0)
            .await
            .unwrap()
    }

    fn creation(&self, token: &str, metadata: &str, size: &str) -> Vec<(String, String)> {
        let mut headers = self.piece(token, 0, OFFSET_TYPE);
        headers.push(("upload-metadata".to_owned(), metadata.to_owned()));
        headers.push(("upload-length".to_owned(), size.to_owned()));
        headers
    }

    fn piece(&self, token: &str, offset: usize, kind: &str) -> Vec<(String, String)> {
        [
            ("tus-resumable", "1.0.0".to_owned()),
            ("authorization", format!("Bearer {token}")),
            ("content-type", kind.to_owned()),
            ("upload-offset", offset.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

fn borrowed(headers: &[(String, String)]) -> Vec<(&str, &str)> {
    headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect()
}

async fn serve(app: Arc<App>) -> (JoinHandle<()>, SocketAddr) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving =
        tokio::spawn(async move { axum::serve(listener, crate::router(app)).await.unwrap() });
    (serving, address)
}

fn enrol(app: &App, station: xunji_domain::ids::StationId, seed: u8) -> (String, LogId) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let (device, log) = (
        DeviceId(Uuid::from_u128(100 + u128::from(seed))),
        LogId(Uuid::from_u128(200 + u128::from(seed))),
    );
    let code = Digest::of(&[seed]);
    let request = EnrolRequest {
        code: format!("code-{seed}"),
        device,
        device_key: public_key(&key),
        log,
        log_key: public_key(&key),
    };
    enrolment::add_code(&app.store, app.bureau, code, station, Millis(i64::MAX)).unwrap();
    let make = Box::new(|_: &enrolment::Given| Ok(("certificate".to_owned(), Vec::new())));
    let done =
        enrolment::enrol(&app.store, app.bureau, code, request, app.clock.now(), make).unwrap();
    assert!(matches!(done, Enrolled::Answer(_)));
    let token = format!("token-{seed}");
    let digest = Digest::of(token.as_bytes());
    enrolment::add_token(
        &app.store,
        app.bureau,
        digest,
        device,
        app.clock.now(),
        Millis(i64::MAX),
    )
    .unwrap();
    (token, log)
}
