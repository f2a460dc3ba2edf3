//! The real program, killed with SIGKILL between and during requests: what it receipted is there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "test code"
)]

#[path = "../../tests/src/conformance/phone.rs"]
#[allow(dead_code, reason = "shared with the conformance suite")]
mod phone;
#[path = "../../tests/src/conformance/sample.rs"]
#[allow(dead_code, reason = "shared with the conformance suite")]
mod sample;

use phone::Phone;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use xunji_protocol::envelope::Change;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::kinds::OPERATOR_REGISTERED;
use xunji_protocol::log::LogHead;
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::enrol::{EnrolAnswer, KEYS_CONTEXT, KeyList};
use xunji_protocol::steps::hello::HelloAnswer;
use xunji_protocol::steps::push::PushAnswer;

/// Kills; each one at another moment of the request that is under way.
const ROUNDS: u32 = 12;

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut child = program(&["serve", "--port", "0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["ready"], true);
        Self {
            child,
            url: ready["url"].as_str().unwrap().to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xunji-server"));
    command.args(arguments);
    command
}

fn run(command: &mut Command) -> Value {
    let done = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(done.status.success());
    serde_json::from_slice(&done.stdout).unwrap()
}

struct Link {
    client: reqwest::Client,
    token: String,
}

impl Link {
    async fn post(&self, url: String, body: Vec<u8>) -> Option<Vec<u8>> {
        let request = self
            .client
            .post(url)
            .header("xunji-protocol", "1")
            .bearer_auth(&self.token)
            .body(body);
        let response = request.send().await.ok()?;
        assert!(response.status().is_success(), "{}", response.status());
        Some(response.bytes().await.ok()?.to_vec())
    }

    async fn hello(&mut self, server: &Server, phone: &Phone) -> HelloAnswer {
        let body = serde_json::to_vec(&phone.hello("00")).unwrap();
        let bytes = self
            .post(format!("{}/api/v1/sync/hello", server.url), body)
            .await
            .unwrap();
        let answer: HelloAnswer = serde_json::from_slice(&bytes).unwrap();
        self.token.clone_from(&answer.token);
        answer
    }

    async fn push(&self, server: &Server, phone: &Phone, changes: &[Change]) -> Option<PushAnswer> {
        let bytes = self
            .post(
                format!("{}/api/v1/sync/push", server.url),
                phone.segment(changes),
            )
            .await?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }
}

fn receipted(answer: PushAnswer, keys: &[PublicKey]) -> LogHead {
    match answer.receipt.unwrap().open(keys, RECEIPT_CONTEXT).unwrap() {
        Receipt::Log {
            log,
            up_to_seq,
            hash,
            ..
        } => LogHead {
            log,
            seq: up_to_seq,
            hash,
        },
        Receipt::File { .. } => panic!("a receipt of a file"),
    }
}

#[tokio::test]
async fn every_receipted_change_outlives_the_kills() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("county");
    let accounts = folder.path().join("accounts.txt");
    let init = || {
        run(program(&["admin", "init", "--demo"])
            .arg(&data)
            .arg("--accounts")
            .arg(&accounts))
    };
    assert_eq!(init(), init(), "a second run changes nothing");
    let county = sample::county();
    let mut phone = Phone::new(1, sample::person(&county, "检查员甲").id);
    let mut link = Link {
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        token: String::new(),
    };

    let mut server = Server::start(&data);
    let code = run(program(&["admin", "enrol-code"])
        .arg(&data)
        .args(["--station", "柳汀所"]));
    let request = serde_json::to_vec(&phone.enrol(code["code"].as_str().unwrap())).unwrap();
    let bytes = link
        .post(format!("{}/api/v1/enrol", server.url), request)
        .await
        .unwrap();
    let answer: EnrolAnswer = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(code["root"], Value::from(root_hash(&answer.root)));
    let keys: KeyList = answer
        .keys
        .open(std::slice::from_ref(&answer.root), KEYS_CONTEXT)
        .unwrap();
    link.hello(&server, &phone).await;

    let mut last = phone.head;
    let mut unanswered: Vec<Change> = Vec::new();
    for round in 0..ROUNDS {
        for n in 0..3 {
            let stall = sample::stall(&county, u128::from(round) * 10 + n);
            unanswered.push(phone.append(OPERATOR_REGISTERED, &[stall.id.0], &stall));
        }
        // The kill falls into the request, later from round to round.
        let pause = Duration::from_micros(u64::from(round) * 700);
        let answered = tokio::select! {
            answered = link.push(&server, &phone, &unanswered) => answered,
            () = tokio::time::sleep(pause) => None,
        };
        drop(server);
        if let Some(answer) = answered {
            last = receipted(answer, &keys.receipts);
            unanswered.clear();
        }
        server = Server::start(&data);
        let head = link.hello(&server, &phone).await.log_head;
        assert!(
            head.seq >= last.seq,
            "receipted up to {}, stored up to {}",
            last.seq,
            head.seq
        );
        if !unanswered.is_empty() {
            let answer = link.push(&server, &phone, &unanswered).await.unwrap();
            last = receipted(answer, &keys.receipts);
            unanswered.clear();
        }
        assert_eq!(last, phone.head, "everything is receipted, by its own hash");
    }
    let hello = link.hello(&server, &phone).await;
    assert_eq!((hello.log_head, hello.on_line), (phone.head, true));
}

fn root_hash(root: &PublicKey) -> String {
    xunji_protocol::digest::Digest::of(&hex::decode(&root.key).unwrap()).to_hex()
}
