//! How long an account stays closed after wrong passwords. Pure.

use xunji_domain::time::Millis;

/// Wrong passwords that cost nothing.
pub const FREE: u64 = 4;
/// The first pause.
const FIRST_MS: i64 = 30_000;
/// The longest pause.
const LONGEST_MS: i64 = 60 * 60_000;

/// Until when the account is closed after `failures` wrong passwords in a row, the last one at
/// `now`. From the fifth on the pause doubles: 30 s, 1 min, 2 min … one hour. Never for ever: a
/// stranger who guesses must not be able to lock the supervisor out for good.
pub fn closed_until(failures: u64, now: Millis) -> Millis {
    let Some(over) = failures.checked_sub(FREE + 1) else {
        return Millis(0);
    };
    let pause = u32::try_from(over)
        .ok()
        .and_then(|n| FIRST_MS.checked_shl(n.min(20)))
        .unwrap_or(LONGEST_MS);
    Millis(now.0.saturating_add(pause.min(LONGEST_MS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_from_the_fifth_failure_and_ends_at_an_hour() {
        let now = Millis(1_000);
        let pauses: Vec<i64> = (0..=40).map(|n| closed_until(n, now).0 - now.0).collect();
        assert!(pauses[..5].iter().all(|p| *p <= 0), "{pauses:?}");
        assert_eq!(&pauses[5..9], [30_000, 60_000, 120_000, 240_000]);
        assert!(pauses[5..].windows(2).all(|w| w[0] <= w[1]));
        assert_eq!(pauses[40], LONGEST_MS);
    }
}
