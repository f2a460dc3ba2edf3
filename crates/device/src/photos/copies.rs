//! Working copies and thumbnails of kept originals, one at a time, off the UI thread. Signing never
//! waits for them: the record names originals.

use std::fs::File;
use std::sync::Arc;

use xunji_domain::calendar::Market;
use xunji_domain::ids::{AmendmentId, InspectionId, MarketId};
use xunji_domain::inspection::PhotoOrigin;
use xunji_domain::org::{Bureau, Station};
use xunji_protocol::digest::Digest;
use xunji_protocol::state::{self, InspectionSummary};
use xunji_protocol::steps::files::FileKind;

use super::derive::{self, Caption, Outcome, WatermarkFont};
use super::problems;
use super::sealed::{SealedError, SealedReader};
use super::shared::{self, Safe};
use super::steps::Step;
use super::take_over::{Bench, Taken, seal_derived};
use crate::Device;
use crate::api::ApiError;
use crate::store::local::files::{self, FileRow};
use crate::store::local::photos::{self, Derived, PhotoRow, Sealed};
use crate::store::local::{Read, amendments, device_row, drafts};
use crate::store::{StoreError, mirror};

/// Makes the copies of the next photo that has none. Returns whether there was one.
///
/// # Errors
/// Those of the file and the disk; the photo is tried again.
pub fn derive_next(
    device: &Device,
    font: &mut Option<Arc<WatermarkFont>>,
) -> Result<bool, ApiError> {
    let _alone = device.photos.deriving();
    let next = device.local()?.read(|read| {
        let first = photos::to_derive(read)?.into_iter().next();
        let Some(row) = first else {
            return Ok::<_, ApiError>(None);
        };
        let Some(sealed) = row.sealed.clone() else {
            return Ok(None);
        };
        Ok(Some((caption(device, read, &row, &sealed)?, sealed, row)))
    })?;
    let Some((caption, sealed, row)) = next else {
        return Ok(false);
    };
    if font.is_none() {
        *font = shared::font();
    }
    let safe = Safe::open(device)?;
    let original = match open(&safe, sealed.sha256) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, "an original does not open");
            let sentence = "这张照片的原片在本机打不开了，记录不受影响；请补拍一张，并告诉管理员";
            device
                .local()?
                .write(|write| photos::set_derived(write, row.id, Derived::Damaged, sentence))?;
            return Ok(true);
        }
    };
    let made = derive::derive(
        Arc::from(original),
        sealed.damaged,
        &caption,
        font.as_deref(),
    )
    .map_err(|e| {
        ApiError::new(
            "copies_failed",
            "这张照片的工作照暂时没有做成，原片已存好；会自动再做",
        )
        .with(detail(&e))
    })?;
    let files = seal(device, &safe, &made)?;
    device.photos.passed(Step::Derived);
    commit(
        device,
        &row,
        sealed.sha256,
        files,
        made.outcome,
        font.is_some(),
    )?;
    device.photos.count_made();
    device.photos.passed(Step::DerivedCommitted);
    Ok(true)
}

fn open(safe: &Safe, sha256: Digest) -> Result<Vec<u8>, SealedError> {
    SealedReader::open(File::open(safe.folder.path_of(sha256))?, &safe.key)?.read_all()
}

/// Not beside a sweep: it puts every file aside that is still being written, because after a kill nobody
/// writes it any more.
fn seal(
    device: &Device,
    safe: &Safe,
    made: &derive::Derived,
) -> Result<[(FileKind, Taken); 2], ApiError> {
    let _alone = device.photos.taking();
    let bench = Bench {
        folder: &safe.folder,
        key: &safe.key,
        watch: &super::steps::unwatched,
    };
    let one = |bytes: &[u8]| -> Result<Taken, ApiError> {
        seal_derived(&bench, bytes, &shared::seed(device)?).map_err(|e| problems::of(&e))
    };
    Ok([
        (FileKind::Thumbnail, one(&made.thumbnail)?),
        (FileKind::Copy, one(&made.copy)?),
    ])
}

