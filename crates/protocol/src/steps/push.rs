//! push: one segment; verdicts and a receipt. The same request twice gets the same bytes.

use crate::keys::SignedStatement;
use crate::verdict::VerdictRow;
use serde::{Deserialize, Serialize};

/// `POST`, body a segment, `Content-Type` below, `Content-Encoding: gzip` allowed.
pub const PATH: &str = "/api/v1/sync/push";
/// Content type of segments.
pub const CONTENT_TYPE: &str = "application/x-xunji-segment";

/// Answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// One per change, in order.
    pub verdicts: Vec<VerdictRow>,
    /// Receipt of the head this segment reached; `None` when all of it was a branch.
    pub receipt: Option<SignedStatement>,
    /// The segment went into a branch: stop pushing this log, keep everything.
    pub branch: bool,
}
