//! Compression on the way: segments out, pages in. What is hashed and signed is the bytes inside.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read as _, Write as _};

/// No page is larger when it is opened.
const LARGEST: u64 = 8 * 1024 * 1024;

/// The gzip form of some bytes.
///
/// # Errors
/// Never for a buffer in memory; kept because the writer's interface can fail.
pub fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The bytes inside.
///
/// # Errors
/// Not gzip, cut, or larger inside than any page of ours.
pub fn gunzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut opened = Vec::new();
    GzDecoder::new(bytes)
        .take(LARGEST + 1)
        .read_to_end(&mut opened)?;
    if opened.len() as u64 > LARGEST {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    Ok(opened)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_comes_back_and_a_bomb_does_not() {
        let bytes = b"answers, findings, strokes ".repeat(400);
        let small = gzip(&bytes).unwrap();
        assert!(small.len() < bytes.len() / 3);
        assert_eq!(gunzip(&small).unwrap(), bytes);
        assert!(gunzip(&small[..small.len() - 9]).is_err());
        assert!(gunzip(&gzip(&vec![0; 9 * 1024 * 1024]).unwrap()).is_err());
    }
}
