//! The sync engine decides here and acts elsewhere: rows and answers in, steps and facts out. Nothing in
//! this folder names a database, a network, a clock or randomness; [`crate::runner`] acts.
//!
//! One change from the tap to its receipt: a use case makes it (`usecases/append`), the store keeps it in its log
//! (`store/local/log`, `outbox`). [`plan`] sees it and says what goes next, as large as [`request`] allows; `runner/push`
//! sends the segment, the server's `steps/push` takes it, `decide` judges it, `write` commits and signs the receipt.
//! [`push`] judges that answer; [`uploads`] does the same for the photos it names. [`pull`] takes in what became of it,
//! [`current`] shows it until then, [`heads`] says whether this is still the server it was and this phone the one
//! it was, [`compare`] whether the mirror is the server's, [`progress`] how far all of it is. [`bundle`] cuts it into
//! files for a stick.

pub mod bundle;
pub mod compare;
pub mod current;
pub mod errors;
pub mod heads;
pub mod plan;
#[cfg(test)]
mod plan_tests;
pub mod progress;
pub mod pull;
pub mod push;
pub mod request;
pub mod uploads;
