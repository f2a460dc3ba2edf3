//! The suite on every backend there is.

use super::{Backend, CASES};

fn run(make: fn() -> Backend) {
    for (name, case) in CASES {
        let backend = make();
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&backend)));
        assert!(ran.is_ok(), "{}: {name}", backend.name);
    }
}

#[test]
fn sqlite_in_memory() {
    run(Backend::memory);
}

#[test]
fn sqlite_on_disk() {
    run(Backend::disk);
}
