//! `local.db`: what exists nowhere else. WAL with synchronous=FULL: a transaction that has returned has
//! survived a power cut.

pub mod amendments;
pub mod answers;
pub mod changes;
pub mod contact;
pub mod device_row;
pub mod draft_copies;
pub mod drafts;
pub mod early;
pub mod escrow;
pub mod files;
pub mod findings;
pub mod lapse;
pub mod leaving;
pub mod left;
pub mod licences;
pub mod log;
pub mod lost;
pub mod numbers;
pub mod outbox;
pub mod photos;
pub mod receipts;
pub mod rescued;
pub mod settings;
pub mod signatures;
pub mod verdicts;

use super::door::{Door, FileOf};
use super::migrate::Step;

/// Marks the file in [`Door`]'s types.
pub struct LocalFile;

impl FileOf for LocalFile {
    const NAME: &'static str = "local.db";
    const APPLICATION_ID: i32 = 0x786a_6c31; // "xjl1"
    const SYNCHRONOUS: &'static str = "FULL";
    const STEPS: &'static [Step] = &[
        Step {
            name: "first",
            sql: include_str!("001_first.sql"),
        },
        Step {
            name: "early",
            sql: include_str!("002_early.sql"),
        },
        Step {
            name: "logs",
            sql: include_str!("003_logs.sql"),
        },
        Step {
            name: "leaving",
            sql: include_str!("004_leaving.sql"),
        },
        Step {
            name: "erased",
            sql: include_str!("005_erased.sql"),
        },
        Step {
            name: "drafts",
            sql: include_str!("006_drafts.sql"),
        },
    ];
}

/// The open file.
pub type Local = Door<LocalFile>;
/// A read transaction on it.
pub type Read<'c> = super::door::Read<'c, LocalFile>;
/// A write transaction on it.
pub type Write<'c> = super::door::Write<'c, LocalFile>;
