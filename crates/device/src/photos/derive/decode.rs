//! Bytes to pixels, under limits. What can be read of a damaged picture is kept.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, RgbImage};

use super::MAX_PIXELS;

/// Bytes of decoded pixels: 120 megapixels of eight-bit colour, and no more of deeper ones.
const MAX_BYTES: u64 = 4 * MAX_PIXELS;
/// Pixels that could not be read stay this grey.
const UNREAD: u8 = 128;

/// What came out.
pub enum Decoded {
    /// Pixels as they lie in the file, and how they are to be turned.
    Picture {
        /// Pixels.
        pixels: RgbImage,
        /// Turn.
        orientation: Orientation,
        /// The decoder had no complaint.
        whole: bool,
    },
    /// More pixels than [`MAX_PIXELS`].
    TooLarge,
    /// Not one row.
    Unreadable,
}

/// Decodes JPEG and PNG.
pub fn decode(bytes: &[u8]) -> Decoded {
    let read = if bytes.starts_with(&[0xFF, 0xD8]) {
        JpegDecoder::new(Cursor::new(bytes)).map(read)
    } else {
        PngDecoder::new(Cursor::new(bytes)).map(read)
    };
    read.unwrap_or(Decoded::Unreadable)
}

fn read(mut decoder: impl ImageDecoder) -> Decoded {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Decoded::TooLarge;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let color = decoder.color_type();
    let len = decoder.total_bytes();
    if len > MAX_BYTES {
        return Decoded::TooLarge;
    }
    let mut buffer = vec![UNREAD; usize::try_from(len).unwrap_or(0)];
    let whole = decoder.read_image(&mut buffer).is_ok();
    if buffer.iter().all(|b| *b == UNREAD) && !whole {
        return Decoded::Unreadable;
    }
    match to_rgb(color, width, height, buffer) {
        Some(pixels) => Decoded::Picture {
            pixels,
            orientation,
            whole,
        },
        None => Decoded::Unreadable,
    }
}

fn to_rgb(color: ColorType, width: u32, height: u32, buffer: Vec<u8>) -> Option<RgbImage> {
    let words = |bytes: Vec<u8>| -> Vec<u16> {
        let pairs = bytes.as_chunks::<2>().0;
        pairs.iter().map(|pair| u16::from_ne_bytes(*pair)).collect()
    };
    let picture = match color {
        ColorType::Rgb8 => return RgbImage::from_raw(width, height, buffer),
        ColorType::Rgba8 => {
            DynamicImage::ImageRgba8(image::ImageBuffer::from_raw(width, height, buffer)?)
        }
        ColorType::L8 => {
            DynamicImage::ImageLuma8(image::ImageBuffer::from_raw(width, height, buffer)?)
        }
        ColorType::La8 => {
            DynamicImage::ImageLumaA8(image::ImageBuffer::from_raw(width, height, buffer)?)
        }
        ColorType::Rgb16 => {
            DynamicImage::ImageRgb16(image::ImageBuffer::from_raw(width, height, words(buffer))?)
        }
        ColorType::Rgba16 => {
            DynamicImage::ImageRgba16(image::ImageBuffer::from_raw(width, height, words(buffer))?)
        }
        ColorType::L16 => {
            DynamicImage::ImageLuma16(image::ImageBuffer::from_raw(width, height, words(buffer))?)
        }
        ColorType::La16 => {
            DynamicImage::ImageLumaA16(image::ImageBuffer::from_raw(width, height, words(buffer))?)
        }
        _ => return None,
    };
    Some(picture.into_rgb8())
}
