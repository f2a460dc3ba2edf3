//! The database behind one door: `load` reads a snapshot, `commit` writes a plan; between them
//! stands `decide`, which is pure. No other folder of this crate names rusqlite.
//!
//! Every function takes the bureau first: it is the leading key of every table. A further table
//! comes with a new file under `migrations/`, a line in `migrate.rs`, and a file here with its
//! reads and writes, built on `Store::read` and `Store::write`.

pub mod backups;
pub mod changes;
pub(crate) mod columns;
mod commit;
pub mod console;
mod derive;
pub mod drafts;
pub mod due;
pub mod enrolment;
pub mod epochs;
pub mod erased;
mod error;
pub mod escrow;
mod feeds;
pub mod files;
mod load;
mod log_size;
pub mod meta;
mod migrate;
pub mod missed;
pub mod pages;
pub mod readmit;
pub mod sets;
pub mod stopped;
mod store;
pub mod uploads;
pub mod verify;
mod watch;

pub use commit::{Committed, commit};
pub use error::StoreError;
pub use load::{load, present};
pub use migrate::NEWEST_STEP;
pub use store::Store;
pub use watch::CommitPoint;
