//! Protocol versions, each with its date and reason.

/// 2026-11: the first. Segments, verdicts, feeds, receipts and tus files.
pub const V1: u32 = 1;
/// What this program speaks.
pub const CURRENT: u32 = V1;
/// The oldest it still understands.
pub const OLDEST: u32 = V1;
/// Header that names the speaker's protocol version in every request and answer.
pub const HEADER: &str = "xunji-protocol";
