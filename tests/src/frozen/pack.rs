//! A folder in one file: a gzipped tar of plain files, so that anybody can look into a frozen set.

use crate::disk::Folder;
use crate::market::{Step, Stopped};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read as _, Write as _};
use std::path::Path;

/// Size of a tar's blocks.
const BLOCK: usize = 512;
const SECOND: u64 = 1_000_000_000;

/// Packs a folder.
///
/// # Errors
/// Those of the disk; a path too long for a tar.
pub fn pack(from: &Path, to: &Path) -> Step<()> {
    let folder = Folder::read(from)?;
    let mut tar = Vec::new();
    for (path, bytes) in &folder.files {
        let written = folder.times.get(path).copied().unwrap_or(0) / SECOND;
        tar.extend(head(path, bytes.len(), written)?);
        tar.extend(bytes);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    let doing = |e: std::io::Error| Stopped::at(&to.display().to_string(), e);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&tar).map_err(doing)?;
    std::fs::write(to, gzip.finish().map_err(doing)?).map_err(doing)
}

fn head(path: &str, size: usize, written: u64) -> Step<[u8; BLOCK]> {
    let mut head = [0; BLOCK];
    let sum_place = 148..156;
    let fields: [(usize, String); 6] = [
        (0, path.to_owned()),
        (100, "0000600".to_owned()),
        (124, format!("{size:011o}")),
        (136, format!("{written:011o}")),
        (156, "0".to_owned()),
        (257, "ustar\x0000".to_owned()),
    ];
    if path.len() > 99 {
        return Err(Stopped(format!("{path} is too long for a tar")));
    }
    for (at, text) in fields {
        for (to, from) in head.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    }
    // The sum is taken with spaces in its own place.
    for place in head.iter_mut().take(sum_place.end).skip(sum_place.start) {
        *place = b' ';
    }
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in head
        .iter_mut()
        .skip(sum_place.start)
        .zip(format!("{sum:06o}\0").bytes())
    {
        *to = from;
    }
    Ok(head)
}

/// Reads what [`pack`] wrote.
///
/// # Errors
/// It is cut or something else.
pub fn unpack(from: &Path) -> Step<Folder> {
    let doing = |e: std::io::Error| Stopped::at(&from.display().to_string(), e);
    let broken = || Stopped(format!("{}: not whole", from.display()));
    let mut tar = Vec::new();
    let file = std::fs::File::open(from).map_err(doing)?;
    GzDecoder::new(file).read_to_end(&mut tar).map_err(doing)?;
    let mut folder = Folder::default();
    let mut rest = tar.as_slice();
    loop {
        let (head, behind) = rest.split_at_checked(BLOCK).ok_or_else(broken)?;
        let path = text(head, 0, 100);
        if path.is_empty() {
            return Ok(folder);
        }
        let size = octal(head, 124).ok_or_else(broken)?;
        let size = usize::try_from(size).map_err(|_| broken())?;
        let (padded, next) = behind
            .split_at_checked(size.next_multiple_of(BLOCK))
            .ok_or_else(broken)?;
        let written = octal(head, 136).ok_or_else(broken)?;
        folder.times.insert(path.clone(), written * SECOND);
        folder
            .files
            .insert(path, padded.iter().take(size).copied().collect());
        rest = next;
    }
}

fn text(head: &[u8], at: usize, most: usize) -> String {
    let bytes = head.iter().skip(at).take(most).take_while(|b| **b != 0);
    String::from_utf8_lossy(&bytes.copied().collect::<Vec<u8>>()).into_owned()
}

fn octal(head: &[u8], at: usize) -> Option<u64> {
    u64::from_str_radix(text(head, at, 12).trim(), 8).ok()
}
