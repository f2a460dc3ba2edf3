//! `Upload-Checksum`: what the bytes of one request hash to. It guards the way here; what the whole file
//! hashes to is asked in any case.

use crate::problem::Answer;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;
use xunji_protocol::problem::{Code, Problem};

/// The algorithms, as `Tus-Checksum-Algorithm` lists them.
pub const ALGORITHMS: &str = "sha1,sha256";

const HEADER: &str = "upload-checksum";

/// What a request's bytes are to hash to.
#[derive(Clone, Debug)]
pub struct Checksum {
    hasher: Hasher,
    expected: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Hasher {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
}

impl Checksum {
    /// The checksum that a request announces; `None` for one that announces none.
    ///
    /// # Errors
    /// `bad_request` for an algorithm that is not listed, and for what does not read.
    pub fn of(headers: &HeaderMap) -> Answer<Option<Self>> {
        let Some(value) = headers.get(HEADER) else {
            return Ok(None);
        };
        let text = value.to_str().map_err(|_| Code::BadRequest)?;
        let (algorithm, expected) = text.trim().split_once(' ').ok_or(Code::BadRequest)?;
        let hasher = match algorithm {
            "sha1" => Hasher::Sha1(sha1::Sha1::new()),
            "sha256" => Hasher::Sha256(sha2::Sha256::new()),
            _ => {
                return Err(Problem::new(Code::BadRequest)
                    .with("checksum_algorithms", ALGORITHMS)
                    .into());
            }
        };
        let expected = STANDARD
            .decode(expected.trim())
            .map_err(|_| Code::BadRequest)?;
        Ok(Some(Self { hasher, expected }))
    }

    /// Takes in further bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// Whether all bytes together are those that were announced.
    pub fn holds(self) -> bool {
        match self.hasher {
            Hasher::Sha1(hasher) => hasher.finalize().as_slice() == self.expected,
            Hasher::Sha256(hasher) => hasher.finalize().as_slice() == self.expected,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::HeaderValue;

    fn announced(text: &str) -> Answer<Option<Checksum>> {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_str(text).unwrap());
        Checksum::of(&headers)
    }

    /// The digests of `abc` in FIPS 180-4's examples.
    #[test]
    fn both_algorithms_tell_right_from_wrong() {
        for text in [
            "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
            "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        ] {
            for (bytes, right) in [(b"abc", true), (b"abd", false)] {
                let mut checksum = announced(text).unwrap().unwrap();
                let (first, rest) = bytes.split_at(1);
                checksum.update(first);
                checksum.update(rest);
                assert_eq!(checksum.holds(), right, "{text}");
            }
        }
        assert!(!announced("sha1 AAAA").unwrap().unwrap().holds());
    }

    #[test]
    fn what_is_not_offered_or_does_not_read_is_refused() {
        assert!(Checksum::of(&HeaderMap::new()).unwrap().is_none());
        for text in ["crc32 AAAA", "SHA1 AAAA", "sha1", "sha1 ~", ""] {
            assert_eq!(announced(text).unwrap_err().0.status, 400, "{text}");
        }
    }
}
