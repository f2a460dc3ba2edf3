//! `mirror.db`: what the server last said, and the search keys made from it. Synchronous=NORMAL: it may be
//! rebuilt from position 0 at any time.

pub mod cursor;
pub mod derived;
pub mod inspections;
pub mod operators;
pub mod records;
pub mod sets;

use super::door::{Door, FileOf};
use super::migrate::Step;

/// Marks the file in [`Door`]'s types.
pub struct MirrorFile;

impl FileOf for MirrorFile {
    const NAME: &'static str = "mirror.db";
    const APPLICATION_ID: i32 = 0x786a_6d31; // "xjm1"
    const SYNCHRONOUS: &'static str = "NORMAL";
    const STEPS: &'static [Step] = &[
        Step {
            name: "first",
            sql: include_str!("001_first.sql"),
        },
        Step {
            name: "doubt",
            sql: include_str!("002_doubt.sql"),
        },
        Step {
            name: "gone",
            sql: include_str!("003_gone.sql"),
        },
        Step {
            name: "derived",
            sql: include_str!("004_derived.sql"),
        },
    ];
}

/// The open file.
pub type Mirror = Door<MirrorFile>;
/// A read transaction on it.
pub type Read<'c> = super::door::Read<'c, MirrorFile>;
/// A write transaction on it.
pub type Write<'c> = super::door::Write<'c, MirrorFile>;
