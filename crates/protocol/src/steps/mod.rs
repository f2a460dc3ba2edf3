//! The steps of sync, one file each: path, request, answer. Client and server share these types.

pub mod compare;
pub mod drafts;
pub mod enrol;
pub mod files;
pub mod hello;
pub mod pull;
pub mod push;

/// A thumbnail, working copy, original or body within the caller's scope: `GET {BLOBS}/{sha256}`.
pub const BLOBS: &str = "/api/v1/blobs";
