//! Photos as a phone's camera makes them: 12 megapixels, 2 to 4 MB, turned as the phone was held.
//!
//! Each is a drawn market stall, different for every seed and number. The stored pixels are
//! turned so that the EXIF orientation makes them upright again: the arrow on the stall's sign
//! then points up. The row of dots under it is the photo's number in binary, lowest bit left.

pub mod bad;
mod canvas;
mod exif;
mod scene;
mod sensor;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::link::schedule::SplitMix;
use canvas::Canvas;

/// Width of the stored pixels, before the orientation is applied.
pub const WIDTH: u32 = 4000;
/// Height of the stored pixels, before the orientation is applied.
pub const HEIGHT: u32 = 3000;

/// The quality a phone's camera uses; with the sensor's noise it gives 2 to 4 MB.
const QUALITY: u8 = 90;

/// The EXIF orientation of the photo of that number: 1, 3, 6, 8 in turn.
#[must_use]
pub fn orientation(index: u64) -> u16 {
    match index % 4 {
        0 => 1,
        1 => 3,
        2 => 6,
        _ => 8,
    }
}

/// The photo of that seed and number, as JPEG: always the same bytes, and different from every
/// other. Taken at 06:00 on 2026-03-14 and one minute later for each number.
#[must_use]
pub fn generate(seed: u64, index: u64) -> Vec<u8> {
    let minute = index % (18 * 60);
    let taken = format!("2026:03:14 {:02}:{:02}:00", 6 + minute / 60, minute % 60);
    generate_at(seed, index, &taken)
}

/// As [`generate`], with the moment in the form of EXIF, `YYYY:MM:DD HH:MM:SS`, local time.
#[must_use]
pub fn generate_at(seed: u64, index: u64, taken: &str) -> Vec<u8> {
    let mut random = SplitMix::new(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
    let orientation = orientation(index);
    let mut upright = match orientation {
        6 | 8 => Canvas::new(HEIGHT / 2, WIDTH / 2),
        _ => Canvas::new(WIDTH / 2, HEIGHT / 2),
    };
    scene::draw(&mut upright, &mut random, index);
    let stored = upright.turned_for(orientation);
    let pixels = sensor::expose(&stored, &mut random);
    encode(&pixels, (WIDTH, HEIGHT), &exif::block(orientation, taken))
}

/// A small picture, upright and of about 100 KB: for visits of which there are many.
#[must_use]
pub fn snapshot(seed: u64, index: u64, taken: &str) -> Vec<u8> {
    let mut random = SplitMix::new(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
    let (width, height) = (WIDTH / 8, HEIGHT / 8);
    let mut upright = Canvas::new(width, height);
    scene::draw(&mut upright, &mut random, index);
    let pixels = sensor::expose(&upright, &mut random);
    encode(&pixels, (width * 2, height * 2), &exif::block(1, taken))
}

/// Writes `count` photos into `folder` as `IMG_0000.jpg` and so on, and answers their paths.
///
/// # Errors
/// The folder cannot be made or a file cannot be written.
pub fn write_set(folder: &Path, seed: u64, count: u64) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    (0..count)
        .map(|index| {
            let path = folder.join(format!("IMG_{index:04}.jpg"));
            std::fs::write(&path, generate(seed, index))?;
            Ok(path)
        })
        .collect()
}

/// Full brightness and quarter colour, as cameras do. Encoding into memory fails only for sizes
/// that are wrong in the code above.
#[expect(
    clippy::expect_used,
    reason = "a test photo that cannot be made has to stop the test"
)]
fn encode(pixels: &[u8], (width, height): (u32, u32), exif: &[u8]) -> Vec<u8> {
    let mut jpeg = Vec::with_capacity(pixels.len() / 8);
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.add_exif_metadata(exif).expect("the block is short");
    encoder
        .encode(pixels, width as u16, height as u16, ColorType::Rgb)
        .expect("the buffer has the size of the picture");
    jpeg
}
