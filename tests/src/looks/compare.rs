//! Two pictures held against each other. Anti-aliasing differs between machines by a shade and a pixel,
//! so a pixel counts only when nothing like it stands within one pixel of its place in the other picture.

use image::{Rgb, RgbImage};

/// Two channels further apart than this are two colours. References are reduced to steps of 17, which
/// moves a channel by 8 at most; the rest is for the browser's shading.
const SHADE: u8 = 40;
/// Rows or columns by which two pictures of one thing may differ.
const EDGE: u32 = 2;
/// Share of differing pixels that is still the same picture, in pixels per 10,000.
const PER_10_000: u64 = 6;
/// Small pictures may differ by this many pixels: less than a tick or a character.
const AT_LEAST: u64 = 12;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The same, as people see it.
    Same,
    /// Sizes differ: expected, actual.
    Size((u32, u32), (u32, u32)),
    /// So many pixels differ, where so many may.
    Pixels {
        /// Differing.
        differ: u64,
        /// Allowed.
        allowed: u64,
    },
}

/// Compares, and draws where they differ: red on the faded expected picture.
pub fn compare(expected: &RgbImage, actual: &RgbImage) -> (Found, RgbImage) {
    let (wide, high) = expected.dimensions();
    let mut drawn = faded(expected);
    if wide.abs_diff(actual.width()) > EDGE || high.abs_diff(actual.height()) > EDGE {
        return (Found::Size((wide, high), actual.dimensions()), drawn);
    }
    let common = (wide.min(actual.width()), high.min(actual.height()));
    let mut differ = 0;
    for y in 0..common.1 {
        for x in 0..common.0 {
            if !has_like(expected, actual, x, y) || !has_like(actual, expected, x, y) {
                differ += 1;
                drawn.put_pixel(x, y, Rgb([220, 0, 0]));
            }
        }
    }
    let pixels = u64::from(common.0) * u64::from(common.1);
    let allowed = (pixels * PER_10_000 / 10_000).max(AT_LEAST);
    if differ > allowed {
        return (Found::Pixels { differ, allowed }, drawn);
    }
    (Found::Same, drawn)
}

/// Whether `there` has a pixel like the one of `here` at this place or right beside it.
fn has_like(here: &RgbImage, there: &RgbImage, x: u32, y: u32) -> bool {
    let Some(wanted) = here.get_pixel_checked(x, y) else {
        return true;
    };
    let around = |at: u32| at.saturating_sub(1)..=at + 1;
    // The place itself first: nearly always that is the one.
    if there
        .get_pixel_checked(x, y)
        .is_some_and(|pixel| alike(wanted, pixel))
    {
        return true;
    }
    around(y).any(|y| {
        around(x).any(|x| {
            there
                .get_pixel_checked(x, y)
                .is_some_and(|pixel| alike(wanted, pixel))
        })
    })
}

fn alike(one: &Rgb<u8>, two: &Rgb<u8>) -> bool {
    one.0.iter().zip(two.0).all(|(a, b)| a.abs_diff(b) <= SHADE)
}

fn faded(picture: &RgbImage) -> RgbImage {
    let mut faded = picture.clone();
    for pixel in faded.pixels_mut() {
        pixel.0 = pixel.0.map(|channel| 191 + channel / 4);
    }
    faded
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
