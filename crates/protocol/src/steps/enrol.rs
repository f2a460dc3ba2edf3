//! enrol: one-time code and keys in; certificate, log short code and root keys out.

use crate::keys::{PublicKey, SignedStatement};
use serde::{Deserialize, Serialize};
use xunji_domain::ids::{BureauId, DeviceId, LogId, StationId};
use xunji_domain::time::Millis;

/// `POST`.
pub const PATH: &str = "/api/v1/enrol";
/// Context of device certificates.
pub const CERTIFICATE_CONTEXT: &[u8] = b"xunji/certificate/1";
/// Context of the key list signed by the bureau's root.
pub const KEYS_CONTEXT: &[u8] = b"xunji/keys/1";

/// What a fresh phone sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// From the QR; valid 10 minutes, once.
    pub code: String,
    /// Made by the phone.
    pub device: DeviceId,
    /// Key that signs hello.
    pub device_key: PublicKey,
    /// The first log.
    pub log: LogId,
    /// Key of that log.
    pub log_key: PublicKey,
}

/// What the certificate says; signed by the bureau's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Tenant.
    pub bureau: BureauId,
    /// Station the phone works for.
    pub station: StationId,
    /// Phone.
    pub device: DeviceId,
    /// Its key.
    pub device_key: PublicKey,
    /// When it was made.
    pub issued_at: Millis,
}

/// The keys a phone trusts, signed by the root; old keys stay listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyList {
    /// Root key; its hash was in the QR.
    pub root: PublicKey,
    /// Keys that sign receipts.
    pub receipts: Vec<PublicKey>,
    /// Keys that bundles are sealed to, and nothing else: see [`crate::bundle`]. A server of before
    /// bundles lists none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<PublicKey>,
}

/// What the phone gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// [`Certificate`].
    pub certificate: SignedStatement,
    /// [`KeyList`].
    pub keys: SignedStatement,
    /// Root key.
    pub root: PublicKey,
    /// Short code of the log within its station; never given twice.
    pub short_code: String,
    /// Station's code in record numbers.
    pub station_code: String,
    /// Tenant.
    pub bureau: BureauId,
    /// Station.
    pub station: StationId,
    /// Server time.
    pub server_time: Millis,
}
