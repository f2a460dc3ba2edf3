//! What the photos show: a stall at a rural market, drawn with plain shapes and without people.

use super::canvas::{Canvas, Colour, Point, mix};
use crate::link::schedule::SplitMix;

const WOOD: Colour = [122, 84, 52];
const DARK: Colour = [52, 42, 38];
const CLOTH: Colour = [236, 228, 210];
const AWNINGS: [Colour; 6] = [
    [196, 46, 40],
    [38, 104, 168],
    [30, 132, 84],
    [222, 140, 30],
    [128, 60, 140],
    [20, 130, 140],
];
const GOODS: [Colour; 8] = [
    [214, 60, 44],
    [240, 170, 40],
    [96, 150, 60],
    [244, 226, 150],
    [150, 84, 50],
    [232, 112, 60],
    [120, 56, 96],
    [250, 240, 220],
];

/// Draws the stall that `random` chooses, with `index` in binary on its sign.
pub(super) fn draw(canvas: &mut Canvas, random: &mut SplitMix, index: u64) {
    let awning = pick(random, &AWNINGS);
    let unit = canvas.width().min(canvas.height()) / 100.0;
    let middle = canvas.width() * (0.5 + 0.04 * share(random) - 0.02);
    let floor = canvas.height() * (0.86 + 0.03 * share(random));
    surroundings(canvas, random, unit, floor);
    let stall = Stall {
        middle,
        floor,
        unit,
        half: unit * (36.0 + 6.0 * share(random)),
    };
    stall.frame(canvas, mix(awning, DARK, 0.55));
    stall.goods(canvas, random);
    stall.front(canvas, random);
    stall.awning(canvas, awning);
    stall.sign(canvas, index);
}

fn pick(random: &mut SplitMix, colours: &[Colour]) -> Colour {
    let at = random.next_u64() as usize % colours.len();
    colours.get(at).copied().unwrap_or(WOOD)
}

/// A number from 0 to 1.
fn share(random: &mut SplitMix) -> f32 {
    random.between(0, 10_000) as f32 / 10_000.0
}

/// Morning sky, hills, the awnings of the stalls behind, and trodden earth.
fn surroundings(canvas: &mut Canvas, random: &mut SplitMix, unit: f32, floor: f32) {
    let horizon = floor - unit * 38.0;
    let dawn = mix([250, 206, 150], [206, 226, 240], share(random));
    canvas.shade(0.0, horizon + 1.0, [120, 170, 214], dawn);
    let (width, below) = (canvas.width(), canvas.height() - horizon);
    for _ in 0..4 {
        let at = width * share(random);
        let (across, up) = (unit * 60.0, unit * (8.0 + 10.0 * share(random)));
        canvas.ellipse(
            (at, horizon),
            across,
            up,
            mix([96, 128, 104], dawn, 0.5 * share(random)),
        );
    }
    canvas.shade(horizon, below, [150, 128, 100], [112, 92, 70]);
    let mut x = -unit * 10.0 * share(random);
    while x < width {
        let far = pick(random, &AWNINGS);
        far_stall(canvas, (x, horizon), unit, mix(far, dawn, 0.35));
        x += unit * (17.0 + 6.0 * share(random));
    }
    for _ in 0..60 {
        let at = (
            width * share(random),
            horizon + unit * 12.0 + below * share(random),
        );
        canvas.ellipse(at, unit * (0.4 + share(random)), unit * 0.3, [92, 76, 60]);
    }
}

fn far_stall(canvas: &mut Canvas, (x, y): Point, unit: f32, colour: Colour) {
    canvas.rect(
        (x + unit, y - unit * 7.0),
        unit * 13.0,
        unit * 12.0,
        [96, 86, 80],
    );
    canvas.rect((x + unit, y), unit * 13.0, unit * 5.0, [170, 160, 140]);
    let (left, right, top) = (x, x + unit * 15.0, y - unit * 10.0);
    canvas.polygon(
        &[
            (left + unit, top),
            (right - unit, top),
            (right, y - unit * 5.0),
            (left, y - unit * 5.0),
        ],
        colour,
    );
}

/// Where the stall stands: `middle` and `floor` are its foot, `half` is half its width.
struct Stall {
    middle: f32,
    floor: f32,
    unit: f32,
    half: f32,
}

impl Stall {
    fn at(&self, across: f32, up: f32) -> Point {
        (
            self.middle + across * self.half,
            self.floor - up * self.unit,
        )
    }

    fn frame(&self, canvas: &mut Canvas, back: Colour) {
        canvas.ellipse(
            self.at(0.0, 0.0),
            self.half * 1.15,
            self.unit * 3.0,
            [84, 70, 56],
        );
        canvas.rect(
            self.at(-0.95, 54.0),
            self.half * 1.9,
            self.unit * 54.0,
            back,
        );
        for side in [-1.0, 0.95] {
            canvas.rect(
                self.at(side, 56.0),
                self.half * 0.05,
                self.unit * 56.0,
                WOOD,
            );
        }
        for shelf in [34.0, 44.0] {
            canvas.rect(self.at(-0.9, shelf), self.half * 1.8, self.unit, WOOD);
        }
    }

    /// Bottles on the shelves; baskets and steamers on the table.
    fn goods(&self, canvas: &mut Canvas, random: &mut SplitMix) {
        let unit = self.unit;
        for shelf in [34.0, 44.0] {
            for place in 0..12 {
                let colour = pick(random, &GOODS);
                let up = shelf + 4.0 + 3.0 * share(random);
                let foot = self.at(-0.84 + place as f32 * 0.145, up);
                canvas.rect(foot, unit * 2.6, unit * (up - shelf), colour);
                canvas.rect((foot.0 + unit * 0.8, foot.1 - unit), unit, unit, DARK);
            }
        }
        for place in 0..5 {
            let foot = self.at(-0.76 + place as f32 * 0.38, 22.0);
            if random.next_u64().is_multiple_of(3) {
                steamer(canvas, foot, unit);
            } else {
                basket(canvas, foot, unit, pick(random, &GOODS), random);
            }
        }
    }

