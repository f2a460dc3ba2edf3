//! From the drawing to what a sensor reads: full size, and never two pixels quite alike.

use super::canvas::{Canvas, Colour};
use crate::link::schedule::SplitMix;

/// Least and most that half the width of the noise may be. At quality 90 the noise is what makes
/// a drawing as large as a photo, and its spread is that of the sizes: 2 to 4 MB.
const NOISE: (u64, u64) = (9, 14);

/// Distinct noise values; every row starts at another place among them.
const TABLE: usize = 1 << 16;

/// RGB bytes of twice the canvas's width and height.
pub(super) fn expose(canvas: &Canvas, random: &mut SplitMix) -> Vec<u8> {
    let row_len = canvas.width() as usize * 6;
    let grain = grain(random, TABLE + row_len);
    let mut exposed = vec![0; row_len * canvas.height() as usize * 2];
    let mut rows = exposed.chunks_exact_mut(row_len);
    for row in canvas.rows() {
        for target in rows.by_ref().take(2) {
            let start = random.between(0, TABLE as u64 - 1) as usize;
            expose_row(row, grain.get(start..).unwrap_or_default(), target);
        }
    }
    exposed
}

/// The sum of two even distributions is near enough to a bell.
fn grain(random: &mut SplitMix, len: usize) -> Vec<i8> {
    let half = random.between(NOISE.0, NOISE.1);
    let one = |random: &mut SplitMix| {
        let sum = random.between(0, half) + random.between(0, half);
        i8::try_from(sum as i64 - half as i64).unwrap_or(0)
    };
    std::iter::repeat_with(|| one(random)).take(len).collect()
}

/// All colours of a pixel get the same noise: a camera smooths the rest away.
fn expose_row(row: &[Colour], grain: &[i8], target: &mut [u8]) {
    let pixels = target.as_chunks_mut::<3>().0.as_chunks_mut::<2>().0;
    let lit = |[red, green, blue]: Colour, noise: i8| {
        [
            red.saturating_add_signed(noise),
            green.saturating_add_signed(noise),
            blue.saturating_add_signed(noise),
        ]
    };
    for ((&colour, &[left, right]), pair) in row.iter().zip(grain.as_chunks::<2>().0).zip(pixels) {
        *pair = [lit(colour, left), lit(colour, right)];
    }
}
