#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;

use image::{ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;
use xunji_protocol::digest::Digest;

use super::*;

const CORNERS: [[u8; 3]; 4] = [[200, 30, 30], [30, 190, 40], [40, 50, 210], [220, 200, 40]];

/// Four quarters: red, green, blue, yellow, row by row.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let quarter = usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2);
        Rgb(CORNERS[quarter])
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    encode(picture, 88).unwrap()
}

/// Puts an Exif block that names one orientation behind the first marker.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    let mut out = jpeg[..2].to_vec();
    out.extend_from_slice(&[0xFF, 0xE1]);
    out.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    out.extend_from_slice(&exif);
    out.extend_from_slice(&jpeg[2..]);
    out
}

fn caption() -> Caption {
    Caption {
        unit: "柳汀市场监督管理所".to_owned(),
        time: "2026-10-21 06:35".to_owned(),
        place: "柳汀大集 3排12号 㼆𠮷豆腐".to_owned(),
        record_no: "LT-20261021-A01".to_owned(),
        original: Digest::of(b"x"),
        imported: false,
    }
}

fn run(bytes: &[u8]) -> (RgbImage, RgbImage, Derived) {
    let cut = {
        let mut probe = crate::photos::probe::Probe::default();
        probe.feed(bytes);
        probe.finish().cut()
    };
    let font = load_font(None).unwrap();
    let derived = derive(Arc::from(bytes), cut, &caption(), Some(&font)).unwrap();
    let read = |bytes: &[u8]| {
        image::load_from_memory_with_format(bytes, ImageFormat::Jpeg)
            .unwrap()
            .into_rgb8()
    };
    (read(&derived.copy), read(&derived.thumbnail), derived)
}

fn near(pixel: &Rgb<u8>, want: [u8; 3]) -> bool {
    pixel.0.iter().zip(want).all(|(a, b)| a.abs_diff(b) < 40)
}

/// The quarter that lies in the upper left corner once the picture stands upright, and its size.
#[test]
fn all_eight_orientations_stand_upright() {
    let flat = jpeg(&quarters(1200, 800));
    let upper_left = [
        (1, 0),
        (2, 1),
        (3, 3),
        (4, 2),
        (5, 0),
        (6, 2),
        (7, 3),
        (8, 1),
    ];
    for (orientation, quarter) in upper_left {
        let (copy, thumbnail, derived) = run(&with_orientation(&flat, orientation));
        let want = if orientation < 5 {
            (1200, 800)
        } else {
            (800, 1200)
        };
        assert_eq!(copy.dimensions(), want, "{orientation}");
        assert_eq!(derived.outcome, Outcome::Whole);
        for picture in [&copy, &thumbnail] {
            assert!(
                near(picture.get_pixel(10, 10), CORNERS[quarter]),
                "orientation {orientation}"
            );
        }
        assert_eq!(thumbnail.width().max(thumbnail.height()), 320);
    }
}

