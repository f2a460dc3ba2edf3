//! hello: signed by the device key; versions, time, heads, keys; answers the 15-minute token.

use crate::digest::Digest;
use crate::escrow::Escrow;
use crate::feed::FeedHead;
use crate::keys::{PublicKey, SignedStatement};
use crate::log::LogHead;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::DeviceId;
use xunji_domain::time::Millis;

/// `POST`.
pub const PATH: &str = "/api/v1/sync/hello";
/// Context of the signed hello.
pub const HELLO_CONTEXT: &[u8] = b"xunji/hello/1";

/// What the device signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Phone.
    pub device: DeviceId,
    /// Protocol version.
    pub protocol: u32,
    /// Program version.
    pub app: String,
    /// Random hex: echoed, so that a portal's page or an old answer is not taken for ours.
    pub nonce: String,
    /// The phone's wall clock.
    pub wall: Millis,
    /// Head of the open log.
    pub head: LogHead,
    /// What the phone was given and holds.
    #[serde(default, skip_serializing_if = "Shown::is_empty")]
    pub shown: Shown,
    /// The key of the phone's files, sealed to the bureau; as long as the server has not said that it holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escrow: Option<Escrow>,
}

/// Logs that a device may have: a phone that forks its log every day for two months needs help.
pub const MAX_LOGS: usize = 64;

/// What a phone was given and holds, so that a server can tell whether it is still the one that gave it,
/// and take a phone back that it no longer knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The certificate of enrolment, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<SignedStatement>,
    /// Every log of the phone, the open one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<ShownLog>,
    /// The newest signed feed heads, verbatim ([`crate::feed::FeedHeads`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<SignedStatement>,
    /// The newest receipt of a log, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<SignedStatement>,
}

impl Shown {
    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One log of the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLog {
    /// Where it stands on the phone.
    pub head: LogHead,
    /// Up to where the phone holds a receipt; seq 0 before the first.
    pub receipted: LogHead,
    /// Its key.
    pub key: PublicKey,
    /// Its code in record numbers.
    pub short_code: String,
}

/// What the server says of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldLog {
    /// Where its main line stands here.
    pub head: LogHead,
    /// Whether the phone's head lies on that line, or beyond it.
    pub on_line: bool,
    /// Whether what the phone holds a receipt for is stored, on whatever line.
    pub held: bool,
    /// Whether the line was continued in two places.
    pub branched: bool,
    /// Its code from now on.
    pub short_code: String,
}

/// An epoch of the store, from the second one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochSaid {
    /// Its number.
    pub number: u64,
    /// Server time up to which the store it began with held what had been receipted before.
    pub through: Millis,
}

/// Request body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloRequest {
    /// [`Hello`], signed with the device key.
    pub hello: SignedStatement,
}

/// Answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloAnswer {
    /// Echo of the nonce.
    pub nonce: String,
    /// Protocol version of the server.
    pub protocol: u32,
    /// Server time.
    pub server_time: Millis,
    /// Epoch of the store.
    pub epoch: u64,
    /// What the server holds of the open log.
    pub log_head: LogHead,
    /// Whether the device's head is on the server's line (`false`: a branch).
    pub on_line: bool,
    /// What the server holds of every log that was shown, in the order shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<ToldLog>,
    /// Epochs from the second one on, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub epochs: Vec<EpochSaid>,
    /// Heads of the device's feeds.
    pub feeds: Vec<FeedHead>,
    /// [`crate::steps::enrol::KeyList`], signed by the root.
    pub keys: SignedStatement,
    /// What the last verified backup holds; `None` without one.
    pub backed_up_through: Option<Millis>,
    /// The bureau lets phones free their space without a backup.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backup_waived: bool,
    /// The sealed keys of this phone that are held here, by their digests; a server of before escrow says none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escrows: Vec<Digest>,
    /// Digests of files the server still wants from this log.
    pub wanted: Vec<String>,
    /// Bearer token.
    pub token: String,
    /// End of the token, server time.
    pub token_until: Millis,
}
