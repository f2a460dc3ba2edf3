//! What every backend of the server must do, as plain functions over a factory: the same cases on
//! SQLite in memory and on disk, and on whatever comes later. They speak to the server's router in
//! bytes, as a phone does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]
#![allow(missing_docs, reason = "the names of the cases say what they hold")]

pub mod backend;
pub mod compare;
pub mod crash;
pub mod drafts;
pub mod epochs;
pub mod erased;
pub mod feeds;
pub mod lines;
pub mod phone;
pub mod refusals;
pub mod register;
pub mod sample;
#[cfg(test)]
mod tests;
pub mod wire;

pub use backend::Backend;

/// A case of the suite.
pub type Case = (&'static str, fn(&Backend));

/// Every case.
pub const CASES: &[Case] = &[
    (
        "positions are dense and in order with 8 writers",
        feeds::eight_writers,
    ),
    (
        "a crowd at one record all get through",
        feeds::a_crowd_at_one_record,
    ),
    (
        "writes during paging lie beyond the snapshot",
        feeds::writes_during_paging,
    ),
    (
        "a cursor of another history is refused",
        feeds::another_history,
    ),
    ("a phone sees its station and nothing else", feeds::scope),
    (
        "what a mirror lacks is told by buckets and fetched",
        compare::differences,
    ),
    (
        "a mirror behind the head or of another station is not compared",
        compare::not_now,
    ),
    (
        "the same request twice gets the same bytes",
        lines::same_bytes,
    ),
    ("a longer segment brings the rest", lines::known_and_new),
    ("a branch is stored, applied and flagged", lines::branch),
    ("a gap names the seq to send from", lines::gap),
    (
        "a body that comes later releases its change",
        lines::body_later,
    ),
    (
        "a record that comes later releases its change",
        lines::record_later,
    ),
    (
        "a change that waited for its body waits for its record after that",
        lines::body_then_record_later,
    ),
    (
        "an unknown author is kept in quarantine",
        lines::unknown_author,
    ),
    (
        "a crash after every point of a commit loses nothing that was answered",
        crash::every_point,
    ),
    ("a conflict keeps both values", register::conflict),
    (
        "two offline edits of one person do not conflict",
        register::own_edits,
    ),
    (
        "a record goes its way: signed, returned, amended, approved",
        register::a_record_goes_its_way,
    ),
    (
        "a code enrols once, and its answer is given again",
        register::enrol_once,
    ),
    ("hello knows where both stand", register::hello),
    (
        "a phone this store does not know is taken back by its certificate alone",
        epochs::taken_back,
    ),
    (
        "what this server signed and lacks opens one new epoch",
        epochs::shown_what_is_missing,
    ),
    (
        "a declared loss lets what follows it in, and nothing else does",
        epochs::behind_a_hole,
    ),
    (
        "what a rule erased is gone, and does not come back",
        erased::erased_and_offered_again,
    ),
    (
        "an erasing killed at every point is finished by the next",
        erased::killed_at_every_point,
    ),
    (
        "of the copies of a draft the highest version stands, whichever came last",
        drafts::highest_version_stands,
    ),
    (
        "a draft is offered to the phones of its station until it is signed",
        drafts::offered_until_signed,
    ),
    (
        "a takeover is a change that is kept, and its copy outlives the thirty days",
        drafts::taken_over,
    ),
    (
        "a copy that is not a phone's own, or altered, is not taken",
        drafts::refused,
    ),
    (
        "what cannot be read gets a problem document",
        refusals::problem_documents,
    ),
    (
        "altered segments are refused and leave no trace",
        refusals::altered_segments,
    ),
];
