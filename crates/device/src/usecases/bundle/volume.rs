//! Writes one volume: under another name, made durable, then named. Never more than a segment or a part of a
//! picture is in memory.

use super::gather::{Gathered, Span};
use super::{not_written, part_of};
use crate::Device;
use crate::api::ApiError;
use crate::runner;
use crate::store::StoreError;
use crate::store::local::changes;
use crate::store::local::files::FileRow;
use crate::sync::bundle::Volume;
use ed25519_dalek::SigningKey;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use uuid::Uuid;
use xunji_protocol::bundle::{BundleHeader, PieceHead, SignedHeader, VolumeWriter, seal_key};
use xunji_protocol::digest::Digest;
use xunji_protocol::steps::files::{FileKind, FileMeta};
use xunji_protocol::version;
use zeroize::Zeroizing;

/// Clear bytes of a picture read at once.
const PART: u64 = 512 * 1024;

/// Which volume, and where.
pub(super) struct Place {
    /// The bundle.
    pub bundle: Uuid,
    /// 1, 2, 3 …
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// The file.
    pub path: PathBuf,
}

/// What a volume holds.
#[derive(Debug, Default)]
pub(super) struct Wrote {
    /// Bytes of the file.
    pub bytes: u64,
    /// Last seq.
    pub up_to_seq: u64,
    /// Pictures and bodies; a body that every volume repeats is counted in the first.
    pub files: u64,
    /// What cannot be read on this phone.
    pub left_out: Vec<String>,
}

type Out = VolumeWriter<BufWriter<File>>;

/// Writes a volume; one of that name is replaced only by a whole one.
pub(super) fn write(
    device: &Device,
    gathered: &Gathered,
    volume: &Volume,
    place: &Place,
) -> Result<Wrote, ApiError> {
    let part = part_of(&place.path);
    let wrote = write_part(device, gathered, volume, place, &part);
    let wrote = wrote.and_then(|wrote| {
        std::fs::rename(&part, &place.path).map_err(|e| not_written(&e))?;
        Ok(wrote)
    });
    if wrote.is_err() {
        // What is left of it is of no use to anybody, and the phone holds all of it.
        let _ = std::fs::remove_file(&part);
    }
    wrote
}

fn write_part(
    device: &Device,
    gathered: &Gathered,
    volume: &Volume,
    place: &Place,
    part: &Path,
) -> Result<Wrote, ApiError> {
    let key = random(device)?;
    let header = header(device, gathered, place, &key)?;
    let disk = |e: io::Error| not_written(&e);
    let file = BufWriter::with_capacity(256 * 1024, File::create(part).map_err(disk)?);
    let mut out = VolumeWriter::begin(file, &header, &key).map_err(disk)?;
    let mut wrote = Wrote::default();
    text(device, gathered, volume, place, &mut out, &mut wrote)?;
    for picture in volume
        .files
        .iter()
        .filter_map(|at| gathered.pictures.get(*at))
    {
        one_file(device, gathered, picture, &mut out, &mut wrote)?;
    }
    let file = out.finish().map_err(disk)?;
    let file = file.into_inner().map_err(|e| not_written(&e))?;
    file.sync_all().map_err(disk)?;
    wrote.bytes = file.metadata().map_err(disk)?.len();
    Ok(wrote)
}

fn header(
    device: &Device,
    gathered: &Gathered,
    place: &Place,
    key: &Zeroizing<[u8; 32]>,
) -> Result<SignedHeader, ApiError> {
    let mut seals = Vec::new();
    for to in &gathered.recipients {
        seals.push(seal_key(key, to, &random(device)?).map_err(|e| not_written(&e))?);
    }
    let says = BundleHeader {
        protocol: version::CURRENT,
        bureau: gathered.enrolled.bureau,
        log: gathered.log.head.log,
        bundle: place.bundle,
        volume: place.number,
        volumes: place.of,
        made_at: device.now(),
        certificate: gathered.enrolled.certificate.clone(),
        seals,
    };
    SignedHeader::make(&SigningKey::from_bytes(&gathered.log.seed), says)
        .map_err(|e| not_written(&e))
}

