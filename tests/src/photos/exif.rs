//! The EXIF block of a camera: who made the picture, when, and how the phone was held.

const MAKE: &[u8] = b"XUNJI TEST\0";
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;

/// A TIFF structure, little endian, as it follows `Exif\0\0` in APP1: Make, Orientation and the
/// pointer to the Exif directory with DateTimeOriginal (`YYYY:MM:DD HH:MM:SS`).
pub(super) fn block(orientation: u16, taken: &str) -> Vec<u8> {
    let taken = [taken.as_bytes(), b"\0"].concat();
    let make_at = 8 + directory_len(3);
    let exif_at = make_at + even(MAKE.len());
    let taken_at = exif_at + directory_len(1);

    let mut block = b"II*\0".to_vec();
    block.extend(word(8));
    block.extend(3_u16.to_le_bytes());
    entry(&mut block, 0x010F, ASCII, MAKE.len(), make_at);
    entry(&mut block, 0x0112, SHORT, 1, usize::from(orientation));
    entry(&mut block, 0x8769, LONG, 1, exif_at);
    block.extend(word(0));
    block.extend(MAKE);
    block.resize(exif_at, 0);
    block.extend(1_u16.to_le_bytes());
    entry(&mut block, 0x9003, ASCII, taken.len(), taken_at);
    block.extend(word(0));
    block.extend(&taken);
    block
}

/// A count, the entries and the offset of the next directory.
fn directory_len(entries: usize) -> usize {
    2 + 12 * entries + 4
}

fn even(len: usize) -> usize {
    len + len % 2
}

/// A little-endian SHORT in the first two bytes of the value field reads the same as a LONG.
fn entry(block: &mut Vec<u8>, tag: u16, kind: u16, count: usize, value: usize) {
    block.extend(tag.to_le_bytes());
    block.extend(kind.to_le_bytes());
    block.extend(word(count));
    block.extend(word(value));
}

fn word(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}
