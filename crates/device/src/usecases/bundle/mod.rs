//! No network for days: what has no receipt goes into files that somebody carries, and the receipts come
//! back as a file. The phone's own sync goes on as if nothing had happened: whichever way is first, the
//! other finds it done.

mod gather;
mod people;
mod receipts;
mod shared;
mod volume;
mod write;

pub use people::{PeopleFolder, Reach};
pub use receipts::{ReceiptsTaken, import_receipts, take_receipts};
pub use shared::Shared;
pub use write::{state, write};

use crate::Device;
use crate::api::ApiError;
use crate::photos::copies::derive_next;
use crate::photos::folder::sync_folder;
use crate::store::StoreError;
use crate::store::local::receipts as kept;
use crate::sync::bundle::{Volume, volumes};
use gather::{Gathered, gather};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use volume::{Place, Wrote};
use xunji_domain::ids::LogId;
use xunji_protocol::guard::Guard;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::limits::{BUNDLE_VOLUME, BUNDLE_VOLUME_MIN, MAX_BUNDLE_VOLUMES};
use xunji_protocol::steps::files::FileKind;

/// How much is taken along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Along {
    /// Records and entries.
    Records,
    /// … and thumbnails.
    Thumbnails,
    /// … and working copies.
    Copies,
    /// … and originals.
    #[default]
    All,
}

impl Along {
    fn takes(self, kind: FileKind) -> bool {
        self >= match kind {
            FileKind::Body => Self::Records,
            FileKind::Thumbnail => Self::Thumbnails,
            FileKind::Copy => Self::Copies,
            FileKind::Original => Self::All,
        }
    }
}

/// Where to, how much, in how large pieces.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportBundle {
    /// The folder for the files: a stick, a shared folder.
    pub folder: PathBuf,
    /// How much is taken along.
    #[serde(default)]
    pub along: Along,
    /// Bytes of a volume at most; without it 95 MB.
    #[serde(default)]
    pub volume_bytes: Option<u64>,
}

/// What was written.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BundleWritten {
    /// The volumes, in order.
    pub volumes: Vec<PathBuf>,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Changes in them.
    pub changes: u64,
    /// Files in them.
    pub files: u64,
    /// What could not be taken along, and why; it stays on the phone and waits for the next way.
    pub left_out: Vec<String>,
    /// For people.
    pub sentence: String,
}

/// Writes everything without a receipt into volumes. On the phone nothing changes.
///
/// # Errors
/// `not_enrolled`, `nothing_to_carry`, `no_bundle_key`, `branched`, `too_many_volumes`; `bundle_not_written` when the folder does
/// not take it. Volumes that are whole by then stay, and can be imported.
pub fn export(device: &Device, ask: &ExportBundle) -> Result<BundleWritten, ApiError> {
    export_after(device, ask, |_| Ok(()))
}

/// The same, once `before` has agreed to as many bytes as it will write at least.
fn export_after(
    device: &Device,
    ask: &ExportBundle,
    before: impl FnOnce(u64) -> Result<(), ApiError>,
) -> Result<BundleWritten, ApiError> {
    if ask.along > Along::Records {
        make_copies(device);
    }
    let limit = ask.volume_bytes.unwrap_or(BUNDLE_VOLUME);
    let limit = limit.max(BUNDLE_VOLUME_MIN);
    let gathered = gather(device, ask.along, limit)?;
    let (text, files) = gathered.sizes();
    let plan = volumes(&text, &files, limit);
    if plan.is_empty() {
        return Err(nothing(device, ask.along, &gathered));
    }
    before(plan.iter().map(|volume| volume.bytes(&text, &files)).sum())?;
    let written = write_all(device, ask, &gathered, &plan)?;
    sync_folder(&ask.folder).map_err(|e| not_written(&e))?;
    Ok(written)
}

