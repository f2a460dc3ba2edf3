//! Drawn stand-ins for photos: a stall front with awning, table and bowls, different per seed.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// A JPEG of the given size.
pub fn jpeg(seed: u32, width: u32, height: u32) -> Vec<u8> {
    let mut picture = RgbImage::from_fn(width, height, |x, y| pixel(seed, x, y, width, height));
    for bowl in 0..5 {
        let (cx, cy) = (
            width * (2 * bowl + 1) / 10,
            height * 62 / 100 - (seed * 7 + bowl * 13) % 40,
        );
        disc(
            &mut picture,
            cx as i64,
            cy as i64,
            i64::from(height / 14),
            shade(seed + bowl, 200),
        );
        disc(
            &mut picture,
            cx as i64,
            cy as i64,
            i64::from(height / 20),
            shade(seed * 3 + bowl, 120),
        );
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85)
        .encode_image(&picture)
        .expect("JPEG");
    bytes
}

fn pixel(seed: u32, x: u32, y: u32, width: u32, height: u32) -> Rgb<u8> {
    let noise = (x
        .wrapping_mul(2_654_435_761)
        .wrapping_add(y.wrapping_mul(40_503))
        .wrapping_add(seed)
        >> 27) as u8;
    let row = y * 100 / height;
    let base = match row {
        0..22 if (x * 12 / width + seed).is_multiple_of(2) => shade(seed, 150),
        0..22 => Rgb([235, 232, 225]),
        22..52 => Rgb([170, 175, 178]),
        52..80 => Rgb([201, 176, 139]),
        _ => Rgb([120, 116, 110]),
    };
    Rgb(base.0.map(|c| c.saturating_sub(noise / 2)))
}

fn shade(seed: u32, light: u8) -> Rgb<u8> {
    let turn = seed.wrapping_mul(2_246_822_519);
    Rgb([
        light,
        light / 2 + (turn >> 25) as u8,
        light / 3 + (turn >> 17 & 0x7f) as u8,
    ])
}

fn disc(picture: &mut RgbImage, cx: i64, cy: i64, radius: i64, colour: Rgb<u8>) {
    for y in (cy - radius).max(0)..(cy + radius).min(i64::from(picture.height())) {
        for x in (cx - radius).max(0)..(cx + radius).min(i64::from(picture.width())) {
            if (x - cx).pow(2) + (y - cy).pow(2) <= radius.pow(2) {
                picture.put_pixel(x as u32, y as u32, colour);
            }
        }
    }
}
