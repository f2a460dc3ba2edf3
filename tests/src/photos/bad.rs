//! Files that look like photos to a file picker and are none, or not whole.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// A real photo of which the last two fifths never reached the card.
#[must_use]
pub fn truncated() -> Vec<u8> {
    let mut jpeg = super::generate(0xBAD, 0);
    jpeg.truncate(jpeg.len() / 5 * 3);
    jpeg
}

/// A web page saved as a picture, as a captive portal hands it out.
#[must_use]
pub fn not_an_image() -> Vec<u8> {
    let line = "<p>Please sign in to use this network.</p>\n";
    format!(
        "<!DOCTYPE html>\n<html><body>\n{}</body></html>\n",
        line.repeat(200)
    )
    .into_bytes()
}

/// What a full card leaves behind.
#[must_use]
pub fn zero_bytes() -> Vec<u8> {
    Vec::new()
}

/// A few kilobytes of JPEG whose frame header claims 16000 × 12000, 192 megapixels.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a test file that cannot be made has to stop the test"
)]
pub fn huge_header() -> Vec<u8> {
    let mut jpeg = Vec::new();
    JpegEncoder::new(&mut jpeg)
        .write_image(&[128; 64 * 64 * 3], 64, 64, ExtendedColorType::Rgb8)
        .expect("the buffer has the size of the picture");
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .expect("a frame header");
    let size = jpeg
        .get_mut(frame + 5..frame + 9)
        .expect("a whole frame header");
    size.copy_from_slice(&[0x2E, 0xE0, 0x3E, 0x80]);
    jpeg
}

/// The head of a PNG that claims 20000 × 20000, 400 megapixels: its check sums are right, its
/// data end at once.
#[must_use]
pub fn huge_png_header() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = 20_000_u32.to_be_bytes().to_vec();
    header.extend(20_000_u32.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &header);
    chunk(
        &mut png,
        *b"IDAT",
        &[0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01],
    );
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let body = [&kind, data].concat();
    png.extend(&body);
    png.extend(crc32(&body).to_be_bytes());
}

/// The check sum of PNG and zlib, bit by bit: a header is short.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}
