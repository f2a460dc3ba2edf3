#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Cursor;

use proptest::prelude::*;
use xunji_protocol::digest::Digest;

use super::{FRAME, HEADER, SealKey, SealedError, SealedReader, SealedWriter, TAG};

fn key() -> SealKey {
    SealKey::derive(&[7; 32])
}

fn seal(bytes: &[u8], pieces: usize) -> Vec<u8> {
    let mut writer = SealedWriter::new(Vec::new(), &key(), [9; 16], &[3; 35]).unwrap();
    for piece in bytes.chunks(pieces.max(1)) {
        writer.write(piece).unwrap();
    }
    let (out, digest, size) = writer.finish().unwrap();
    assert_eq!((digest, size), (Digest::of(bytes), bytes.len() as u64));
    out
}

fn open(sealed: &[u8]) -> Result<SealedReader<Cursor<&[u8]>>, SealedError> {
    SealedReader::open(Cursor::new(sealed), &key())
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 31 + i / 251) as u8).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Sizes around the frame's edge, any write pieces, any window.
    #[test]
    fn any_window_comes_back(
        base in prop::sample::select(vec![0, FRAME, 2 * FRAME]),
        more in 0_usize..300,
        pieces in 1_usize..100_000,
        offset in 0_u64..200_000,
        len in 0_usize..200_000,
    ) {
        let clear = pattern((base + more).saturating_sub(150));
        let sealed = seal(&clear, pieces);
        let mut reader = open(&sealed).unwrap();
        prop_assert_eq!(reader.size(), clear.len() as u64);
        prop_assert_eq!(reader.owner(), [9; 16]);
        let from = (offset as usize).min(clear.len());
        let to = from.saturating_add(len).min(clear.len());
        prop_assert_eq!(reader.read_at(offset, len).unwrap(), &clear[from..to]);
        prop_assert_eq!(reader.digest().unwrap(), Digest::of(&clear));
    }

    /// Whatever single byte changes, header included: the whole cannot be read.
    #[test]
    fn a_flipped_bit_is_seen(at in 0_usize..(HEADER + 2 * (FRAME + TAG) + 100 + TAG), bit in 0_u8..8) {
        let mut sealed = seal(&pattern(2 * FRAME + 100), FRAME);
        sealed[at] ^= 1 << bit;
        let read = open(&sealed).and_then(|mut r| r.read_all());
        prop_assert!(read.is_err());
    }

    #[test]
    fn a_cut_is_seen_on_opening(keep in 0_usize..(HEADER + 2 * (FRAME + TAG) + 100 + TAG)) {
        let sealed = seal(&pattern(2 * FRAME + 100), FRAME);
        prop_assert!(open(&sealed[..keep]).is_err());
    }
}

#[test]
fn a_cut_behind_a_whole_frame_is_seen() {
    let sealed = seal(&pattern(3 * FRAME), FRAME);
    for frames in 0..3 {
        assert!(
            open(&sealed[..HEADER + frames * (FRAME + TAG)]).is_err(),
            "{frames}"
        );
    }
    assert!(open(&sealed).is_ok());
}

#[test]
fn swapped_repeated_and_foreign_frames_do_not_open() {
    let sealed = seal(&pattern(3 * FRAME + 5), FRAME);
    let frame = |i: usize| HEADER + i * (FRAME + TAG)..HEADER + (i + 1) * (FRAME + TAG);
    let (first, second) = (sealed[frame(0)].to_vec(), sealed[frame(1)].to_vec());

    let mut swapped = sealed.clone();
    swapped[frame(0)].copy_from_slice(&second);
    swapped[frame(1)].copy_from_slice(&first);
    assert!(matches!(
        open(&swapped).unwrap().read_all(),
        Err(SealedError::Frame(0))
    ));

    let mut repeated = sealed.clone();
    repeated[frame(1)].copy_from_slice(&first);
    assert!(matches!(
        open(&repeated).unwrap().read_all(),
        Err(SealedError::Frame(1))
    ));

    let mut foreign = sealed;
    let mut writer = SealedWriter::new(Vec::new(), &key(), [9; 16], &[4; 35]).unwrap();
    writer.write(&pattern(3 * FRAME + 5)).unwrap();
    let (other, ..) = writer.finish().unwrap();
    foreign[frame(1)].copy_from_slice(&other[frame(1)]);
    assert!(matches!(
        open(&foreign).unwrap().read_all(),
        Err(SealedError::Frame(1))
    ));
}

#[test]
fn another_key_opens_nothing_and_newer_versions_are_refused() {
    let sealed = seal(b"x", 1);
    let other = SealKey::derive(&[8; 32]);
    assert!(matches!(
        SealedReader::open(Cursor::new(&sealed), &other),
        Err(SealedError::Frame(0))
    ));
    let mut newer = sealed;
    newer[3] = 2;
    assert!(matches!(open(&newer), Err(SealedError::Header)));
    assert!(matches!(open(&[]), Err(SealedError::Header)));
}

#[test]
fn nothing_of_the_clear_bytes_shows() {
    let mut clear = vec![0xFF, 0xD8, 0xFF, 0xE1];
    clear.extend_from_slice("食品经营许可证 JFIF Exif".repeat(9000).as_bytes());
    let sealed = seal(&clear, 8192);
    for needle in [
        &[0xFF, 0xD8, 0xFF][..],
        b"JFIF",
        b"Exif",
        "许可证".as_bytes(),
    ] {
        assert!(!sealed.windows(needle.len()).any(|w| w == needle));
    }
}
