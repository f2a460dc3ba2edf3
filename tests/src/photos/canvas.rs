//! A raster to draw plain shapes on, and the turns a camera's orientation stands for.

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// A point in units of two pixels of the finished photo.
pub(super) type Point = (f32, f32);

/// Pixels row by row, at half the photo's size.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            pixels: vec![[0; 3]; width * height],
        }
    }

    pub(super) fn width(&self) -> f32 {
        self.width as f32
    }

    pub(super) fn height(&self) -> f32 {
        self.height as f32
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[Colour]> {
        self.pixels.chunks_exact(self.width)
    }

    /// Fills one row from `left` to `right`; what lies outside is left out.
    fn span(&mut self, row: usize, left: f32, right: f32, colour: Colour) {
        let limit = self.width as f32;
        let start = left.round().clamp(0.0, limit) as usize;
        let end = right.round().clamp(0.0, limit) as usize;
        let from = row * self.width;
        if let Some(part) = self.pixels.get_mut(from + start..from + end.max(start)) {
            part.fill(colour);
        }
    }

    fn rows_between(&self, top: f32, bottom: f32) -> std::ops::Range<usize> {
        let limit = self.height as f32;
        top.round().clamp(0.0, limit) as usize..bottom.round().clamp(0.0, limit) as usize
    }

    pub(super) fn rect(&mut self, (x, y): Point, width: f32, height: f32, colour: Colour) {
        for row in self.rows_between(y, y + height) {
            self.span(row, x, x + width, colour);
        }
    }

    /// A rectangle whose colour runs from `top` to `bottom`.
    pub(super) fn shade(&mut self, y: f32, height: f32, top: Colour, bottom: Colour) {
        for row in self.rows_between(y, y + height) {
            let share = (row as f32 - y) / height;
            self.span(row, 0.0, self.width(), mix(top, bottom, share));
        }
    }

    pub(super) fn ellipse(&mut self, (x, y): Point, across: f32, up: f32, colour: Colour) {
        for row in self.rows_between(y - up, y + up) {
            let offset = (row as f32 + 0.5 - y) / up;
            let half = across * (1.0 - offset * offset).max(0.0).sqrt();
            self.span(row, x - half, x + half, colour);
        }
    }

    /// A filled polygon; where it crosses itself the even-odd rule holds.
    pub(super) fn polygon(&mut self, corners: &[Point], colour: Colour) {
        let top = corners
            .iter()
            .map(|corner| corner.1)
            .fold(f32::MAX, f32::min);
        let bottom = corners
            .iter()
            .map(|corner| corner.1)
            .fold(f32::MIN, f32::max);
        for row in self.rows_between(top, bottom) {
            let mut crossings = crossings(corners, row as f32 + 0.5);
            crossings.sort_by(f32::total_cmp);
            for pair in crossings.chunks_exact(2) {
                if let &[left, right] = pair {
                    self.span(row, left, right, colour);
                }
            }
        }
    }

    /// The pixels as a sensor stores them that was held so that `orientation` makes them upright:
    /// 3 is a half turn, 6 asks the viewer for a quarter turn to the right, 8 to the left.
    pub(super) fn turned_for(self, orientation: u16) -> Self {
        let (width, height) = (self.width, self.height);
        match orientation {
            3 => Self {
                pixels: self.pixels.into_iter().rev().collect(),
                width,
                height,
            },
            6 => self.gathered(|x, y| (width - 1 - y, x)),
            8 => self.gathered(|x, y| (y, height - 1 - x)),
            _ => self,
        }
    }

    /// A canvas with the sides exchanged whose pixel at (x, y) is the one at `source(x, y)`.
    fn gathered(&self, source: impl Fn(usize, usize) -> (usize, usize)) -> Self {
        let (width, height) = (self.height, self.width);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..height {
            pixels.extend((0..width).map(|x| {
                let (from_x, from_y) = source(x, y);
                self.pixels
                    .get(from_y * self.width + from_x)
                    .copied()
                    .unwrap_or_default()
            }));
        }
        Self {
            width,
            height,
            pixels,
        }
    }
}

/// `share` of the way from one colour to another.
pub(super) fn mix(from: Colour, to: Colour, share: f32) -> Colour {
    let blend = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share) as u8;
    let ([r, g, b], [to_r, to_g, to_b]) = (from, to);
    [blend(r, to_r), blend(g, to_g), blend(b, to_b)]
}

/// Where the horizontal line through `y` meets the polygon's sides.
fn crossings(corners: &[Point], y: f32) -> Vec<f32> {
    let next = corners.iter().cycle().skip(1);
    corners
        .iter()
        .zip(next)
        .filter(|(a, b)| (a.1 <= y) != (b.1 <= y))
        .map(|(a, b)| a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0))
        .collect()
}
