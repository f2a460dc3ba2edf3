//! Feeds: dense positions in commit order, states with a revision.

use crate::digest::Digest;
use crate::keys::{PublicKey, SignedStatement};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xunji_domain::time::Millis;

/// Context of signed feed heads.
pub const HEADS_CONTEXT: &[u8] = b"xunji/feed-heads/1";

/// What a server says of a device's feeds at the end of a pull, signed with its receipt key. The phone
/// keeps the newest and shows it: a server that lacks what it signed was put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHeads {
    /// Epoch of the store when it was signed.
    pub epoch: u64,
    /// Server time when it was signed.
    pub server_time: Millis,
    /// One head per feed.
    pub feeds: Vec<FeedHead>,
}

impl FeedHeads {
    /// Reads signed heads; `None` when none of these keys signed them.
    pub fn open(token: &SignedStatement, keys: &[PublicKey]) -> Option<Self> {
        token.open(keys, HEADS_CONTEXT).ok()
    }
}

/// The head of one feed: one row, locked last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHead {
    /// Opaque to the phone.
    pub feed: String,
    /// The first floor writes epoch 1.
    pub epoch: u64,
    /// Last position; 0 before the first entry.
    pub pos: u64,
    /// Hash over all entries up to `pos`.
    pub history_hash: Digest,
}

impl FeedHead {
    /// The head of an empty feed.
    pub fn empty(feed: &str, epoch: u64) -> Self {
        Self {
            feed: feed.to_owned(),
            epoch,
            pos: 0,
            history_hash: Digest::ZERO,
        }
    }

    /// The head after one more entry.
    pub fn after(&self, kind: &str, id: Uuid, rev: u64, digest: Digest) -> Self {
        let pos = self.pos + 1;
        let history_hash = history_hash(self.history_hash, pos, kind, id, rev, digest);
        Self {
            feed: self.feed.clone(),
            epoch: self.epoch,
            pos,
            history_hash,
        }
    }
}

/// The hash of a feed's history after one entry.
pub fn history_hash(
    previous: Digest,
    pos: u64,
    kind: &str,
    id: Uuid,
    rev: u64,
    digest: Digest,
) -> Digest {
    Digest::of_parts(&[
        b"xunji/feed/1",
        &previous.0,
        &pos.to_be_bytes(),
        &(kind.len() as u64).to_be_bytes(),
        kind.as_bytes(),
        id.as_bytes(),
        &rev.to_be_bytes(),
        &digest.0,
    ])
}

/// The kind under which a feed's history hashes the departure of a record.
pub const MOVED_OUT: &str = "moved_out";

/// One entry of a pull answer; its state follows on the next line, unless the record moved out: then
/// `gone` says so, `kind` stays the record's own, and the digest is zeros.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedEntry {
    /// Feed.
    pub feed: String,
    /// Position.
    pub pos: u64,
    /// Kind of the record, see [`crate::state`].
    pub kind: String,
    /// Id of the record.
    pub id: Uuid,
    /// Revision: a device applies a record only when its (epoch, rev) is higher.
    pub rev: u64,
    /// Epoch of the revision.
    pub epoch: u64,
    /// Digest of the state bytes; zeros when it moved out.
    pub digest: Digest,
    /// The record left this feed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// How far a device has read each feed. Opaque text on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// One head per feed, in the order of the server.
    pub feeds: Vec<FeedHead>,
    /// Positions the running pull reads up to; empty between pulls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<FeedHead>,
}

impl Cursor {
    /// The text a device keeps and gives back.
    ///
    /// # Errors
    /// Only when serialising fails, which a cursor's shape excludes.
    pub fn encode(&self) -> Result<String, serde_json::Error> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?))
    }

    /// Reads what [`Self::encode`] made; `None` for anything else.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// The head this cursor holds of a feed.
    pub fn head(&self, feed: &str) -> Option<&FeedHead> {
        self.feeds.iter().find(|h| h.feed == feed)
    }
}
