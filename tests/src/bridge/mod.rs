//! The development bridge: the field app's page in an ordinary browser, over the real device core. It stands on the same
//! door as the window's shell (`xunji_device::door`) and carries it over HTTP on this machine alone. For Chromium as the
//! stand-in of an Android phone's WebView, see docs/adr/0017.

mod guard;
mod process;
mod routes;
#[cfg(test)]
mod tests;

pub use process::BridgeProcess;

use crate::market::{Step, Stopped};
use axum::Router;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use xunji_device::clock::{Entropy as _, SystemEntropy};
use xunji_device::door::{Door, Host, PeopleFolder, Phone, Reach, Settings};
use xunji_device::keystore::{FileKeyStore, KeyStore};
use xunji_domain::place::{NoFix, RawFix};

/// Name of the header, and of the word behind `#` in the page's address, that carry the token. `ui/field/src/backend/bridge.ts` says it too.
pub const TOKEN: &str = "x-xunji-bridge";

/// A running bridge.
pub struct Bridge {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its page must say.
    pub token: String,
}

impl Bridge {
    /// Opens the phone of the settings and serves the page of `ui/field/dist-bridge` beside it, under the rules that
    /// `src-tauri/tauri.conf.json` gives the app's page.
    ///
    /// # Errors
    /// When the page is not built or there is no port.
    pub async fn start(settings: Settings, checkout: &Path) -> Step<Self> {
        let page = checkout.join("ui/field/dist-bridge");
        if !page.join("index.html").is_file() {
            return Err(Stopped(format!(
                "{} is not built; `cd ui && npm run gallery` builds it",
                page.display()
            )));
        }
        let rules = content_rules(&checkout.join("src-tauri/tauri.conf.json"))?;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .map_err(|e| Stopped::at("a free port", e))?;
        let address = listener
            .local_addr()
            .map_err(|e| Stopped::at("a free port", e))?;
        let token = fresh_token()?;
        let (changes, heard) = watch::channel(0);
        let door = Arc::new(Door::new(settings, Box::new(Listeners(changes))));
        let opening = Arc::clone(&door);
        std::thread::Builder::new()
            .name("open".to_owned())
            .spawn(move || opening.open_and_tell())
            .map_err(|e| Stopped::at("a thread", e))?;
        let guard = guard::Guard::new(address, token.clone(), rules);
        let router: Router = routes::router(door, heard, page, guard);
        tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, token })
    }

    /// The page's address. What stands behind `#` is never sent; the page takes the token from there.
    pub fn url(&self) -> String {
        format!("http://{}/#{TOKEN}={}", self.address, self.token)
    }
}

/// A key in a file, as on a desktop.
pub fn file_keys(folder: &Path) -> Arc<dyn KeyStore> {
    Arc::new(FileKeyStore::at(folder.join("key")))
}

/// Where Android has an app's documents, below the phone's own folder here.
const DOCUMENTS: &str = "Android/data/cn.xunji.field/files/Documents";

/// Settings of a phone that lies in a folder already.
pub fn settings(folder: PathBuf, clock_offset_ms: Option<i64>) -> Settings {
    let people = PeopleFolder::below(&folder.join(DOCUMENTS), Reach::Android);
    Settings {
        folder,
        enrol: None,
        pictures: None,
        people: Some(people),
        clock_offset_ms,
        keys: file_keys,
    }
}

/// The pages that listen.
struct Listeners(watch::Sender<u64>);

impl Host for Listeners {
    fn tell(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    fn position(&self, _phone: &Phone, _within: Duration) -> Result<RawFix, NoFix> {
        Err(NoFix::NoSource)
    }
}

fn fresh_token() -> Step<String> {
    let mut bytes = [0; 16];
    SystemEntropy
        .fill(&mut bytes)
        .map_err(|e| Stopped::at("a token", e))?;
    Ok(hex::encode(bytes))
}

/// The content rules of the app's own page.
fn content_rules(file: &Path) -> Step<String> {
    let failed = |e: &dyn std::fmt::Display| Stopped::at(&file.display().to_string(), e);
    let text = std::fs::read(file).map_err(|e| failed(&e))?;
    let read: serde_json::Value = serde_json::from_slice(&text).map_err(|e| failed(&e))?;
    crate::market::json::text(&read, "/app/security/csp").map(str::to_owned)
}
