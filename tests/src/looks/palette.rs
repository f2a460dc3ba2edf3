//! Small PNGs: sixteen steps a channel or the colours that suit a picture best, and a palette where the
//! colours fit into one.

use crate::market::{Step, Stopped};
use color_quant::NeuQuant;
use image::{Rgb, RgbImage};
use std::collections::BTreeMap;
use std::path::Path;

/// One pixel in so many is looked at for choosing colours.
const ONE_IN: i32 = 3;

/// Brings every channel to the nearest of sixteen steps. What is left differs by 8 at most.
pub fn reduced(picture: &RgbImage) -> RgbImage {
    let mut reduced = picture.clone();
    for pixel in reduced.pixels_mut() {
        pixel.0 = pixel.0.map(|channel| {
            let step = (u16::from(channel) + 8) / 17;
            u8::try_from(step * 17).unwrap_or(u8::MAX)
        });
    }
    reduced
}

/// Brings every pixel to the nearest of the 256 colours that suit the picture best: steps of a channel make
/// light greys and blues pink.
pub fn best(picture: &RgbImage) -> RgbImage {
    let pixels: Vec<u8> = picture
        .pixels()
        .flat_map(|Rgb([red, green, blue])| [*red, *green, *blue, u8::MAX])
        .collect();
    let colours = NeuQuant::new(ONE_IN, 256, &pixels);
    let mut best = picture.clone();
    for pixel in best.pixels_mut() {
        let [red, green, blue] = pixel.0;
        let mut nearest = [red, green, blue, u8::MAX];
        colours.map_pixel(&mut nearest);
        let [red, green, blue, _] = nearest;
        pixel.0 = [red, green, blue];
    }
    best
}

/// Writes a PNG: by palette when there are at most 256 colours.
pub fn write(path: &Path, picture: &RgbImage) -> Step<()> {
    let failed = |e: &dyn std::fmt::Display| Stopped::at(&path.display().to_string(), e);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    }
    let file = std::fs::File::create(path).map_err(|e| failed(&e))?;
    let mut encoder = png::Encoder::new(
        std::io::BufWriter::new(file),
        picture.width(),
        picture.height(),
    );
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let bytes = match indexed(picture) {
        Some((palette, bytes)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            bytes
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            picture.as_raw().clone()
        }
    };
    let mut writer = encoder.write_header().map_err(|e| failed(&e))?;
    writer.write_image_data(&bytes).map_err(|e| failed(&e))?;
    writer.finish().map_err(|e| failed(&e))
}

/// The palette and a number per pixel; none with more than 256 colours.
fn indexed(picture: &RgbImage) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut numbers: BTreeMap<[u8; 3], u8> = BTreeMap::new();
    let mut palette = Vec::new();
    let mut bytes = Vec::with_capacity(picture.pixels().len());
    for Rgb(colour) in picture.pixels() {
        let number = match numbers.get(colour) {
            Some(number) => *number,
            None => {
                let number = u8::try_from(numbers.len()).ok()?;
                numbers.insert(*colour, number);
                palette.extend(colour);
                number
            }
        };
        bytes.push(number);
    }
    Some((palette, bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "test code")]
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        for (name, picture) in [
            (
                "few.png",
                RgbImage::from_fn(40, 9, |x, _| Rgb([(x as u8 % 3) * 85, 0, 17])),
            ),
            (
                "many.png",
                RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8 * 4, y as u8 * 4, 34])),
            ),
        ] {
            let path = folder.path().join(name);
            write(&path, &picture).unwrap();
            assert_eq!(image::open(&path).unwrap().to_rgb8(), picture);
        }
    }

    #[test]
    fn the_best_colours_fit_into_a_palette_and_stay_near() {
        let picture = RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8 * 4, y as u8 * 4, 34]));
        let best = best(&picture);
        assert!(indexed(&best).is_some());
        let moved: u64 = picture
            .as_raw()
            .iter()
            .zip(best.as_raw())
            .map(|(one, two)| u64::from(one.abs_diff(*two)))
            .sum();
        assert!(moved / (64 * 64 * 3) < 8, "{moved}");
    }

    #[test]
    fn a_channel_moves_by_eight_at_most() {
        let all = RgbImage::from_fn(256, 1, |x, _| Rgb([x as u8; 3]));
        for (one, two) in all.pixels().zip(reduced(&all).pixels()) {
            assert!(one.0[0].abs_diff(two.0[0]) <= 8);
        }
    }
}
