//! `import-bundle`: files in, progress on standard error, receipts beside the files, one JSON line at the end.

use super::import::{Import, import};
use super::{BundleReport, Told};
use crate::app::{App, OpenError};
use crate::config::DataFolder;
use crate::storage::{StoreError, meta};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Files taken between two lines of progress.
const EVERY: u64 = 20;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The folder.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the command did.
#[derive(Debug)]
pub struct Done {
    /// One line for a program.
    pub line: Value,
    /// Everything that was given is here, and its receipts are written.
    pub well: bool,
}

/// Imports bundles into a county's folder, also beside a running server. `receipts` is the folder for the
/// receipts; without it they go beside the first file.
///
/// # Errors
/// [`CommandError`] when the folder cannot be opened; what is wrong with a file is in the result.
pub fn import_bundle(
    data: &DataFolder,
    files: &[PathBuf],
    receipts: Option<&Path>,
    say: &mut dyn FnMut(&str),
) -> Result<Done, CommandError> {
    let app = open(data)?;
    let mut told = 0;
    let done = import(&app, files, &mut |event| match event {
        Told::Begins {
            file,
            volume,
            volumes,
        } => {
            told = 0;
            say(&format!("第 {volume}/{volumes} 卷 {file}"));
        }
        Told::Took { changes, files } => {
            if files >= told + EVERY {
                told = files;
                say(&format!("  变更 {changes} 条，文件 {files} 个"));
            }
        }
    });
    let beside = files.first().and_then(|file| file.parent());
    let folder = receipts.or(beside).unwrap_or(Path::new("."));
    Ok(conclude(done, folder, say))
}

/// The county, with the clock of the process that serves it.
fn open(data: &DataFolder) -> Result<App, CommandError> {
    let app = App::open(data.clone(), 0)?;
    let served = meta::get(&app.store, app.bureau, meta::CLOCK_OFFSET)?;
    match served.and_then(|text| text.parse().ok()) {
        None | Some(0) => Ok(app),
        Some(offset) => Ok(App::open(data.clone(), offset)?),
    }
}

fn conclude(done: Import, folder: &Path, say: &mut dyn FnMut(&str)) -> Done {
    let mut well = done.stopped.is_none() && !done.volumes.is_empty();
    for volume in &done.volumes {
        well &= volume.state == super::VolumeState::Whole;
        say(&format!("{}：{}", volume.file, volume.sentence));
    }
    let mut bundles = Vec::new();
    for (mut report, bytes) in done.bundles {
        well &= report.missing.is_empty();
        say(&report.sentence);
        match bytes.map(|bytes| keep(&report, &bytes, folder)) {
            Some(Ok(path)) => {
                say(&format!("收据：{}，请带回手机读取", path.display()));
                report.receipts = Some(path);
            }
            Some(Err(error)) => {
                well = false;
                say(&format!(
                    "收据没有写成（{error}），收下的内容都在；请用 --receipts 换一个能写的文件夹再导入一次"
                ));
            }
            None => {}
        }
        bundles.push(report);
    }
    let stopped = done.stopped.map(|refusal| refusal.0.title);
    if let Some(sentence) = &stopped {
        say(&format!(
            "导入中途停下：{sentence}；已收下的都在，处理后再导入一次即可"
        ));
    }
    let line =
        json!({"volumes": done.volumes, "bundles": bundles, "stopped": stopped, "whole": well});
    Done { line, well }
}

/// Writes the receipts whole or not at all; the same import again replaces them by their equal.
fn keep(report: &BundleReport, bytes: &[u8], folder: &Path) -> io::Result<PathBuf> {
    let bundle = report.bundle.simple().to_string();
    let short = bundle.get(24..).unwrap_or(&bundle);
    let path = folder.join(format!("xunji-receipts-{short}.xjr"));
    let part = path.with_extension("xjr.part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, &path)?;
    Ok(path)
}
