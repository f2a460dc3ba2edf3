//! files: tus 1.0 (core, creation, creation-with-upload) bound to SHA-256, size, kind and log.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::LogId;

/// `POST` creates; `HEAD` and `PATCH {PATH}/{id}` go on.
pub const PATH: &str = "/api/v1/files";
/// Version header and value.
pub const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
/// Offset header.
pub const OFFSET: &str = "upload-offset";
/// Length header.
pub const LENGTH: &str = "upload-length";
/// Metadata header: `key base64,key base64`.
pub const METADATA: &str = "upload-metadata";
/// Content type of PATCH and of creation-with-upload.
pub const OFFSET_TYPE: &str = "application/offset+octet-stream";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// 缩略图, long side 320.
    Thumbnail,
    /// 工作照, long side 2048 with watermark.
    Copy,
    /// 原片.
    Original,
    /// A body that was too large for the segment.
    Body,
}

impl FileKind {
    /// Wire code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Thumbnail => "thumbnail",
            Self::Copy => "copy",
            Self::Original => "original",
            Self::Body => "body",
        }
    }

    /// Reads [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Thumbnail, Self::Copy, Self::Original, Self::Body]
            .into_iter()
            .find(|k| k.code() == code)
    }
}

/// What `Upload-Metadata` carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMeta {
    /// SHA-256 of the whole file.
    pub sha256: Digest,
    /// Kind.
    pub kind: FileKind,
    /// The delivering log.
    pub log: LogId,
    /// For thumbnails and copies: SHA-256 of the original they were made from.
    pub original: Option<Digest>,
}

impl FileMeta {
    /// The header's value.
    pub fn to_header(&self) -> String {
        use base64::Engine as _;
        let b64 = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        let mut parts = vec![
            format!("sha256 {}", b64(&self.sha256.to_hex())),
            format!("kind {}", b64(self.kind.code())),
            format!("log {}", b64(&self.log.to_string())),
        ];
        if let Some(original) = &self.original {
            parts.push(format!("original {}", b64(&original.to_hex())));
        }
        parts.join(",")
    }

    /// Reads the header; `None` when a field is missing or malformed. Unknown keys are ignored.
    pub fn from_header(text: &str) -> Option<Self> {
        use base64::Engine as _;
        let value = |key: &str| -> Option<String> {
            let part = text
                .split(',')
                .find_map(|p| p.trim().strip_prefix(key)?.strip_prefix(' '))?;
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(part.trim())
                .ok()?;
            String::from_utf8(bytes).ok()
        };
        let original = match value("original") {
            None => None,
            Some(hex) => Some(Digest::from_hex(&hex)?),
        };
        Some(Self {
            sha256: Digest::from_hex(&value("sha256")?)?,
            kind: FileKind::from_code(&value("kind")?)?,
            log: value("log")?.parse().ok()?,
            original,
        })
    }
}
