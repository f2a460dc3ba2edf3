//! What a log of this phone and what the server says of it mean together: the decision table, pure.
//!
//! | the server's head of the log | is | what happens |
//! |---|---|---|
//! | on my line, what I hold receipts for is there | ordinary | what follows is pushed |
//! | on my line, what I hold receipts for is not there | restored server | what it lacks is offered again |
//! | beyond mine, mine is on its line | restored phone | new log |
//! | another hash at a common seq, or it was told of two lines | fork | new log; this one is still handed in |
//! | the log is not known | restored to before it was opened | taken back by certificate, then as a restored server |

use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;
use xunji_protocol::kinds::OpenedBecause;
use xunji_protocol::log::LogHead;
use xunji_protocol::steps::hello::{EpochSaid, ToldLog};

/// A log as this phone has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnLog {
    /// Its head.
    pub head: LogHead,
    /// The phone's own hash at the seq of the server's head; `None` where the phone has not come that far.
    pub at_told: Option<Digest>,
    /// What is written goes here.
    pub open: bool,
}

/// What follows for one log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The server lacks what it receipted: everything behind this seq is offered again.
    pub lacks_after: Option<u64>,
    /// The line was continued elsewhere: it is closed, and another one opened.
    pub new_log: Option<OpenedBecause>,
}

/// Compares one log.
pub fn compare(own: &OwnLog, told: &ToldLog) -> Standing {
    let mine_is_behind = told.head.seq > own.head.seq;
    let on_my_line = told.head.seq == 0 || own.at_told == Some(told.head.hash);
    let lacks_after = match (told.held, on_my_line) {
        (true, _) => None,
        (false, true) => Some(told.head.seq),
        // Which part of a line beside the main one is stored only the pushes tell.
        (false, false) => Some(0),
    };
    let elsewhere = if told.branched {
        Some(OpenedBecause::Fork)
    } else if mine_is_behind && told.on_line {
        Some(OpenedBecause::PhoneRestored)
    } else if mine_is_behind || !on_my_line {
        Some(OpenedBecause::Fork)
    } else {
        None
    };
    Standing {
        lacks_after,
        new_log: elsewhere.filter(|_| own.open),
    }
}

/// A server's clock may have been set back between two receipts.
const MARGIN_MS: i64 = 60 * 60 * 1000;

/// Whether a receipt may stand for something that a later epoch of the server lost: it was made in an
/// earlier one, after the moment up to which the later one began with everything.
pub fn may_have_lapsed(epoch: u64, at: Millis, epochs: &[EpochSaid]) -> bool {
    epochs
        .iter()
        .any(|said| said.number > epoch && at.0 > said.through.0.saturating_sub(MARGIN_MS))
}

#[cfg(test)]
#[path = "heads_tests.rs"]
mod tests;