#[test]
fn large_pictures_shrink_to_2048_and_small_thumbnails() {
    let noisy = RgbImage::from_fn(4000, 3000, |x, y| {
        let h =
            (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
        Rgb([(h >> 8) as u8, (h >> 16) as u8, (x / 16) as u8])
    });
    let (copy, thumbnail, derived) = run(&with_orientation(&jpeg(&noisy), 6));
    assert_eq!(copy.dimensions(), (1536, 2048));
    assert_eq!(thumbnail.dimensions(), (240, 320));
    assert!(
        derived.thumbnail.len() <= THUMBNAIL_BYTES + 8 * 1024,
        "{}",
        derived.thumbnail.len()
    );
}

#[test]
fn the_band_is_on_the_copy_and_not_on_the_thumbnail() {
    let (copy, thumbnail, _) = run(&jpeg(&RgbImage::from_pixel(
        2400,
        1600,
        Rgb([180, 180, 180]),
    )));
    let foot: Vec<&Rgb<u8>> = copy
        .enumerate_pixels()
        .filter(|(_, y, _)| *y > 1280)
        .map(|(.., p)| p)
        .collect();
    assert!(foot.iter().any(|p| p.0[0] < 100), "shade");
    assert!(
        foot.iter().filter(|p| p.0[0] > 215).count() > 2_000,
        "letters"
    );
    assert!(
        copy.enumerate_pixels()
            .filter(|(_, y, _)| *y < 1000)
            .all(|(.., p)| p.0[0].abs_diff(180) < 6)
    );
    assert!(thumbnail.pixels().all(|p| p.0[0].abs_diff(180) < 6));
}

#[test]
fn a_cut_picture_keeps_what_can_be_read() {
    let whole = jpeg(&quarters(1600, 1200));
    let (copy, _, derived) = run(&whole[..whole.len() * 2 / 3]);
    assert_eq!(derived.outcome, Outcome::Damaged);
    assert!(
        near(copy.get_pixel(20, 20), CORNERS[0]),
        "the upper part was readable"
    );
}

#[test]
fn nothing_readable_gives_a_plate() {
    for bytes in [
        &[0xFF, 0xD8, 0xFF][..],
        b"\x89PNG\r\n\x1a\n",
        b"",
        b"plain text",
    ] {
        let (copy, _, derived) = run(bytes);
        assert_eq!(
            (derived.outcome, copy.dimensions()),
            (Outcome::Damaged, (1600, 1200))
        );
    }
}

/// Only the header is there: the promise of 65,000 × 65,000 must not be believed.
#[test]
fn too_many_pixels_are_not_decoded() {
    let mut huge = jpeg(&RgbImage::new(16, 16));
    let frame = huge.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    huge[frame + 5..frame + 9].copy_from_slice(&[0xFD, 0xE8, 0xFD, 0xE8]);
    let (copy, _, derived) = run(&huge);
    assert_eq!(
        (derived.outcome, copy.dimensions()),
        (Outcome::TooLarge, (1600, 1200))
    );
}

/// The head of a PNG that promises 20,000 × 20,000.
#[test]
fn a_png_that_promises_too_much_is_not_believed_either() {
    let mut png = std::io::Cursor::new(Vec::new());
    RgbImage::new(8, 8)
        .write_to(&mut png, ImageFormat::Png)
        .unwrap();
    let mut huge = png.into_inner();
    huge[16..24].copy_from_slice(&[0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20]);
    let sum = crc(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.to_be_bytes());
    let (_, _, derived) = run(&huge);
    assert_eq!(derived.outcome, Outcome::TooLarge);
}

fn crc(bytes: &[u8]) -> u32 {
    let table = |mut c: u32| {
        for _ in 0..8 {
            c = if c & 1 == 1 {
                0xEDB8_8320 ^ (c >> 1)
            } else {
                c >> 1
            };
        }
        c
    };
    !bytes.iter().fold(!0, |crc, b| {
        table((crc ^ u32::from(*b)) & 0xFF) ^ (crc >> 8)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Flipped and cut bytes anywhere: always two readable pictures, never a panic.
    #[test]
    fn hostile_bytes_never_take_the_app_down(
        flips in prop::collection::vec((0_usize..1_000_000, any::<u8>()), 0..40),
        keep in 4_usize..1_000_000,
        png in any::<bool>(),
    ) {
        let picture = quarters(160, 120);
        let mut bytes = if png {
            let mut out = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut out, ImageFormat::Png).unwrap();
            out.into_inner()
        } else {
            jpeg(&picture)
        };
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let keep = keep % bytes.len();
        run(&bytes[..keep.max(1)]);
    }
}

/// Writes copies to look at: `XUNJI_LOOK_AT=folder cargo test -p xunji-device look_at`.
#[test]
fn look_at_copies() {
    let Some(folder) = std::env::var_os("XUNJI_LOOK_AT").map(std::path::PathBuf::from) else {
        return;
    };
    for orientation in [1, 3, 6, 8] {
        let picture = RgbImage::from_fn(4000, 3000, |x, y| {
            Rgb([(x / 16) as u8, (y / 12) as u8, ((x ^ y) / 32) as u8 | 64])
        });
        let (_, _, derived) = run(&with_orientation(&jpeg(&picture), orientation));
        std::fs::write(folder.join(format!("copy-{orientation}.jpg")), derived.copy).unwrap();
        std::fs::write(
            folder.join(format!("thumb-{orientation}.jpg")),
            derived.thumbnail,
        )
        .unwrap();
    }
}
