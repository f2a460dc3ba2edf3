//! Draws the watermark band over the foot of a working copy, and plates for pictures that cannot
//! be shown. The band is laid over, not added: the copy keeps the picture's proportions.

use ab_glyph::{Font as _, FontVec, Point, ScaleFont as _};
use image::{Rgb, RgbImage};

use super::{Caption, Outcome, WatermarkFont};

const PAPER: Rgb<u8> = Rgb([244, 247, 249]);
const FACTS: Rgb<u8> = Rgb([216, 223, 229]);
const WARNING: Rgb<u8> = Rgb([242, 178, 51]);
/// 石青, the product's own blue, in the step that shows on dark ground.
const ACCENT: Rgb<u8> = Rgb([134, 174, 216]);
const SHADE: Rgb<u8> = Rgb([12, 20, 28]);
const SHADE_STRENGTH: f32 = 0.66;
const PLATE: Rgb<u8> = Rgb([54, 67, 79]);
const PLATE_SIZE: (u32, u32) = (1600, 1200);
const SEPARATOR: &str = "　";

/// Draws the band.
pub fn draw(picture: &mut RgbImage, caption: &Caption, outcome: Outcome, font: &WatermarkFont) {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let size = (width.max(height) / 50.0).clamp(9.0, 44.0);
    let margin = size * 0.9;
    let room = (width - 2.0 * margin - size * 0.5).max(size);
    let font = &font.0;
    let lines = wrap(font, &caption.facts(), size, room);
    let band = size * (1.0 + 1.75 + 1.45 * lines.len() as f32);
    let top = (height - band).max(0.0);
    shade(picture, top as u32);
    bar(
        picture,
        margin * 0.55,
        top + size * 0.75,
        size * 0.2,
        band - size * 1.5,
    );

    let left = margin + size * 0.5;
    let mut baseline = top + size * 1.95;
    text(
        picture,
        font,
        &caption.unit,
        size * 1.2,
        Point {
            x: left,
            y: baseline,
        },
        PAPER,
    );
    if let Some(word) = warning(caption, outcome) {
        let x = width - margin - measure(font, word, size * 1.2);
        text(
            picture,
            font,
            word,
            size * 1.2,
            Point { x, y: baseline },
            WARNING,
        );
    }
    baseline += size * 0.15;
    for line in &lines {
        baseline += size * 1.45;
        text(
            picture,
            font,
            line,
            size,
            Point {
                x: left,
                y: baseline,
            },
            FACTS,
        );
    }
}

/// A plate that stands for a picture that cannot be shown.
pub fn plate(font: Option<&WatermarkFont>, head: &str, note: &str) -> RgbImage {
    let (width, height) = PLATE_SIZE;
    let mut picture = RgbImage::from_pixel(width, height, PLATE);
    let Some(font) = font else { return picture };
    for (line, size, y, colour) in [(head, 120.0, 560.0, WARNING), (note, 52.0, 680.0, PAPER)] {
        let x = (width as f32 - measure(&font.0, line, size)) / 2.0;
        text(&mut picture, &font.0, line, size, Point { x, y }, colour);
    }
    picture
}

fn warning(caption: &Caption, outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::TooLarge => Some("像素过大"),
        Outcome::Damaged => Some("已损坏"),
        Outcome::Whole if caption.imported => Some("导入"),
        Outcome::Whole => None,
    }
}

/// Puts as many facts on a line as fit; a fact that is longer than a line is broken.
fn wrap(font: &FontVec, facts: &[String], size: f32, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts {
        if let Some(line) = lines.last_mut() {
            let joined = format!("{line}{SEPARATOR}{fact}");
            if measure(font, &joined, size) <= room {
                *line = joined;
                continue;
            }
        }
        lines.extend(broken(font, fact, size, room));
    }
    lines
}

fn broken(font: &FontVec, fact: &str, size: f32, room: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in fact.chars() {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && measure(font, &format!("{line}{c}"), size) > room {
            lines.push(c.to_string());
        } else {
            line.push(c);
        }
    }
    lines
}

fn measure(font: &FontVec, line: &str, size: f32) -> f32 {
    let scaled = font.as_scaled(size);
    line.chars()
        .map(|c| scaled.h_advance(scaled.glyph_id(c)))
        .sum()
}

/// Writes one line with its baseline at `at`.
fn text(picture: &mut RgbImage, font: &FontVec, line: &str, size: f32, at: Point, colour: Rgb<u8>) {
    let scaled = font.as_scaled(size);
    let mut x = at.x;
    for c in line.chars() {
        let id = scaled.glyph_id(c);
        let glyph = id.with_scale_and_position(size, Point { x, y: at.y });
        x += scaled.h_advance(id);
        let Some(outline) = font.outline_glyph(glyph) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|dx, dy, cover| {
            let (px, py) = (corner.x + dx as f32, corner.y + dy as f32);
            if px >= 0.0 && py >= 0.0 {
                blend(picture, px as u32, py as u32, colour, cover);
            }
        });
    }
}

/// Darkens everything below `top`, softly at its upper edge.
fn shade(picture: &mut RgbImage, top: u32) {
    for y in top..picture.height() {
        let strength = SHADE_STRENGTH * ((y - top) as f32 / 14.0).min(1.0);
        for x in 0..picture.width() {
            blend(picture, x, y, SHADE, strength);
        }
    }
}

fn bar(picture: &mut RgbImage, left: f32, top: f32, width: f32, height: f32) {
    for y in top as u32..(top + height) as u32 {
        for x in left as u32..(left + width.max(2.0)) as u32 {
            blend(picture, x, y, ACCENT, 1.0);
        }
    }
}

fn blend(picture: &mut RgbImage, x: u32, y: u32, colour: Rgb<u8>, strength: f32) {
    let Some(pixel) = picture.get_pixel_mut_checked(x, y) else {
        return;
    };
    for (to, from) in pixel.0.iter_mut().zip(colour.0) {
        let mixed = f32::from(*to) + (f32::from(from) - f32::from(*to)) * strength.clamp(0.0, 1.0);
        *to = mixed.round() as u8;
    }
}