fn commit(
    device: &Device,
    row: &PhotoRow,
    original: Digest,
    made: [(FileKind, Taken); 2],
    outcome: Outcome,
    watermarked: bool,
) -> Result<(), ApiError> {
    let (derived, problem) = match outcome {
        Outcome::Whole if watermarked => (Derived::Yes, ""),
        Outcome::Whole => (
            Derived::Yes,
            "本机没有中文字体，工作照上没有水印，原片不受影响",
        ),
        Outcome::TooLarge => (Derived::TooLarge, "像素过大，只保存并上传原片"),
        Outcome::Damaged => (
            Derived::Damaged,
            "照片已损坏，能读出的部分已保存；请补拍一张",
        ),
    };
    device.local()?.write(|write| {
        // A record signed meanwhile queued the original: what is made from it follows.
        let queued = files::is_queued(write, original)?;
        for (kind, taken) in made {
            let file = FileRow {
                sha256: taken.sha256,
                kind,
                size: taken.size,
                original: Some(original),
                queued,
                upload: String::new(),
                offset_seen: 0,
                problem: String::new(),
            };
            files::put(write, &file)?;
        }
        photos::set_derived(write, row.id, derived, problem)
    })?;
    Ok(())
}

/// The watermark's words for a photo.
fn caption(
    device: &Device,
    read: &Read<'_>,
    row: &PhotoRow,
    sealed: &Sealed,
) -> Result<Caption, ApiError> {
    let (record_no, place) = record(device, read, row)?;
    Ok(Caption {
        unit: unit(device, read)?,
        time: sealed.at.time().minute_text(sealed.at.zone),
        place,
        record_no,
        original: sealed.sha256,
        imported: row.origin == PhotoOrigin::Imported,
    })
}

fn unit(device: &Device, read: &Read<'_>) -> Result<String, StoreError> {
    let Some(enrolled) = device_row::get(read)?.and_then(|row| row.enrolled) else {
        return Ok(String::new());
    };
    let station: Option<Station> = device
        .mirror()
        .read(|m| mirror::records::get(m, state::STATION, enrolled.station.0))?;
    let bureau: Vec<Bureau> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::BUREAU))?;
    let names = bureau
        .into_iter()
        .next()
        .map(|b| b.name)
        .into_iter()
        .chain(station.map(|s| s.name));
    Ok(names.collect::<Vec<_>>().join(" "))
}

/// Record number and place: of the inspection in work, or of the record an amendment is about.
fn record(
    device: &Device,
    read: &Read<'_>,
    row: &PhotoRow,
) -> Result<(String, String), StoreError> {
    let inspection = match amendments::get(read, AmendmentId(row.draft))? {
        Some(amendment) => amendment.inspection,
        None => InspectionId(row.draft),
    };
    if let Some(draft) = drafts::get(read, inspection)? {
        let market = market(device, draft.market)?;
        let at = [market, draft.operator.name]
            .into_iter()
            .filter(|part| !part.is_empty());
        return Ok((draft.record_no, at.collect::<Vec<_>>().join(" ")));
    }
    let summary: Option<InspectionSummary> = device
        .mirror()
        .read(|m| mirror::records::get(m, state::INSPECTION, inspection.0))?;
    let Some(summary) = summary else {
        return Ok((String::new(), String::new()));
    };
    let market = market(device, summary.market)?;
    let at = [market, summary.operator_name]
        .into_iter()
        .filter(|part| !part.is_empty());
    Ok((summary.record_no, at.collect::<Vec<_>>().join(" ")))
}

fn market(device: &Device, id: Option<MarketId>) -> Result<String, StoreError> {
    let Some(id) = id else {
        return Ok(String::new());
    };
    let market: Option<Market> = device
        .mirror()
        .read(|m| mirror::records::get(m, state::MARKET, id.0))?;
    Ok(market.map(|m| m.name).unwrap_or_default())
}

fn detail(error: &dyn std::fmt::Display) -> serde_json::Value {
    serde_json::json!({ "detail": error.to_string() })
}
