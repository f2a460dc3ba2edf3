//! Passwords: argon2id with the parameters OWASP names first, at most two at a time.

use crate::problem::{Answer, internal};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Memory of one hash in KiB: 46 MiB.
const MEMORY_KIB: u32 = 46 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// Hashes computed at once: two take 92 MiB, which the smallest box has.
pub(crate) static TURNS: Semaphore = Semaphore::const_new(2);

/// A hash of a password that nobody has: an unknown account takes as long as a known one.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("巡集·无此账号").ok());

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("password hashing: {0}")]
pub struct HashError(String);

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| HashError(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string of a password with a fresh salt. Blocks for about a tenth of a second.
///
/// # Errors
/// [`HashError`] when the system gives no randomness or memory.
pub fn hash(password: &str) -> Result<String, HashError> {
    let hash = hasher()?
        .hash_password(password.as_bytes())
        .map_err(|e| HashError(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password fits a PHC string. `None` stands for an account that does not exist: the same
/// work is done, and the answer is no.
///
/// # Errors
/// When the work cannot be done at all.
pub async fn fits(password: String, stored: Option<String>) -> Answer<bool> {
    let _turn = TURNS.acquire().await.map_err(|e| internal(&e))?;
    let checked = tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        stored
            .or_else(|| NOBODY.clone())
            .is_some_and(|phc| verify(&password, &phc))
            && known
    });
    checked.await.map_err(|e| internal(&e))
}

fn verify(password: &str, phc: &str) -> bool {
    // Cost parameters are those of the stored string, not those of today.
    PasswordHash::new(phc).is_ok_and(|parsed| {
        Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_in_the_string() {
        let phc = hash("槐安-2026").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=47104,t=2,p=1$"), "{phc}");
        assert!(verify("槐安-2026", &phc));
        assert!(!verify("槐安-2027", &phc));
        assert_ne!(phc, hash("槐安-2026").unwrap());
    }
}