/// Every volume in turn.
fn write_all(
    device: &Device,
    ask: &ExportBundle,
    gathered: &Gathered,
    plan: &[Volume],
) -> Result<BundleWritten, ApiError> {
    let bundle = device.new_id()?;
    let of = u32::try_from(plan.len()).unwrap_or(u32::MAX);
    if of > MAX_BUNDLE_VOLUMES {
        return Err(ApiError::new(
            "too_many_volumes",
            "每卷太小、卷数太多，没有写离线包，本机内容都在；请把每卷的大小调大后再写",
        ));
    }
    let mut written = BundleWritten::default();
    let (mut up_to, mut carried) = (0, 0);
    for (number, volume) in (1..).zip(plan) {
        let place = Place {
            bundle,
            number,
            of,
            path: ask.folder.join(name(device, gathered, bundle, number, of)),
        };
        let wrote = volume::write(device, gathered, volume, &place)?;
        up_to = up_to.max(wrote.up_to_seq);
        carried += wrote.files;
        written.add(place.path, wrote);
    }
    if !Guard::Carried.stands() {
        taken_for_received(device, gathered.log.head.log, up_to)?;
    }
    written.changes = gathered.changes_up_to(up_to);
    written.files = carried;
    written.left_out.extend(gathered.left_out());
    written.left_out.sort();
    written.left_out.dedup();
    written.sentence = written.words();
    Ok(written)
}

/// Nothing of what was asked for waits for a receipt. That is not to say that nothing does.
fn nothing(device: &Device, along: Along, gathered: &Gathered) -> ApiError {
    let left = gathered.left_out();
    let more = || {
        let all = gather(device, Along::All, BUNDLE_VOLUME);
        all.is_ok_and(|all| !all.pictures.is_empty())
    };
    let sentence = if !left.is_empty() {
        format!("没有写离线包；{}", left.join("；"))
    } else if along < Along::All && more() {
        "所选的内容都已有收据，没有写离线包；还有照片没有收据，请多带一些再写".to_owned()
    } else {
        "没有要带走的内容：本机内容都已有收据，不用写离线包".to_owned()
    };
    ApiError::new("nothing_to_carry", sentence)
}

/// What a program believes for which a stick is as good as a receipt.
fn taken_for_received(device: &Device, log: LogId, up_to: u64) -> Result<(), ApiError> {
    let none = SignedStatement(String::new());
    let at = device.now();
    device
        .local()?
        .write(|write| -> Result<(), StoreError> { kept::put_log(write, log, up_to, &none, at) })?;
    Ok(())
}

/// Copies that are not made yet are made now: a bundle is not written every hour.
fn make_copies(device: &Device) {
    let mut font = None;
    while let Ok(true) = derive_next(device, &mut font) {}
}

/// A name without names: the log's short code, the day, the bundle, the volume.
fn name(device: &Device, gathered: &Gathered, bundle: Uuid, number: u32, of: u32) -> String {
    let code: String = gathered
        .log
        .short_code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let day = super::acting::today(device).format("%Y%m%d");
    let bundle = bundle.simple().to_string();
    let short = bundle.get(24..).unwrap_or(&bundle);
    format!("xunji-{code}-{day}-{short}-{number}of{of}.xjb")
}

fn not_written(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(
        "bundle_not_written",
        "离线包没有写成，本机内容都在；请看目标位置的空间够不够、能不能写入，再写一次",
    )
    .with(serde_json::json!({ "detail": error.to_string() }))
}

impl BundleWritten {
    fn add(&mut self, path: PathBuf, wrote: Wrote) {
        self.volumes.push(path);
        self.bytes += wrote.bytes;
        self.left_out.extend(wrote.left_out);
    }

    fn words(&self) -> String {
        let mut words = format!(
            "离线包已写好，共 {} 卷：变更 {} 条，文件 {} 个；导入服务器后，请把收据文件带回本机读取，没有收据之前本机什么也不删",
            self.volumes.len(),
            self.changes,
            self.files
        );
        if !self.left_out.is_empty() {
            words.push_str("；有内容这次没能带上，仍在本机");
        }
        words
    }
}

/// The beginning of a volume's name while it is being written.
fn part_of(path: &Path) -> PathBuf {
    path.with_extension("xjb.part")
}
