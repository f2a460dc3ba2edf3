//! 导入离线包: a volume comes in through the browser of whoever has the stick. It is laid down as it is, sealed,
//! imported as the command does it, and removed; the receipts go into the answer. The phone's signatures
//! decide what it may say, not who sits here.

use super::body::Params;
use super::signed_in::SignedIn;
use crate::app::{App, AppState};
use crate::bundle;
use crate::problem::{Answer, internal};
use crate::random;
use crate::storage::StoreError;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use xunji_protocol::limits::{BUNDLE_VOLUME, MAX_FILE};
use xunji_protocol::problem::{Code, Problem};

/// No volume of ours is larger: one that holds the largest picture beside what is written down.
const LARGEST: u64 = BUNDLE_VOLUME + MAX_FILE;
/// Kept free while a volume lies beside what it brings.
const RESERVE: u64 = 2 * BUNDLE_VOLUME;
/// A line that is silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(60);
/// What a killed process left is removed after this long.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);
/// Characters of a file's name that are shown again.
const NAME: usize = 120;

/// What the page says of the file.
#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

/// A volume on the disk for as long as it is imported.
struct Laid {
    path: PathBuf,
    file: File,
    size: u64,
}

impl Drop for Laid {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The handler.
pub(super) async fn import(
    State(app): State<AppState>,
    reader: SignedIn,
    Params(named): Params<Named>,
    mut body: Body,
) -> Answer<Json<Value>> {
    reader.may_import()?;
    let mut laid = app.blocking(begin).await?;
    while let Some(bytes) = next_bytes(&mut body).await? {
        laid = app.blocking(move |_| take(laid, &bytes)).await?;
    }
    let answer = app.blocking(move |app| run(app, &laid, &named.name)).await;
    answer.map(Json)
}

/// The next bytes; `None` at the end. A volume that was cut on the way is not imported: the browser has
/// all of it.
async fn next_bytes(body: &mut Body) -> Answer<Option<Bytes>> {
    loop {
        match tokio::time::timeout(SILENCE, body.frame()).await {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
            Ok(Some(Err(_))) | Err(_) => return Err(Code::BadRequest.into()),
        }
    }
}

fn begin(app: &App) -> Answer<Laid> {
    let free = app.blobs.free().map_err(|e| internal(&e))?;
    if free < RESERVE {
        return Err(Code::StorageFull.into());
    }
    let folder = app.data.path().join("inbox");
    fs::create_dir_all(&folder).map_err(disk)?;
    sweep(&folder).map_err(disk)?;
    let id = random::id(app.clock.now()).map_err(disk)?;
    let path = folder.join(format!("{}.xjb", id.simple()));
    let file = File::create_new(&path).map_err(disk)?;
    Ok(Laid {
        path,
        file,
        size: 0,
    })
}

fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > STALE {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn take(mut laid: Laid, bytes: &Bytes) -> Answer<Laid> {
    laid.size += bytes.len() as u64;
    if laid.size > LARGEST {
        return Err(Problem::new(Code::TooLarge).with("limit", LARGEST).into());
    }
    laid.file.write_all(bytes).map_err(disk)?;
    Ok(laid)
}

fn run(app: &App, laid: &Laid, name: &str) -> Answer<Value> {
    let mut done = bundle::import(app, std::slice::from_ref(&laid.path), &mut |_| {});
    if let Some(stopped) = done.stopped {
        return Err(stopped);
    }
    let volume = done.volumes.pop().ok_or(Code::Internal)?;
    let (bundle, receipts) = done.bundles.pop().unzip();
    let receipts = receipts.flatten().map(String::from_utf8);
    Ok(json!({
        "file": name.chars().take(NAME).collect::<String>(),
        "state": volume.state,
        "sentence": volume.sentence,
        "bundle": bundle,
        "receipts": receipts.transpose().map_err(|e| internal(&e))?,
    }))
}

fn disk(error: io::Error) -> crate::problem::Refusal {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full.into(),
        _ => internal(&error),
    }
}
