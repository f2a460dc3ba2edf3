//! Looks at the bytes of a picture as they pass by: what they are, and whether the end is there.
//! It decodes nothing and allocates nothing, so that a hostile file can do no harm here.

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// JPEG; `complete` when the end-of-image marker was seen.
    Jpeg {
        /// The end was there.
        complete: bool,
    },
    /// PNG; `complete` when the last chunk was seen.
    Png {
        /// The end was there.
        complete: bool,
    },
    /// Nothing at all.
    Empty,
    /// Something else.
    NotAPicture,
}

impl Picture {
    /// Whether the end is missing.
    pub fn cut(self) -> bool {
        matches!(
            self,
            Self::Jpeg { complete: false } | Self::Png { complete: false }
        )
    }
}

const JPEG: [u8; 3] = [0xFF, 0xD8, 0xFF];
const PNG: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
const IEND: [u8; 8] = [b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82];

/// Where the walk over a JPEG stands.
#[derive(Clone, Copy, Debug)]
enum At {
    /// In front of `FF`.
    Marker,
    /// Behind `FF`.
    Code,
    /// Behind the code of a segment: its length's first byte.
    LengthHigh(u8),
    /// Its second byte.
    LengthLow(u8, u8),
    /// Inside a segment.
    Skip(u8, u32),
    /// Inside compressed data.
    Entropy,
    /// Behind an `FF` in compressed data.
    EntropyCode,
    /// End of image seen. What follows (maker's trailers) is not our business.
    End,
}

/// Collects while bytes pass.
#[derive(Debug)]
pub struct Probe {
    head: Vec<u8>,
    tail: Vec<u8>,
    at: At,
}

impl Default for Probe {
    fn default() -> Self {
        Self {
            head: Vec::with_capacity(8),
            tail: Vec::with_capacity(16),
            at: At::Marker,
        }
    }
}

impl Probe {
    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let missing = PNG.len() - self.head.len();
        self.head.extend(bytes.iter().take(missing));
        self.feed_tail(bytes);
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            match self.at {
                At::End => return,
                At::Entropy => match rest.iter().position(|b| *b == 0xFF) {
                    None => return,
                    Some(n) => {
                        rest = rest.get(n + 1..).unwrap_or_default();
                        self.at = At::EntropyCode;
                    }
                },
                At::Skip(code, left) => {
                    let n = (left as usize).min(rest.len());
                    rest = rest.get(n..).unwrap_or_default();
                    self.at = after_skip(code, left - n as u32);
                }
                _ => {
                    self.at = step(self.at, byte);
                    rest = behind;
                }
            }
        }
    }

    /// The finding.
    pub fn finish(&self) -> Picture {
        if self.head.is_empty() {
            Picture::Empty
        } else if self.head.starts_with(&JPEG) {
            Picture::Jpeg {
                complete: matches!(self.at, At::End),
            }
        } else if self.head == PNG {
            Picture::Png {
                complete: self.tail.ends_with(&IEND),
            }
        } else {
            Picture::NotAPicture
        }
    }

    fn feed_tail(&mut self, bytes: &[u8]) {
        let fresh = bytes
            .get(bytes.len().saturating_sub(IEND.len())..)
            .unwrap_or_default();
        self.tail.extend_from_slice(fresh);
        self.tail
            .drain(..self.tail.len().saturating_sub(IEND.len()));
    }
}

fn step(at: At, byte: u8) -> At {
    match at {
        At::Marker if byte == 0xFF => At::Code,
        At::Marker => At::Marker,
        At::Code | At::EntropyCode => after_code(at, byte),
        At::LengthHigh(code) => At::LengthLow(code, byte),
        At::LengthLow(code, high) => {
            let length = u32::from(u16::from_be_bytes([high, byte]));
            after_skip(code, length.saturating_sub(2))
        }
        other => other,
    }
}

fn after_code(at: At, byte: u8) -> At {
    match (at, byte) {
        (_, 0xFF) => at,
        (_, 0xD9) => At::End,
        (At::EntropyCode, 0x00 | 0xD0..=0xD7) => At::Entropy,
        (_, 0x00 | 0x01 | 0xD0..=0xD8) => At::Marker,
        (_, code) => At::LengthHigh(code),
    }
}

fn after_skip(code: u8, left: u32) -> At {
    match (code, left) {
        (0xDA, 0) => At::Entropy,
        (_, 0) => At::Marker,
        _ => At::Skip(code, left),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn probe(bytes: &[u8], piece: usize) -> Picture {
        let mut probe = Probe::default();
        for part in bytes.chunks(piece) {
            probe.feed(part);
        }
        probe.finish()
    }

    fn jpeg() -> Vec<u8> {
        let picture = image::RgbImage::from_fn(64, 48, |x, y| {
            image::Rgb([x as u8 * 3, y as u8 * 5, (x * y) as u8])
        });
        let mut out = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 90)
            .encode_image(&picture)
            .unwrap();
        out
    }

    /// An end-of-image marker inside a thumbnail in APP1 must not pass for the picture's own.
    fn with_thumbnail(inner: &[u8]) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8, 0xFF, 0xE1];
        out.extend_from_slice(&u16::try_from(inner.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(inner);
        out.extend_from_slice(&inner[2..]);
        out
    }

    #[test]
    fn every_cut_is_seen_in_any_pieces() {
        let whole = with_thumbnail(&jpeg());
        for piece in [1, 7, 4096] {
            assert_eq!(probe(&whole, piece), Picture::Jpeg { complete: true });
        }
        for keep in 3..whole.len() {
            assert_eq!(
                probe(&whole[..keep], 64),
                Picture::Jpeg { complete: false },
                "{keep}"
            );
        }
        let trailer = [whole.as_slice(), b"maker's trailer \xFF\xE1"].concat();
        assert_eq!(probe(&trailer, 5), Picture::Jpeg { complete: true });
    }

    #[test]
    fn png_empty_and_other_things() {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(9, 9)
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let png = png.into_inner();
        assert_eq!(probe(&png, 3), Picture::Png { complete: true });
        assert!(probe(&png[..png.len() - 1], 3).cut());
        assert_eq!(probe(&[], 1), Picture::Empty);
        assert_eq!(probe(b"%PDF-1.7", 2), Picture::NotAPicture);
        assert_eq!(probe(&[0xFF, 0xD8], 2), Picture::NotAPicture);
    }
}
