//! The points of every signal, in one table. They only order the queue: the sum says how soon a
//! person should look, never what is true. No published rule gives such numbers; they are the
//! project's own proposal, made so that
//!
//! - one thing that questions the evidence itself (≥ 40) outweighs any other single one, and any two
//!   that need a decision but cast no doubt on the record (拒签, 关键项);
//! - what is only good to know weighs nothing.

use super::{SignalCode, Tone};

/// How loud and how heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// How loud.
    pub tone: Tone,
    /// Points.
    pub points: u32,
}

/// The weight of a signal.
pub fn weigh(code: SignalCode) -> Weight {
    use SignalCode as S;
    let (tone, points) = match code {
        // What was signed is in question: two texts, two lines, one number twice, no text at all.
        S::SignedTwice | S::Branch | S::NumberTwice | S::Unreadable => (Tone::Fail, 60),
        // Whether the visit took place as written is in question.
        S::Short => (Tone::Fail, 48),
        S::PhotoReused => (Tone::Fail, 45),
        S::Flat => (Tone::Fail, 40),
        // Explained easily, but only by a person who asks.
        S::ClockBack => (Tone::Warn, 30),
        S::LastFailedSkipped => (Tone::Warn, 28),
        S::Streak => (Tone::Warn, 26),
        S::CardMismatch => (Tone::Warn, 24),
        S::LastFailedQuick => (Tone::Warn, 20),
        S::LicenceExpired => (Tone::Warn, 18),
        // A decision is due; the record itself is sound.
        S::Refused | S::Critical | S::OwnConclusion => (Tone::Warn, 16),
        S::Imported | S::Damaged | S::CheckDigit => (Tone::Warn, 12),
        S::Unchecked | S::Late | S::ClockOff => (Tone::Warn, 10),
        // Housekeeping of the register and of the lines between devices.
        S::IllegalTransition | S::StaleVersion | S::OutOfScope | S::Conflict | S::Absent => {
            (Tone::Warn, 8)
        }
        S::Repeat | S::Amended | S::NotInspected => (Tone::Plain, 0),
    };
    Weight { tone, points }
}
