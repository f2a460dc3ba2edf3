//! Randomness from the operating system: salts, tokens, codes, identities.

use uuid::Uuid;
use xunji_domain::time::Millis;

/// Random bytes.
///
/// # Errors
/// When the operating system gives none; nothing may be made without.
pub fn bytes<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}

/// A UUIDv7 for a record born here at `now`.
///
/// # Errors
/// As [`bytes`].
pub fn id(now: Millis) -> std::io::Result<Uuid> {
    let ms = u64::try_from(now.0).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(ms, &bytes::<10>()?).into_uuid())
}
