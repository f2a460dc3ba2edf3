//! Our server's binary on a fresh county, a line to it, and a token as any phone gets it.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use xunji_domain::county::MAIN_STATION;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{PublicKey, SignedStatement};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::enrol::{EnrolAnswer, KEYS_CONTEXT, KeyList};
use xunji_protocol::steps::hello::HelloAnswer;
use xunji_protocol::steps::{enrol, files, hello};
use xunji_tests::conformance::phone::Phone;
use xunji_tests::conformance::sample;
use xunji_tests::foreign::Client;
use xunji_tests::link::{Line, Link, Profile};
use xunji_tests::market::phone::now_ms;
use xunji_tests::market::server::Server;
use xunji_tests::market::small::programs;

pub struct County {
    pub server: Server,
    /// What foreign clients go through.
    pub link: Link,
    folder: PathBuf,
    http: reqwest::Client,
    phone: Phone,
    token: String,
    keys: Vec<PublicKey>,
}

/// A file to be sent.
pub struct File {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

impl County {
    pub async fn begin(folder: &Path) -> Self {
        let program = programs().unwrap().join("xunji-server");
        let data = folder.join("county");
        let accounts = folder.join("accounts.txt");
        Server::county(&program, &data, &accounts, now_ms())
            .await
            .unwrap();
        let server = Server::start(&program, &data, now_ms()).await.unwrap();
        let link = Link::start(0, server.address, 10).await.unwrap();
        link.set(Line::Up(Profile::CLEAR));
        let author = sample::person(&sample::county(), "检查员甲").id;
        let mut county = Self {
            server,
            link,
            folder: folder.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            phone: Phone::new(10, author),
            token: String::new(),
            keys: Vec::new(),
        };
        county.enrol().await;
        county
    }

    async fn enrol(&mut self) {
        let code = self.server.enrol_code(MAIN_STATION).await.unwrap();
        let request = serde_json::to_vec(&self.phone.enrol(&code)).unwrap();
        let answer: EnrolAnswer = self.post(enrol::PATH, request).await;
        let root = std::slice::from_ref(&answer.root);
        let keys: KeyList = answer.keys.open(root, KEYS_CONTEXT).unwrap();
        self.keys = keys.receipts;
        let request = serde_json::to_vec(&self.phone.hello("10")).unwrap();
        let answer: HelloAnswer = self.post(hello::PATH, request).await;
        self.token = answer.token;
    }

    async fn post<T: serde::de::DeserializeOwned>(&self, path: &str, body: Vec<u8>) -> T {
        let url = format!("http://{}{path}", self.server.address);
        let request = self.http.post(url).header("xunji-protocol", "1").body(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// A file of bytes that are in no other.
    pub fn file(&self, name: &str, size: usize) -> File {
        let path = self.folder.join(format!("{name}.jpg"));
        let bytes = noise(name, size);
        std::fs::write(&path, &bytes).unwrap();
        File { path, bytes }
    }

    /// Has a client do a job with a file, through the line.
    pub async fn ask(&self, client: Client, file: &File, how: Value) -> Value {
        let mut job = json!({
            "url": format!("http://{}{}", self.link.address(), files::PATH),
            "token": self.token,
            "file": file.path,
            "metadata": {
                "sha256": Digest::of(&file.bytes).to_hex(),
                "kind": files::FileKind::Original.code(),
                "log": self.phone.head.log.to_string(),
            },
        });
        let more = how.as_object().unwrap().clone();
        job.as_object_mut().unwrap().extend(more);
        client.run(&job).await.unwrap()
    }

    /// Holds that a file arrived byte for byte, and that the client was given its receipt.
    pub async fn received(&self, file: &File, said: &Value) {
        assert!(said.get("error").is_none(), "{said}");
        let token = SignedStatement(said["receipt"].as_str().unwrap().to_owned());
        let sha = Digest::of(&file.bytes);
        let receipt: Receipt = token.open(&self.keys, RECEIPT_CONTEXT).unwrap();
        let Receipt::File {
            log, sha256, size, ..
        } = receipt
        else {
            panic!("a receipt of a file")
        };
        let expected = (self.phone.head.log, sha, file.bytes.len() as u64);
        assert_eq!((log, sha256, size), expected);
        let url = format!("http://{}/api/v1/blobs/{sha}", self.server.address);
        let stored = self.http.get(url).bearer_auth(&self.token).send().await;
        let stored = stored.unwrap().bytes().await.unwrap();
        assert!(stored == file.bytes, "every byte, and no other");
    }

    /// Where an upload stands that a client spoke of; `None` when it is no more.
    pub async fn offset(&self, said: &Value) -> Option<u64> {
        let url = said["url"].as_str().unwrap_or_else(|| panic!("{said}"));
        let request = self.http.head(url).header(files::TUS.0, files::TUS.1);
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        let offset = answer.headers().get(files::OFFSET)?;
        offset.to_str().unwrap().parse().ok()
    }
}

/// Bytes that are all different, as pictures are; another name gives others.
pub fn noise(name: &str, len: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(len + 32);
    let mut block = Sha256::digest(name);
    while bytes.len() < len {
        bytes.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    bytes.truncate(len);
    bytes
}
