//! Protocol versions, each with its date and reason.

/// 2026-11: the first. Segments, verdicts, feeds, receipts and tus files.
pub const V1: u32 = 1;
/// What this program speaks.
pub const CURRENT: u32 = V1;
/// The oldest it still understands.
pub const OLDEST: u32 = V1;
/// Header that names the protocol version of a request and of its answer.
pub const HEADER: &str = "xunji-protocol";

/// In which version a server answers whoever speaks `asked`: in that one where it understands it, so that an older
/// phone understands a newer server. Else in its own, which tells the other side what is spoken here.
pub fn answered(asked: Option<u32>) -> u32 {
    within(asked, OLDEST, CURRENT)
}

fn within(asked: Option<u32>, oldest: u32, current: u32) -> u32 {
    asked
        .filter(|asked| (oldest..=current).contains(asked))
        .unwrap_or(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_speaker_is_answered_in_its_own_version() {
        for (asked, answered) in [
            (Some(1), 3),
            (Some(2), 2),
            (Some(3), 3),
            (Some(4), 3),
            (None, 3),
        ] {
            assert_eq!(within(asked, 2, 3), answered, "{asked:?}");
        }
        assert_eq!(answered(Some(CURRENT)), CURRENT);
        assert_eq!(answered(Some(CURRENT + 1)), CURRENT);
    }
}
