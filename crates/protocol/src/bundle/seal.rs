//! Who may read a volume: its frames are sealed with a key of its own, and that key is sealed to each of
//! the county's bundle keys. A carrier, a lost stick, a mail box hold nothing that reads.
//!
//! Bundle keys are kept in Ed25519 form like all others and used for X25519 alone (RFC 7748, 6.1), so that
//! one form of key serves list and file.

use super::BundleError;
use crate::keys::{PublicKey, public_key, verifying_key};
use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Context of the key that a volume's key is sealed with.
const WRAP_CONTEXT: &[u8] = b"xunji/bundle-wrap/1\0";

/// The key of a volume's frames, readable by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Name of the bundle key that opens it.
    pub key: String,
    /// The sender's half, made for this volume alone.
    pub ephemeral: PublicKey,
    /// The sealed key: 48 bytes in hex.
    pub wrapped: String,
}

/// Seals a volume's key to a bundle key. `seed` must be random and never used again.
///
/// # Errors
/// [`BundleError::Key`] for a key that is none.
pub fn seal_key(
    volume: &[u8; 32],
    to: &PublicKey,
    seed: &Zeroizing<[u8; 32]>,
) -> Result<Seal, BundleError> {
    seal_under(WRAP_CONTEXT, volume, to, seed)
}

/// Seals 32 bytes under a context: what is sealed under one does not open under another.
pub(crate) fn seal_under(
    context: &[u8],
    secret: &[u8; 32],
    to: &PublicKey,
    seed: &Zeroizing<[u8; 32]>,
) -> Result<Seal, BundleError> {
    let ephemeral = SigningKey::from_bytes(seed);
    let own = public_key(&ephemeral);
    let cipher = wrapping(context, &ephemeral, to, (&own, to))?;
    let mut wrapped = secret.to_vec();
    // The key is used for this one message, so its nonce may be zeros.
    cipher
        .encrypt_in_place(&XNonce::from([0; 24]), to.id.as_bytes(), &mut wrapped)
        .map_err(|_| BundleError::Key)?;
    Ok(Seal {
        key: to.id.clone(),
        ephemeral: own,
        wrapped: hex::encode(wrapped),
    })
}

/// Opens a seal with the bundle key that it names.
///
/// # Errors
/// [`BundleError::Key`] when it is of another key, or was altered.
pub fn unseal_key(seal: &Seal, own: &SigningKey) -> Result<Zeroizing<[u8; 32]>, BundleError> {
    unseal_under(WRAP_CONTEXT, seal, own)
}

/// Opens what was sealed under a context.
pub(crate) fn unseal_under(
    context: &[u8],
    seal: &Seal,
    own: &SigningKey,
) -> Result<Zeroizing<[u8; 32]>, BundleError> {
    let public = public_key(own);
    if seal.key != public.id {
        return Err(BundleError::Key);
    }
    let cipher = wrapping(context, own, &seal.ephemeral, (&seal.ephemeral, &public))?;
    let mut bytes = Zeroizing::new(hex::decode(&seal.wrapped).map_err(|_| BundleError::Key)?);
    cipher
        .decrypt_in_place(&XNonce::from([0; 24]), public.id.as_bytes(), &mut *bytes)
        .map_err(|_| BundleError::Key)?;
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return Err(BundleError::Key);
    }
    key.copy_from_slice(&bytes);
    Ok(key)
}

/// What both sides make of their own secret and the other's public half.
fn wrapping(
    context: &[u8],
    own: &SigningKey,
    other: &PublicKey,
    (ephemeral, recipient): (&PublicKey, &PublicKey),
) -> Result<XChaCha20Poly1305, BundleError> {
    let point = verifying_key(other).map_err(|_| BundleError::Key)?;
    // A point of small order would make a secret that anybody knows.
    if point.is_weak() {
        return Err(BundleError::Key);
    }
    let secret = Zeroizing::new(own.to_scalar_bytes());
    let shared = Zeroizing::new(point.to_montgomery().mul_clamped(*secret).to_bytes());
    let mut hasher = Sha256::new();
    hasher.update(context);
    hasher.update(ephemeral.key.as_bytes());
    hasher.update(recipient.key.as_bytes());
    hasher.update(shared.as_slice());
    let key = Zeroizing::new(<[u8; 32]>::from(hasher.finalize()));
    Ok(XChaCha20Poly1305::new(&(*key).into()))
}
