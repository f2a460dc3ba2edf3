//! What this phone still keeps of what has arrived, and when it leaves: for people.

use crate::store::StoreError;
use crate::store::local::{Read, contact, files, left};
use serde::Serialize;
use xunji_protocol::limits::{CHANGE_STAYS_MS, ORIGINAL_STAYS_MS};
use xunji_protocol::steps::files::FileKind;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The words of 手机里还留着什么.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct Kept {
    /// `31 张，98.2 MB`, and how many have left.
    pub originals_text: String,
    /// When something leaves, or why nothing does.
    pub leaves_text: String,
    /// Phones do not wait for a backup: the bureau's own risk.
    pub waived: bool,
}

/// Counts and words.
///
/// # Errors
/// Those of the file.
pub(super) fn kept(read: &Read<'_>) -> Result<Kept, StoreError> {
    let (here, bytes) = files::kept(read, FileKind::Original)?;
    let gone = left::count(read, FileKind::Original)?;
    let waived = contact::backup_waived(read)?;
    let backed_up = contact::backed_up_through(read)?.is_some();
    let mut originals_text = format!("{here} 张，{}", size_text(bytes));
    if gone > 0 {
        originals_text.push_str(&format!("；已移出 {gone} 张，服务器上都在"));
    }
    let (photos, records) = (ORIGINAL_STAYS_MS / DAY_MS, CHANGE_STAYS_MS / DAY_MS);
    let leaves_text = match (waived, backed_up) {
        (true, _) => format!(
            "本单位设定不等备份：交齐满 {photos} 天的原片、满 {records} 天的记录自动移出本机"
        ),
        (false, true) => {
            format!("交齐且备份核对过的，原片满 {photos} 天、记录满 {records} 天自动移出本机")
        }
        (false, false) => "服务器还没有核对过的备份，收到回执后也都留着".to_owned(),
    };
    Ok(Kept {
        originals_text,
        leaves_text,
        waived,
    })
}

fn size_text(bytes: u64) -> String {
    let (unit, name) = if bytes >= 1_000_000_000 {
        (1_000_000_000, "GB")
    } else {
        (1_000_000, "MB")
    };
    format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit)
}