fn random(device: &Device) -> Result<Zeroizing<[u8; 32]>, ApiError> {
    let mut bytes = Zeroizing::new([0; 32]);
    device.entropy.fill(bytes.as_mut_slice())?;
    Ok(bytes)
}

/// Segments, then bodies that travel as files.
fn text(
    device: &Device,
    gathered: &Gathered,
    volume: &Volume,
    place: &Place,
    out: &mut Out,
    wrote: &mut Wrote,
) -> Result<(), ApiError> {
    for at in &volume.text {
        if let Some(span) = gathered.spans.get(*at) {
            segment(device, gathered, *span, out, wrote)?;
        } else if let Some(body) = gathered.bodies.get(at.saturating_sub(gathered.spans.len())) {
            let before = wrote.files;
            one_file(device, gathered, body, out, wrote)?;
            // A body that every volume repeats is one file.
            if place.number > 1 && gathered.repeats(volume) {
                wrote.files = before;
            }
        }
    }
    Ok(())
}

fn segment(
    device: &Device,
    gathered: &Gathered,
    span: Span,
    out: &mut Out,
    wrote: &mut Wrote,
) -> Result<(), ApiError> {
    let log = gathered.log.head.log;
    let limit = u32::try_from(span.count).unwrap_or(u32::MAX);
    let mut stored = device.local()?.read(|read| -> Result<_, StoreError> {
        changes::after(read, log, span.first.saturating_sub(1), limit)
    })?;
    let sound = match runner::read_sound(log, &stored) {
        Ok(sound) => sound,
        Err(lost) => {
            let bad = lost.iter().map(|head| head.seq).min().unwrap_or(0);
            // Nothing can be linked past it; what stands before it goes.
            wrote.left_out.push(format!(
                "第 {bad} 条变更在本机读不出来，它和后面的没有带上，仍在本机；请联系管理员"
            ));
            stored.retain(|row| row.seq < bad);
            runner::read_sound(log, &stored).unwrap_or_default()
        }
    };
    let (Some(first), Some(last)) = (sound.first(), sound.last()) else {
        return Ok(());
    };
    let key = SigningKey::from_bytes(&gathered.log.seed);
    let bytes = runner::segment(&key, &sound).map_err(|fault| not_written(&fault.code()))?;
    let head = PieceHead::Changes {
        first_seq: first.envelope.seq,
        up_to_seq: last.envelope.seq,
        size: bytes.len() as u64,
        sha256: Digest::of(&bytes),
    };
    wrote.up_to_seq = wrote.up_to_seq.max(last.envelope.seq);
    device.bundles().wrote(bytes.len() as u64);
    out.piece(&head)
        .and_then(|()| out.content(&bytes))
        .map_err(|e| not_written(&e))
}

fn one_file(
    device: &Device,
    gathered: &Gathered,
    row: &FileRow,
    out: &mut Out,
    wrote: &mut Wrote,
) -> Result<(), ApiError> {
    let file = FileMeta {
        sha256: row.sha256,
        kind: row.kind,
        log: gathered.log.head.log,
        original: row.original,
    };
    let size = row.size;
    out.piece(&PieceHead::File { file, size })
        .map_err(|e| not_written(&e))?;
    let mut from = 0;
    while from < size {
        match runner::read_file(device, row, from, PART.min(size - from)) {
            Ok(bytes) if !bytes.is_empty() => {
                out.content(&bytes).map_err(|e| not_written(&e))?;
                device.bundles().wrote(bytes.len() as u64);
                from += bytes.len() as u64;
            }
            Ok(_) | Err(_) => {
                wrote.left_out.push(unreadable(row.kind).to_owned());
                return out.give_up().map_err(|e| not_written(&e));
            }
        }
    }
    wrote.files += 1;
    Ok(())
}

fn unreadable(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Body => "有一份记录的正文在本机读不出来，没有带上；请联系管理员",
        FileKind::Thumbnail | FileKind::Copy | FileKind::Original => {
            "有照片在本机打不开，没有带上，记录不受影响；请联系管理员"
        }
    }
}
