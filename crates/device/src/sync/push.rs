//! What goes into a segment, and what an answer to it proves.

use super::plan::UnsentChange;
use xunji_domain::ids::LogId;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::guard::Guard;
use xunji_protocol::keys::{PublicKey, SignedStatement};
use xunji_protocol::limits::{MAX_SEGMENT, MAX_SEGMENT_CHANGES};
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::push::PushAnswer;
use xunji_protocol::verdict::VerdictRow;

/// Records of visits shrink to about a third (JSON to a sixth, strokes to two fifths). The size rule
/// adapts to what really passes, so the order of magnitude is enough.
const SHRINKS: usize = 3;

/// How many of the first changes go into one request of `size` bytes on the wire: at least one.
pub fn select(unsent: &[UnsentChange], size: usize) -> usize {
    let room = size.saturating_mul(SHRINKS).min(MAX_SEGMENT / 2);
    let mut used = 0;
    let fitting = unsent
        .iter()
        .take(MAX_SEGMENT_CHANGES)
        .take_while(|change| {
            used += change.size;
            used <= room
        });
    fitting.count().max(1).min(unsent.len())
}

/// What was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The log.
    pub log: LogId,
    /// Seq and hash of each change, in order.
    pub changes: Vec<(u64, Digest)>,
}

/// What an answer proves: to be kept in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// One per change sent.
    pub verdicts: Vec<VerdictRow>,
    /// A receipt that verified and stands on this phone's line.
    pub receipt: Option<LogReceipt>,
    /// Another line stands at the server: pushing stops, everything is kept.
    pub branch: bool,
}

/// A receipt of a log's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogReceipt {
    /// Verbatim.
    pub token: SignedStatement,
    /// Last seq it covers.
    pub up_to_seq: u64,
    /// Server time in it.
    pub at: Millis,
}

/// Why an answer proves nothing. Nothing is marked as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// Verdicts are not those of what was sent.
    #[error("verdicts do not name what was sent")]
    Verdicts,
    /// The receipt is missing, does not verify, or names another line or an earlier head.
    #[error("the receipt does not prove what was sent")]
    Receipt,
}

/// Judges an answer. `own_hash` gives the hash of this phone's change at a seq of the log.
///
/// # Errors
/// [`Unproven`] when the answer does not prove that what was sent is stored.
pub fn judge(
    sent: &Sent,
    answer: PushAnswer,
    keys: &[PublicKey],
    own_hash: impl Fn(u64) -> Option<Digest>,
) -> Result<Facts, Unproven> {
    let named = answer.verdicts.iter().map(|v| (v.seq, v.hash));
    if !named.eq(sent.changes.iter().copied()) && Guard::Receipt.stands() {
        return Err(Unproven::Verdicts);
    }
    let proven = answer
        .receipt
        .and_then(|token| open(sent.log, token, keys, own_hash));
    let reached = sent.changes.last().map_or(0, |(seq, _)| *seq);
    // A branch is stored, but the receipt is of the main line, which is not this phone's any more.
    let receipt = match proven {
        Some(receipt) if receipt.up_to_seq >= reached || answer.branch => Some(receipt),
        _ if answer.branch || !Guard::Receipt.stands() => None,
        _ => return Err(Unproven::Receipt),
    };
    Ok(Facts {
        verdicts: answer.verdicts,
        receipt,
        branch: answer.branch,
    })
}

/// The receipt, when it verifies and its head is this phone's own.
fn open(
    sent_log: LogId,
    token: SignedStatement,
    keys: &[PublicKey],
    own_hash: impl Fn(u64) -> Option<Digest>,
) -> Option<LogReceipt> {
    let receipt: Receipt = token.open(keys, RECEIPT_CONTEXT).ok()?;
    let Receipt::Log {
        log,
        up_to_seq,
        hash,
        server_time,
        ..
    } = receipt
    else {
        return None;
    };
    let own = log == sent_log && own_hash(up_to_seq) == Some(hash);
    own.then_some(LogReceipt {
        token,
        up_to_seq,
        at: server_time,
    })
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
