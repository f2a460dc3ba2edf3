//! Our server's binary on a fresh county, a line to it, and a token as any phone gets it.

use super::{Client, expect};
use crate::conformance::phone::Phone;
use crate::conformance::sample;
use crate::link::{Line, Link, Profile};
use crate::market::phone::now_ms;
use crate::market::server::Server;
use crate::market::small::programs;
use crate::market::{Step, Stopped};
use crate::sim::chance::Chance;
use crate::sim::checks::Found;
use crate::sim::file::noise;
use reqwest::Response;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xunji_domain::county::MAIN_STATION;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{PublicKey, SignedStatement};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::enrol::{EnrolAnswer, KEYS_CONTEXT, KeyList};
use xunji_protocol::steps::hello::HelloAnswer;
use xunji_protocol::steps::{enrol, files, hello};

/// The server and who asks it.
pub struct County {
    /// The process.
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
    /// Where it lies.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl County {
    /// Makes the county and enrols a phone.
    ///
    /// # Errors
    /// What kept it from being made.
    pub async fn begin(folder: &Path) -> Step<Self> {
        let program = programs()?.join("xunji-server");
        let data = folder.join("county");
        Server::county(&program, &data, &folder.join("accounts.txt"), now_ms()).await?;
        let server = Server::start(&program, &data, now_ms()).await?;
        let link = Link::start(0, server.address, 10)
            .await
            .map_err(|e| Stopped::at("line", e))?;
        link.set(Line::Up(Profile::CLEAR));
        let author = sample::person(&sample::county(), "检查员甲").id;
        let http = reqwest::Client::builder().no_proxy().build();
        let mut county = Self {
            server,
            link,
            folder: folder.to_owned(),
            http: http.map_err(|e| Stopped::at("http", e))?,
            phone: Phone::new(10, author),
            token: String::new(),
            keys: Vec::new(),
        };
        county.enrol().await?;
        Ok(county)
    }

    async fn enrol(&mut self) -> Step<()> {
        let code = self.server.enrol_code(MAIN_STATION).await?;
        let answer: EnrolAnswer = self.post(enrol::PATH, &self.phone.enrol(&code)).await?;
        let root = std::slice::from_ref(&answer.root);
        let keys: KeyList = answer
            .keys
            .open(root, KEYS_CONTEXT)
            .map_err(|e| Stopped::at("key list", e))?;
        self.keys = keys.receipts;
        Ok(())
    }

    /// Asks for a token: one is good for a quarter of an hour.
    ///
    /// # Errors
    /// The server gives none.
    pub async fn hello(&mut self) -> Step<()> {
        let answer: HelloAnswer = self.post(hello::PATH, &self.phone.hello("10")).await?;
        self.token = answer.token;
        Ok(())
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl serde::Serialize) -> Step<T> {
        let url = format!("http://{}{path}", self.server.address);
        let request = self.http.post(url).header("xunji-protocol", "1").json(body);
        let answer = request.send().await.and_then(Response::error_for_status);
        let answer = answer.map_err(|e| Stopped::at(path, e))?;
        answer.json().await.map_err(|e| Stopped::at(path, e))
    }

    /// A file of bytes that are in no other.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn file(&self, dice: &mut Chance, size: u64) -> Step<File> {
        let bytes = noise(dice, usize::try_from(size).unwrap_or(0));
        let path = self.folder.join(format!("{}.jpg", Digest::of(&bytes)));
        std::fs::write(&path, &bytes).map_err(|e| Stopped::at("file", e))?;
        Ok(File { path, bytes })
    }

    /// Has a client do a job with a file, through the line.
    ///
    /// # Errors
    /// It did not end with its line.
    pub async fn ask(&self, client: Client, file: &File, how: Value) -> Step<Value> {
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
        if let (Some(job), Value::Object(how)) = (job.as_object_mut(), how) {
            job.extend(how);
        }
        client.run(&job).await
    }

    /// Holds that the client was given a file's receipt, and that the file is there byte for byte.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn received(&self, file: &File, said: &Value, found: &mut Found) -> Step<()> {
        expect(found, said.get("error").is_none(), || said.to_string());
        let Some(token) = said["receipt"].as_str() else {
            found.wrong.push(format!("no receipt: {said}"));
            return Ok(());
        };
        let token = SignedStatement(token.to_owned());
        let sha = Digest::of(&file.bytes);
        let expected = (self.phone.head.log, sha, file.bytes.len() as u64);
        let names = match token.open::<Receipt>(&self.keys, RECEIPT_CONTEXT) {
            Ok(Receipt::File {
                log, sha256, size, ..
            }) => (log, sha256, size) == expected,
            _ => false,
        };
        expect(found, names, || {
            format!("not the file's receipt: {token:?}")
        });
        let url = format!("http://{}/api/v1/blobs/{sha}", self.server.address);
        let stored = self.http.get(url).bearer_auth(&self.token).send().await;
        let stored = stored
            .map_err(|e| Stopped::at("stored file", e))?
            .bytes()
            .await;
        if stored.map_err(|e| Stopped::at("stored file", e))? != file.bytes {
            found.lost += 1;
            found
                .wrong
                .push(format!("{sha} is receipted and not there"));
        }
        Ok(())
    }

    /// Where an upload stands that a client spoke of; `None` when it is no more.
    ///
    /// # Errors
    /// The client spoke of none; the server does not answer.
    pub async fn offset(&self, said: &Value) -> Step<Option<u64>> {
        let url = said["url"].as_str();
        let url = url.ok_or_else(|| Stopped(format!("no upload: {said}")))?;
        let request = self.http.head(url).header(files::TUS.0, files::TUS.1);
        let answer = request.bearer_auth(&self.token).send().await;
        let answer = answer.map_err(|e| Stopped::at("offset", e))?;
        let offset = answer.headers().get(files::OFFSET);
        Ok(offset.and_then(|offset| offset.to_str().ok()?.parse().ok()))
    }
}
