//! Makes the working copy and the thumbnail of an original. Pure in its input: bytes, caption and
//! font in, bytes out. The original is never changed, and nothing here may take the app down,
//! whatever the bytes are.

mod band;
mod caption;
mod decode;
mod fence;
mod font;
mod scale;

#[cfg(test)]
mod tests;

pub use caption::Caption;
pub use font::{FontError, WatermarkFont, load_font};

use std::sync::Arc;
use std::time::Duration;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

use decode::Decoded;

/// Long side of the working copy.
pub const COPY_SIDE: u32 = 2048;
/// Long side of the thumbnail.
pub const THUMBNAIL_SIDE: u32 = 320;
/// More pixels than this are not decoded.
pub const MAX_PIXELS: u64 = 120_000_000;
/// A thumbnail is pressed until it is no larger, so that seventeen of them pass a weak link.
pub const THUMBNAIL_BYTES: usize = 20 * 1024;
/// Time one decoding may take; the slowest phones need 2 s for 12 megapixels.
const DECODE_LIMIT: Duration = Duration::from_secs(40);
const COPY_QUALITY: u8 = 85;
const THUMBNAIL_QUALITIES: [u8; 5] = [80, 68, 56, 44, 32];

/// How the derivation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Whole,
    /// 像素过大: the copy is a plate that says so.
    TooLarge,
    /// 已损坏: the copy shows what could be read, or is a plate that says so.
    Damaged,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Derived {
    /// Working copy, JPEG.
    pub copy: Vec<u8>,
    /// Thumbnail, JPEG.
    pub thumbnail: Vec<u8>,
    /// How it went.
    pub outcome: Outcome,
}

/// The encoder could not write: out of memory, in practice.
#[derive(Debug, thiserror::Error)]
#[error("copies could not be made: {0}")]
pub struct DeriveError(#[from] image::ImageError);

/// Makes both copies. `cut` says that the end of the file is missing, which lenient decoders hide; without a font
/// the copy bears no watermark.
///
/// # Errors
/// [`DeriveError`] when nothing could be encoded.
pub fn derive(
    original: Arc<[u8]>,
    cut: bool,
    caption: &Caption,
    font: Option<&WatermarkFont>,
) -> Result<Derived, DeriveError> {
    let decoded = fence::fenced(DECODE_LIMIT, move || decode::decode(&original))
        .unwrap_or(Decoded::Unreadable);
    let (mut picture, outcome) = match decoded {
        Decoded::TooLarge => (
            band::plate(font, "像素过大", "原片已保存并上传"),
            Outcome::TooLarge,
        ),
        Decoded::Unreadable => (
            band::plate(font, "照片已损坏", "原片已保存并上传，请补拍一张"),
            Outcome::Damaged,
        ),
        Decoded::Picture {
            pixels,
            orientation,
            whole,
        } => {
            let outcome = if whole && !cut {
                Outcome::Whole
            } else {
                Outcome::Damaged
            };
            (
                scale::upright(scale::fit(pixels, COPY_SIDE), orientation),
                outcome,
            )
        }
    };
    let thumbnail = encode_thumbnail(&scale::fit(picture.clone(), THUMBNAIL_SIDE))?;
    if let Some(font) = font {
        band::draw(&mut picture, caption, outcome, font);
    }
    Ok(Derived {
        copy: named(encode(&picture, COPY_QUALITY)?, caption),
        thumbnail: named(thumbnail, caption),
        outcome,
    })
}

/// Puts the original's hash into a comment behind the JFIF head. Files are known by their bytes: two
/// plates of two pictures that cannot be shown would be one file otherwise, and belong to one of them.
fn named(jpeg: Vec<u8>, caption: &Caption) -> Vec<u8> {
    let text = format!("original {}", caption.original);
    let (Some(&[high, low]), Ok(size)) = (
        jpeg.get(4..6).and_then(|b| b.first_chunk()),
        u16::try_from(text.len() + 2),
    ) else {
        return jpeg;
    };
    let head = 4 + usize::from(u16::from_be_bytes([high, low]));
    let (Some(before), Some(behind)) = (jpeg.get(..head), jpeg.get(head..)) else {
        return jpeg;
    };
    [
        before,
        &[0xFF, 0xFE],
        &size.to_be_bytes(),
        text.as_bytes(),
        behind,
    ]
    .concat()
}

fn encode_thumbnail(picture: &RgbImage) -> Result<Vec<u8>, DeriveError> {
    let mut best = Vec::new();
    for quality in THUMBNAIL_QUALITIES {
        best = encode(picture, quality)?;
        if best.len() <= THUMBNAIL_BYTES {
            break;
        }
    }
    Ok(best)
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, DeriveError> {
    let mut out = Vec::with_capacity(600 * 1024);
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(picture)?;
    Ok(out)
}
