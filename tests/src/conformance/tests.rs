//! The suite on every backend there is.

use super::{Backend, CASES, epochs};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn run(make: fn() -> Backend) {
    let failed: Vec<&str> = CASES
        .iter()
        .filter(|(_, case)| {
            let backend = make();
            catch_unwind(AssertUnwindSafe(|| case(&backend))).is_err()
        })
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn sqlite_in_memory() {
    run(Backend::memory);
}

#[test]
fn sqlite_on_disk() {
    run(Backend::disk);
}

#[test]
fn a_revoked_phone_is_not_taken_back_by_its_certificate() {
    epochs::stays_revoked(&Backend::disk());
}