    /// The table with its cloth, and crates before it.
    fn front(&self, canvas: &mut Canvas, random: &mut SplitMix) {
        let cloth = mix(CLOTH, pick(random, &AWNINGS), 0.25);
        canvas.rect(self.at(-1.05, 22.0), self.half * 2.1, self.unit * 2.0, WOOD);
        canvas.rect(
            self.at(-1.0, 20.0),
            self.half * 2.0,
            self.unit * 18.0,
            cloth,
        );
        for fold in 0..14 {
            let at = self.at(-0.97 + fold as f32 * 0.143, 20.0);
            canvas.rect(at, self.unit * 0.5, self.unit * 18.0, mix(cloth, DARK, 0.2));
        }
        for crate_at in [-0.9, 0.45] {
            let at = self.at(crate_at + 0.1 * share(random), 8.0);
            canvas.rect(
                at,
                self.unit * 15.0,
                self.unit * 10.0,
                mix(WOOD, CLOTH, 0.3),
            );
            for slat in 0..3 {
                let y = at.1 + self.unit * (2.4 + slat as f32 * 2.8);
                canvas.rect((at.0, y), self.unit * 15.0, self.unit * 0.7, DARK);
            }
        }
    }

    /// Stripes from a narrow top to a wide edge with scallops.
    fn awning(&self, canvas: &mut Canvas, colour: Colour) {
        let stripes = 12;
        for stripe in 0..stripes {
            let (left, right) = (stripe as f32 / 6.0 - 1.0, (stripe + 1) as f32 / 6.0 - 1.0);
            let shade = if stripe % 2 == 0 { colour } else { CLOTH };
            let corners = [
                self.at(left, 66.0),
                self.at(right, 66.0),
                self.at(right * 1.15, 53.0),
                self.at(left * 1.15, 53.0),
            ];
            canvas.polygon(&corners, shade);
            let edge = self.at((left + right) * 0.575, 53.0);
            canvas.ellipse(
                edge,
                self.half * 0.096,
                self.unit * 2.2,
                mix(shade, DARK, 0.12),
            );
        }
    }

    /// A board above the awning with an arrow that points up and the number in dots.
    fn sign(&self, canvas: &mut Canvas, index: u64) {
        let unit = self.unit;
        let (x, y) = self.at(0.0, 82.0);
        canvas.rect((x - unit * 17.0, y), unit * 34.0, unit * 16.0, WOOD);
        canvas.rect(
            (x - unit * 16.0, y + unit),
            unit * 32.0,
            unit * 14.0,
            [250, 246, 232],
        );
        let tip = y + unit * 1.8;
        let head = [
            (x, tip),
            (x + unit * 5.0, tip + unit * 5.0),
            (x - unit * 5.0, tip + unit * 5.0),
        ];
        canvas.polygon(&head, [190, 30, 30]);
        canvas.rect(
            (x - unit * 1.6, tip + unit * 5.0),
            unit * 3.2,
            unit * 3.6,
            [190, 30, 30],
        );
        for bit in 0..8 {
            let at = (x + unit * (bit as f32 * 3.4 - 11.9), y + unit * 12.6);
            let set = (index >> bit) & 1 == 1;
            canvas.ellipse(
                at,
                unit * 1.2,
                unit * 1.2,
                if set { DARK } else { [214, 208, 192] },
            );
        }
    }
}

/// Three bamboo trays with a lid.
fn steamer(canvas: &mut Canvas, (x, y): Point, unit: f32) {
    for tray in 0..3 {
        let top = y - unit * (2.4 + 2.4 * tray as f32);
        canvas.rect(
            (x - unit * 5.0, top),
            unit * 10.0,
            unit * 2.2,
            [206, 170, 110],
        );
        canvas.rect(
            (x - unit * 5.0, top + unit * 2.0),
            unit * 10.0,
            unit * 0.4,
            WOOD,
        );
    }
    canvas.ellipse((x, y - unit * 7.4), unit * 5.0, unit * 1.6, [224, 194, 140]);
}

/// A heap of round things in a basket.
fn basket(canvas: &mut Canvas, (x, y): Point, unit: f32, goods: Colour, random: &mut SplitMix) {
    for layer in 0..4 {
        let count = 6 - layer;
        for place in 0..count {
            let across = (place as f32 - (count - 1) as f32 / 2.0) * unit * 1.9;
            let at = (x + across, y - unit * (3.6 + layer as f32 * 1.3));
            let colour = mix(goods, DARK, 0.35 * share(random));
            canvas.ellipse(at, unit * 1.3, unit * 1.3, colour);
            let light = (at.0 - unit * 0.4, at.1 - unit * 0.4);
            canvas.ellipse(light, unit * 0.35, unit * 0.35, mix(colour, [255; 3], 0.4));
        }
    }
    let rim = [
        (x - unit * 6.4, y - unit * 4.0),
        (x + unit * 6.4, y - unit * 4.0),
        (x + unit * 5.0, y),
        (x - unit * 5.0, y),
    ];
    canvas.polygon(&rim, [176, 132, 76]);
    canvas.rect(
        (x - unit * 6.6, y - unit * 4.2),
        unit * 13.2,
        unit * 0.9,
        WOOD,
    );
}
