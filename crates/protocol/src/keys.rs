//! Ed25519 keys and signed statements. Every signature has its own context and names key and
//! algorithm, so that none can be replayed as another statement.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::canonical::{CanonicalError, canonical_bytes};
use crate::digest::Digest;

/// The only algorithm so far; named in every signature.
pub const ALGORITHM: &str = "ed25519";

/// A public key with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// First 16 hex characters of the key's SHA-256.
    pub id: String,
    /// Algorithm.
    pub alg: String,
    /// 32 bytes in hex.
    pub key: String,
}

impl PublicKey {
    /// Whether it is a key of the one algorithm under its right name. Checked where a key comes in.
    pub fn is_usable(&self) -> bool {
        verifying_key(self).is_ok()
    }
}

/// Why a signature does not hold.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The text is not a signed statement.
    #[error("signed statement is malformed")]
    Malformed,
    /// No listed key has this name.
    #[error("no key {0}")]
    UnknownKey(String),
    /// Key or bytes do not fit.
    #[error("signature does not verify")]
    Invalid,
}

/// The name and text form of a key's public half.
pub fn public_key(key: &SigningKey) -> PublicKey {
    let bytes = key.verifying_key().to_bytes();
    PublicKey {
        id: key_id(&bytes),
        alg: ALGORITHM.to_owned(),
        key: hex::encode(bytes),
    }
}

fn key_id(bytes: &[u8; 32]) -> String {
    Digest::of(bytes).to_hex().chars().take(16).collect()
}

/// Signs parts under a context; the signature is 128 hex characters.
pub fn sign(key: &SigningKey, context: &[u8], message: &[u8]) -> String {
    hex::encode(key.sign(&with_context(context, message)).to_bytes())
}

/// Verifies what [`sign`] made.
///
/// # Errors
/// [`SignatureError`] when key or signature are malformed or do not fit.
pub fn verify(
    key: &PublicKey,
    context: &[u8],
    message: &[u8],
    signature: &str,
) -> Result<(), SignatureError> {
    let verifying = verifying_key(key)?;
    // One spelling per signature: what is kept verbatim is compared verbatim.
    if signature.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(SignatureError::Malformed);
    }
    let mut bytes = [0; 64];
    hex::decode_to_slice(signature, &mut bytes).map_err(|_| SignatureError::Malformed)?;
    let signature = ed25519_dalek::Signature::from_bytes(&bytes);
    verifying
        .verify_strict(&with_context(context, message), &signature)
        .map_err(|_| SignatureError::Invalid)
}

pub(crate) fn verifying_key(key: &PublicKey) -> Result<VerifyingKey, SignatureError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(&key.key, &mut bytes).map_err(|_| SignatureError::Malformed)?;
    if key.alg != ALGORITHM || key.id != key_id(&bytes) {
        return Err(SignatureError::Malformed);
    }
    VerifyingKey::from_bytes(&bytes).map_err(|_| SignatureError::Malformed)
}

/// The context, a zero byte, the message: contexts hold no zero byte, so no two can run together.
fn with_context(context: &[u8], message: &[u8]) -> Vec<u8> {
    [context, b"\0", message].concat()
}

/// A signed statement on one line: `base64url(canonical JSON).key id.signature hex`. Verified as
/// those bytes and kept verbatim for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedStatement(pub String);

impl SignedStatement {
    /// Signs a statement.
    ///
    /// # Errors
    /// [`CanonicalError`] when the statement has no canonical form.
    pub fn make<T: Serialize>(
        key: &SigningKey,
        context: &[u8],
        statement: &T,
    ) -> Result<Self, CanonicalError> {
        let bytes = canonical_bytes(statement)?;
        let signature = sign(key, context, &bytes);
        let id = public_key(key).id;
        Ok(Self(format!(
            "{}.{id}.{signature}",
            URL_SAFE_NO_PAD.encode(bytes)
        )))
    }

    /// Reads the statement without verifying anything: only to find out whose key to verify with.
    pub fn peek<T: DeserializeOwned>(&self) -> Option<T> {
        let payload = self.0.split('.').next()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }

    /// Verifies against the listed keys and reads the statement.
    ///
    /// # Errors
    /// [`SignatureError`] when it is malformed, names an unknown key, or does not verify.
    pub fn open<T: DeserializeOwned>(
        &self,
        keys: &[PublicKey],
        context: &[u8],
    ) -> Result<T, SignatureError> {
        let mut parts = self.0.split('.');
        let (Some(payload), Some(id), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SignatureError::Malformed);
        };
        let bytes = URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|_| SignatureError::Malformed)?;
        let key = keys
            .iter()
            .find(|k| k.id == id)
            .ok_or_else(|| SignatureError::UnknownKey(id.to_owned()))?;
        verify(key, context, &bytes, signature)?;
        serde_json::from_slice(&bytes).map_err(|_| SignatureError::Malformed)
    }
}
