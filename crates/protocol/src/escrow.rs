//! The key of a phone's files, sealed to the county's bundle keys and kept by the server: a lost key never means
//! lost evidence. Whoever holds `keys.json` opens it; on the phone a person types what was inside.

use crate::bundle::{BundleError, Seal, seal_under, unseal_under};
use crate::canonical::{CanonicalError, canonical_bytes};
use crate::digest::Digest;
use crate::keys::PublicKey;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use xunji_domain::ids::DeviceId;
use zeroize::Zeroizing;

/// Context of the sealing; the phone's id follows, so that nobody's key is taken for another's.
const CONTEXT: &[u8] = b"xunji/key-escrow/1\0";
/// Context of the check that a typed key ends with, and of the one that lies beside the data.
const CHECK_CONTEXT: &[u8] = b"xunji/key-check/1\0";
/// Bytes of the check in a code.
const CHECK: usize = 3;
/// Crockford's digits: none that is taken for another when it is read out.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits of a code: 35 bytes of 8 bits in digits of 5.
const LENGTH: usize = 56;
/// Digits that stand together.
const GROUP: usize = 4;

/// A key that the bureau alone opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escrow {
    /// The phone whose files it opens.
    pub device: DeviceId,
    /// The same key, sealed to each of the county's bundle keys.
    pub seals: Vec<Seal>,
}

impl Escrow {
    /// Seals a key to each bundle key, with a fresh random seed for each.
    ///
    /// # Errors
    /// [`BundleError::Key`] for a key that is none, or when there are fewer seeds than keys.
    pub fn seal(
        key: &[u8; 32],
        device: DeviceId,
        to: &[PublicKey],
        seeds: &[Zeroizing<[u8; 32]>],
    ) -> Result<Self, BundleError> {
        if to.is_empty() || seeds.len() < to.len() {
            return Err(BundleError::Key);
        }
        let context = context(device);
        let seals = to.iter().zip(seeds);
        Ok(Self {
            device,
            seals: seals
                .map(|(to, seed)| seal_under(&context, key, to, seed))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Opens it with a bundle key.
    ///
    /// # Errors
    /// [`BundleError::Key`] when it is sealed to others, or was altered.
    pub fn open(&self, own: &SigningKey) -> Result<Zeroizing<[u8; 32]>, BundleError> {
        let context = context(self.device);
        let opened = self.seals.iter();
        opened
            .filter_map(|seal| unseal_under(&context, seal, own).ok())
            .next()
            .ok_or(BundleError::Key)
    }

    /// Whether it is sealed to just these keys.
    #[must_use]
    pub fn is_sealed_to(&self, keys: &[PublicKey]) -> bool {
        let seals = self.seals.iter().map(|seal| &seal.key);
        seals.eq(keys.iter().map(|key| &key.id))
    }

    /// Its name: what the server says it holds.
    ///
    /// # Errors
    /// [`CanonicalError`] when it has no canonical form, which its limits exclude.
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        Ok(Digest::of(&canonical_bytes(self)?))
    }
}

/// What tells one key from another and nothing else of it.
#[must_use]
pub fn check(key: &[u8; 32]) -> Digest {
    Digest::of_parts(&[CHECK_CONTEXT, key])
}

/// A key as a person reads it out and types it: fourteen groups of four digits, the last ones a check.
#[must_use]
pub fn code(key: &[u8; 32]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(key.to_vec());
    bytes.extend(check(key).0.iter().take(CHECK));
    let mut text = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
    for at in 0..LENGTH {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        let digit = (0..5).fold(0_usize, |digit, bit| {
            digit << 1 | bit_at(&bytes, at * 5 + bit)
        });
        text.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
    }
    text
}

/// Reads a typed code; spaces, hyphens and case do not matter, and O, I and L are what they look like.
/// `None` when a digit is missing, too many or wrong.
#[must_use]
pub fn read_code(typed: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0_u8; LENGTH * 5 / 8]);
    let mut digits = 0;
    for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let value = digit(typed)?;
        for bit in 0..5 {
            let at = digits * 5 + bit;
            let set = u8::from(value >> (4 - bit) & 1 == 1);
            *bytes.get_mut(at / 8)? |= set << (7 - at % 8);
        }
        digits += 1;
    }
    let mut key = Zeroizing::new([0; 32]);
    let (head, tail) = bytes.split_at(32);
    key.copy_from_slice(head);
    let fits = check(&key).0.get(..CHECK) == Some(tail);
    (digits == LENGTH && fits).then_some(key)
}

fn digit(typed: char) -> Option<usize> {
    let shown = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    DIGITS.iter().position(|known| char::from(*known) == shown)
}

fn bit_at(bytes: &[u8], at: usize) -> usize {
    let byte = bytes.get(at / 8).copied().unwrap_or(0);
    usize::from(byte >> (7 - at % 8) & 1)
}

fn context(device: DeviceId) -> Vec<u8> {
    [CONTEXT, device.as_bytes()].concat()
}
