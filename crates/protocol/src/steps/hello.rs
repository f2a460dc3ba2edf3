//! hello: signed by the device key; versions, time, heads, keys; answers the 15-minute token.

use crate::feed::FeedHead;
use crate::keys::SignedStatement;
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
    /// Heads of the device's feeds.
    pub feeds: Vec<FeedHead>,
    /// [`crate::steps::enrol::KeyList`], signed by the root.
    pub keys: SignedStatement,
    /// What the last verified backup holds; `None` without one.
    pub backed_up_through: Option<Millis>,
    /// Digests of files the server still wants from this log.
    pub wanted: Vec<String>,
    /// Bearer token.
    pub token: String,
    /// End of the token, server time.
    pub token_until: Millis,
}
