//! 写出离线包 for a page: what a bundle would hold, how far one is, and the writing itself, into the one folder that the
//! shell named. A page says how much goes along and nothing else.

use super::gather::{Gathered, gather};
use super::people::PeopleFolder;
use super::{Along, BundleWritten, ExportBundle, export_after, not_written};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{BundleFiles, BundleLevel, BundleState};
use crate::photos::space;
use std::fs;
use std::path::Path;
use xunji_protocol::limits::BUNDLE_VOLUME;

/// From least to most.
const LEVELS: [Along; 4] = [Along::Records, Along::Thumbnails, Along::Copies, Along::All];

/// What a bundle would hold now.
///
/// # Errors
/// `not_enrolled`, `no_bundle_key`, `branched`: why there will be none.
pub fn state(device: &Device) -> Result<BundleState, ApiError> {
    let gathered = gather(device, Along::All, BUNDLE_VOLUME)?;
    let (percent, last) = device.bundles().told();
    Ok(BundleState {
        folder_text: device.bundles().folder().map(PeopleFolder::words),
        levels: levels(&gathered),
        unmade: gathered.underived,
        percent,
        last,
    })
}

/// Writes what has no receipt into the folder for people.
///
/// # Errors
/// `no_people_folder`, `bundle_being_written`, `no_room_to_carry`, and those of [`super::export`].
pub fn write(device: &Device, along: Along) -> Result<BundleFiles, ApiError> {
    let bundles = device.bundles();
    let folder = bundles.folder().ok_or_else(no_folder)?;
    let _turn = bundles.begin().ok_or_else(being_written)?;
    fs::create_dir_all(folder.path()).map_err(|e| not_written(&e))?;
    clear_cut(folder.path());
    let ask = ExportBundle {
        folder: folder.path().to_owned(),
        along,
        volume_bytes: None,
    };
    let written = export_after(device, &ask, |bytes| {
        bundles.expect(bytes);
        // Where the system does not say, the disk will.
        match space::free(folder.path()) {
            Ok(free) if !fits(bytes, free) => Err(no_room()),
            Ok(_) | Err(_) => Ok(()),
        }
    })?;
    let files = said(device, folder, written);
    bundles.keep(files.clone());
    Ok(files)
}

fn levels(gathered: &Gathered) -> Vec<BundleLevel> {
    let (text, _) = gathered.sizes();
    let mut bytes: u64 = text.iter().sum();
    let mut before = None;
    let level = |along: Along| {
        let adds = |kind| along.takes(kind) && !before.is_some_and(|less: Along| less.takes(kind));
        let added: Vec<u64> = gathered
            .pictures
            .iter()
            .filter(|file| adds(file.kind))
            .map(|file| file.size)
            .collect();
        bytes += added.iter().sum::<u64>();
        before = Some(along);
        BundleLevel {
            along,
            files: added.len() as u64,
            bytes,
        }
    };
    LEVELS.into_iter().map(level).collect()
}

/// What a kill cut short is of no use to anybody, and nobody writes here now.
fn clear_cut(folder: &Path) {
    let cut = |name: &str| name.starts_with("xunji-") && name.ends_with(".xjb.part");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(cut)
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(%error, "a volume that was cut short stays");
        }
    }
}

/// A phone is not filled up to the last byte: photos that are still to be taken need room too.
fn fits(bytes: u64, free: u64) -> bool {
    bytes.saturating_add(space::NEEDED) <= free
}

fn said(device: &Device, folder: &PeopleFolder, written: BundleWritten) -> BundleFiles {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    BundleFiles {
        folder_text: folder.words(),
        how_text: folder.how().to_owned(),
        names: written
            .volumes
            .iter()
            .filter_map(|path| name(path))
            .collect(),
        bytes: written.bytes,
        left_out: written.left_out,
        sentence: written.sentence,
        at_text: device.now().minute_text(device.zone()),
    }
}

fn no_folder() -> ApiError {
    ApiError::new(
        "no_people_folder",
        "本机没有能放离线包的文件夹，没有写离线包，本机内容都在；请联系管理员",
    )
}

fn being_written() -> ApiError {
    ApiError::new(
        "bundle_being_written",
        "离线包正在写，没有另写一份，本机内容都在；请等这一份写好",
    )
}

fn no_room() -> ApiError {
    ApiError::new(
        "no_room_to_carry",
        "本机剩余空间不够，没有写离线包，本机内容都在；请少带一些（如不带原片），或腾出空间后再写",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_for_the_next_photos_is_left() {
        assert!(fits(10, 10 + space::NEEDED));
        assert!(!fits(11, 10 + space::NEEDED));
        assert!(!fits(u64::MAX, u64::MAX - 1));
    }
}
