//! push: one segment; verdicts and a receipt. The same request twice gets the same bytes.

use crate::keys::SignedStatement;
use crate::verdict::VerdictRow;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// `POST`, body a segment, `Content-Type` below, `Content-Encoding: gzip` allowed.
pub const PATH: &str = "/api/v1/sync/push";
/// Content type of segments.
pub const CONTENT_TYPE: &str = "application/x-xunji-segment";

/// Answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// One per change, in order.
    #[serde(deserialize_with = "understood")]
    pub verdicts: Vec<VerdictRow>,
    /// Receipt of the head this segment reached; on a branch, of the branch's own.
    pub receipt: Option<SignedStatement>,
    /// The segment went into a branch: what is written from now on belongs into a new log.
    pub branch: bool,
}

fn understood<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<VerdictRow>, D::Error> {
    let rows = Vec::<Value>::deserialize(from)?;
    rows.into_iter()
        .map(|row| VerdictRow::understood(row).map_err(D::Error::custom))
        .collect()
}
