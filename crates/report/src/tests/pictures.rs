//! Photos: turned upright, stripped, made small, or replaced by a box.

use image::ImageReader;
use std::io::Cursor;

use super::{printed, run_together, sample};
use crate::error::PhotoFault;
use crate::photos::{self, Photos};
use crate::{PhotoRef, render_day_report};

const HASH: &str = "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff";

/// A JPEG with an EXIF block that asks for a quarter turn and names a camera.
fn turned() -> Vec<u8> {
    let plain = sample::jpeg(1, 1600, 1200);
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(b"\x0f\x01\x02\0\x08\0\0\0\x26\0\0\0");
    tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    tiff.extend(b"\0\0\0\0SECRETX\0");
    let length = u16::try_from(tiff.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &tiff, &plain[2..]].concat()
}

/// A small JPEG whose header claims 20 000 by 20 000 pixels.
fn enormous() -> Vec<u8> {
    let mut jpeg = sample::jpeg(1, 64, 64);
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    for at in [frame + 5, frame + 7] {
        jpeg[at..at + 2].copy_from_slice(&20_000_u16.to_be_bytes());
    }
    jpeg
}

fn day_with(bytes: Option<Vec<u8>>) -> (crate::DayReportData, Photos) {
    let mut data = sample::small_day();
    data.findings[0].photos = vec![PhotoRef {
        sha256: HASH.to_owned(),
        caption: "操作台".to_owned(),
    }];
    (
        data,
        bytes.map(|b| (HASH.to_owned(), b)).into_iter().collect(),
    )
}

#[test]
fn a_picture_is_upright_small_and_without_exif() {
    assert!(turned().windows(7).any(|w| w == b"SECRETX"));
    let (data, photos) = day_with(Some(turned()));
    let (pictures, warnings) = photos::prepare(&data, &photos);
    assert!(warnings.is_empty());
    let jpeg = &pictures.bytes[pictures.position(HASH).unwrap()];
    let size = ImageReader::new(Cursor::new(jpeg))
        .with_guessed_format()
        .unwrap();
    assert_eq!(size.into_dimensions().unwrap(), (720, 960));
    assert!(!jpeg.windows(4).any(|w| w == b"Exif"));
    let pdf = render_day_report(&data, &photos, &sample::fonts(), &sample::inputs())
        .unwrap()
        .pdf;
    assert!(!pdf.windows(7).any(|w| w == b"SECRETX"));
    assert!(
        pdf.windows(jpeg.len()).any(|w| w == jpeg),
        "the picture is not in the PDF"
    );
}

#[test]
fn a_picture_that_cannot_be_read_is_a_box_and_a_warning() {
    let cases = [
        (None, PhotoFault::Absent),
        (Some(Vec::new()), PhotoFault::Undecodable),
        (Some(b"<html>413</html>".to_vec()), PhotoFault::Undecodable),
        (Some(enormous()), PhotoFault::TooLarge),
    ];
    for (bytes, reason) in cases {
        let (data, photos) = day_with(bytes);
        let rendered =
            render_day_report(&data, &photos, &sample::fonts(), &sample::inputs()).unwrap();
        assert_eq!(rendered.photo_warnings.len(), 1);
        assert_eq!(rendered.photo_warnings[0].sha256, HASH);
        assert_eq!(rendered.photo_warnings[0].reason, reason);
        let text = run_together(&printed(&data, &photos));
        assert!(text.contains("图片无法读取") && text.contains("哈希00ff00ff"));
    }
}

#[test]
fn only_two_photos_of_a_finding_are_printed() {
    let (mut data, _) = day_with(None);
    let photo = |n: u8| PhotoRef {
        sha256: format!("{n:02x}").repeat(32),
        caption: String::new(),
    };
    data.findings[0].photos = (0..5).map(photo).collect();
    let text = run_together(&printed(&data, &Photos::new()));
    assert!(text.contains("哈希01010101") && !text.contains("哈希02020202"));
}
