//! The photos are what they claim to be, and so are the bad ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;
use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader};
use sha2::{Digest, Sha256};

use super::*;

/// Decodes, applies what the EXIF block says, and answers that too.
fn upright(jpeg: &[u8]) -> (DynamicImage, Orientation) {
    let mut decoder = JpegDecoder::new(Cursor::new(jpeg)).unwrap();
    assert_eq!(decoder.dimensions(), (WIDTH, HEIGHT));
    let orientation = decoder.orientation().unwrap();
    let mut picture = DynamicImage::from_decoder(decoder).unwrap();
    picture.apply_orientation(orientation);
    (picture, orientation)
}

/// Sky is bluer than it is red, the earth under the stall the other way round.
fn blueness(picture: &DynamicImage, x: u32, y: u32) -> i32 {
    let patch = picture.crop_imm(x, y, 40, 40).to_rgb8();
    patch
        .pixels()
        .map(|pixel| i32::from(pixel.0[2]) - i32::from(pixel.0[0]))
        .sum()
}

#[test]
fn photos_have_a_phones_size_and_orientation_and_no_two_are_alike() {
    let mut digests = HashSet::new();
    for index in 0..8 {
        let jpeg = generate(1, index);
        assert!(
            (2_000_000..4_000_000).contains(&jpeg.len()),
            "{index}: {} bytes",
            jpeg.len()
        );
        assert!(
            digests.insert(Sha256::digest(&jpeg).to_vec()),
            "{index} is a copy"
        );

        let (picture, found) = upright(&jpeg);
        let expected = Orientation::from_exif(orientation(index) as u8).unwrap();
        assert_eq!(found, expected);
        let tall = matches!(orientation(index), 6 | 8);
        assert_eq!(picture.height() > picture.width(), tall);
        for x in [0, picture.width() - 40] {
            assert!(
                blueness(&picture, x, 0) > 0,
                "{index}: the sky is not above"
            );
            let bottom = picture.height() - 40;
            assert!(
                blueness(&picture, x, bottom) < 0,
                "{index}: the earth is not below"
            );
        }
    }
}

#[test]
fn the_same_photo_has_the_same_bytes_and_another_seed_other_ones() {
    assert!(generate(5, 2) == generate(5, 2));
    assert!(generate(5, 2) != generate(6, 2));
}

#[test]
fn the_exif_block_can_be_read_by_its_own_offsets() {
    let block = exif::block(6, "2026:03:14 06:00:00");
    let word = |at: usize| u32::from_le_bytes(block[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!(&block[..4], b"II*\0");
    let value_of = |directory: usize, entry: usize| {
        (word(directory + 2 + 12 * entry), directory + 2 + 12 * entry)
    };
    let (make, at) = value_of(word(4), 0);
    assert_eq!(make & 0xFFFF, 0x010F);
    assert_eq!(
        &block[word(at + 8)..word(at + 8) + word(at + 4)],
        b"XUNJI TEST\0"
    );
    let (pointer, at) = value_of(word(4), 2);
    assert_eq!(pointer & 0xFFFF, 0x8769);
    let (taken, at) = value_of(word(at + 8), 0);
    assert_eq!(taken & 0xFFFF, 0x9003);
    assert_eq!(&block[word(at + 8)..], b"2026:03:14 06:00:00\0");
}

#[test]
fn a_set_is_written_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_set(&folder.path().join("camera"), 3, 2).unwrap();
    assert_eq!(paths.len(), 2);
    assert!(std::fs::read(&paths[1]).unwrap() == generate(3, 1));
}

#[test]
fn bad_files_are_bad_in_the_way_their_names_say() {
    let cut = bad::truncated();
    assert_eq!(
        JpegDecoder::new(Cursor::new(&cut)).unwrap().dimensions(),
        (WIDTH, HEIGHT)
    );
    assert_ne!(&cut[cut.len() - 2..], b"\xFF\xD9");
    assert!(image::guess_format(&bad::not_an_image()).is_err());
    assert!(bad::zero_bytes().is_empty());
    for huge in [bad::huge_header(), bad::huge_png_header()] {
        assert!(huge.len() < 10_000);
        let reader = ImageReader::new(Cursor::new(&huge))
            .with_guessed_format()
            .unwrap();
        let (width, height) = reader.into_dimensions().unwrap();
        assert!(u64::from(width) * u64::from(height) > 120_000_000);
    }
}
