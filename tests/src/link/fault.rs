//! Faults that strike once, at an exact byte.

use serde::{Deserialize, Serialize};

/// A way along the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the phone to the server.
    Up,
    /// From the server to the phone.
    Down,
}

/// A cut waiting for its byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trip {
    pub(super) direction: Direction,
    /// Bytes of that direction that still get through.
    pub(super) left: u64,
}

/// What may be done with a chunk that is about to be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// Hand over all of it.
    Whole,
    /// Hand over this many bytes, then cut.
    CutAfter(usize),
}

/// Charges a chunk of `len` bytes against the armed trip, and disarms it when it strikes.
pub(super) fn pass(armed: &mut Option<Trip>, direction: Direction, len: usize) -> Passage {
    let Some(trip) = armed.as_mut().filter(|trip| trip.direction == direction) else {
        return Passage::Whole;
    };
    let len_bytes = len as u64;
    if len_bytes <= trip.left {
        trip.left -= len_bytes;
        return Passage::Whole;
    }
    let through = usize::try_from(trip.left).unwrap_or(len);
    *armed = None;
    Passage::CutAfter(through)
}
