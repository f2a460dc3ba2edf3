//! Limits of the wire. Typed text is limited where it is typed, so that the largest legal record fits.

/// Bytes of an envelope.
pub const MAX_ENVELOPE: usize = 4 * 1024;
/// Bytes of a body.
pub const MAX_BODY: usize = 1024 * 1024;
/// A body that compresses to more than this travels as a file.
pub const MAX_INLINE_COMPRESSED: usize = 32 * 1024;
/// Bytes of a segment after decompression.
pub const MAX_SEGMENT: usize = 4 * 1024 * 1024;
/// Bytes of a request as it comes from the wire.
pub const MAX_REQUEST: usize = 512 * 1024;
/// Changes in one segment.
pub const MAX_SEGMENT_CHANGES: usize = 256;
/// Bytes of one uploaded file.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;
/// Smallest, first and largest size of a request, in bytes; see `device::sync::request`.
pub const REQUEST_MIN: usize = 8 * 1024;
/// Where a fresh link starts.
pub const REQUEST_START: usize = 16 * 1024;
/// Never more than this in one request.
pub const REQUEST_MAX: usize = 256 * 1024;
/// A request aims at this many milliseconds.
pub const REQUEST_TARGET_MS: u64 = 4_000;
/// Bytes of one page of a pull answer.
pub const PULL_PAGE: usize = 256 * 1024;
/// Bytes of one signature's strokes after delta coding.
pub const MAX_STROKES: usize = 12 * 1024;
/// Characters of a problem, note or reason.
pub const MAX_TEXT: usize = 500;
/// Characters of a name, number, place or other short field.
pub const MAX_SHORT: usize = 100;
/// Entries of a list such as 经营品种.
pub const MAX_LIST: usize = 30;
/// Bytes of the copy of a draft: several times what the limits on typed text let a draft hold.
pub const MAX_DRAFT_COPY: usize = 256 * 1024;
/// Drafts of one log that the server keeps copies of; a phone has a few in work.
pub const MAX_DRAFT_COPIES: usize = 200;
/// Drafts on offer in one answer.
pub const MAX_OFFERS: usize = 100;
/// Lifetime of the copy of a draft after the last one came, in milliseconds of the server's clock.
pub const DRAFT_LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Bundle keys that a phone's key is sealed to at most.
pub const MAX_SEALS: usize = 8;
/// Sealed keys that the server keeps of one phone.
pub const MAX_ESCROWS: u32 = 16;
/// Lifetime of a token in milliseconds.
pub const TOKEN_MS: i64 = 15 * 60 * 1000;
/// Lifetime of an enrolment code in milliseconds.
pub const ENROL_CODE_MS: i64 = 10 * 60 * 1000;
/// Lifetime of an unfinished upload after its last byte, in milliseconds of the server's clock.
pub const UPLOAD_LIFE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long an original stays on its phone after its record has arrived whole, in milliseconds of server time.
pub const ORIGINAL_STAYS_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How long a change and the form of its record stay, likewise.
pub const CHANGE_STAYS_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Bytes of one volume of a bundle: what a mail box, a chat and a FAT stick take without complaint.
pub const BUNDLE_VOLUME: u64 = 95 * 1024 * 1024;
/// No volume is made smaller than this.
pub const BUNDLE_VOLUME_MIN: u64 = 64 * 1024;
/// Volumes of one bundle.
pub const MAX_BUNDLE_VOLUMES: u32 = 10_000;
/// Bytes of the signed line at the beginning of a volume.
pub const MAX_BUNDLE_HEADER: usize = 16 * 1024;
/// Bytes of a file of receipts.
pub const MAX_BUNDLE_ANSWER: u64 = 16 * 1024 * 1024;
