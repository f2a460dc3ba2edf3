//! Pictures for print: decoded, turned upright, made small and written anew, so that no EXIF data
//! (position, owner) and no colour profile ever reaches a report.

use std::collections::BTreeMap;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader};

use crate::data::{DayReportData, PhotoRef};
use crate::error::{PhotoFault, PhotoWarning};

/// Picture bytes (JPEG or PNG) by the SHA-256 the data names. The bytes may be the original or its
/// working copy: the caller has checked them, the report only prints.
pub type Photos = BTreeMap<String, Vec<u8>>;

/// How many photos of one finding are printed.
pub(crate) const PER_FINDING: usize = 2;
/// Long edge in print: 8 cm at 300 dpi.
const LONG_EDGE: u32 = 960;
const QUALITY: u8 = 82;
/// Above this the device itself takes no working copy.
const MAX_PIXELS: u64 = 120_000_000;

/// Pictures ready to print, and where each hash's picture is.
pub(crate) struct Pictures {
    /// JPEG bytes.
    pub bytes: Vec<Vec<u8>>,
    index: BTreeMap<String, usize>,
}

impl Pictures {
    /// Position in `bytes`; `None` prints a box.
    pub fn position(&self, sha256: &str) -> Option<usize> {
        self.index.get(sha256).copied()
    }
}

/// Prepares each printed photo once; the others become warnings.
pub(crate) fn prepare(data: &DayReportData, photos: &Photos) -> (Pictures, Vec<PhotoWarning>) {
    let mut pictures = Pictures {
        bytes: Vec::new(),
        index: BTreeMap::new(),
    };
    let mut warnings: Vec<PhotoWarning> = Vec::new();
    for PhotoRef { sha256, .. } in printed(data) {
        if pictures.index.contains_key(sha256) || warnings.iter().any(|w| &w.sha256 == sha256) {
            continue;
        }
        let outcome = photos
            .get(sha256)
            .ok_or(PhotoFault::Absent)
            .and_then(|b| for_print(b));
        match outcome {
            Ok(jpeg) => {
                pictures.index.insert(sha256.clone(), pictures.bytes.len());
                pictures.bytes.push(jpeg);
            }
            Err(reason) => warnings.push(PhotoWarning {
                sha256: sha256.clone(),
                reason,
            }),
        }
    }
    (pictures, warnings)
}

fn printed(data: &DayReportData) -> impl Iterator<Item = &PhotoRef> {
    data.findings
        .iter()
        .flat_map(|f| f.photos.iter().take(PER_FINDING))
}

fn for_print(bytes: &[u8]) -> Result<Vec<u8>, PhotoFault> {
    let upright = decode(bytes)?;
    let small = if upright.width().max(upright.height()) > LONG_EDGE {
        upright.thumbnail(LONG_EDGE, LONG_EDGE)
    } else {
        upright
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&small.to_rgb8())
        .map_err(|_| PhotoFault::Undecodable)?;
    Ok(jpeg)
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, PhotoFault> {
    let mut decoder = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| PhotoFault::Undecodable)?
        .into_decoder()
        .map_err(|_| PhotoFault::Undecodable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PhotoFault::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|_| PhotoFault::Undecodable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PhotoFault::Undecodable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}
