//! The recorder's journal, record by record.

use crate::market::{Step, Stopped};

/// Bytes of a record's head: op, inode, offset, length, lengths of two paths.
const HEAD: usize = 1 + 8 + 8 + 4 + 2 + 2;

/// One change of the disk. Paths are relative to the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// A file that was not there.
    Create { path: String, inode: u64 },
    /// A file that was there: what this inode is called.
    Open { path: String, inode: u64 },
    /// Bytes at an offset.
    Write {
        inode: u64,
        offset: u64,
        data: Vec<u8>,
    },
    /// Another length.
    Truncate { inode: u64, length: u64 },
    /// Everything of this file is on the disk.
    Sync { inode: u64 },
    /// Every name in this directory is on the disk.
    SyncNames { directory: String },
    /// A name becomes another one, which may have been there.
    Rename { from: String, to: String },
    /// A second name.
    Link { from: String, to: String },
    /// A name goes.
    Unlink { path: String },
    /// A directory comes or goes: nothing that this disk loses.
    Directory,
}

/// Every whole record of `bytes`. The last one may be cut: its program was killed.
pub(super) fn read(bytes: &[u8]) -> Step<Vec<(usize, Record)>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((record, next)) = one(bytes, at)? {
        found.push((at, record));
        at = next;
    }
    Ok(found)
}

fn one(bytes: &[u8], at: usize) -> Step<Option<(Record, usize)>> {
    let Some(head) = bytes.get(at..at + HEAD) else {
        return Ok(None);
    };
    let number = |from: usize, size: usize| {
        head.iter()
            .skip(from)
            .take(size)
            .rev()
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte))
    };
    let size = |from, size| usize::try_from(number(from, size)).unwrap_or(usize::MAX);
    let (length, first, second) = (size(17, 4), size(21, 2), size(23, 2));
    let first_at = at + HEAD;
    let data_at = first_at + first + second;
    let Some(data) = bytes.get(data_at..data_at + length) else {
        return Ok(None);
    };
    let text = |from: usize, length: usize| {
        String::from_utf8_lossy(bytes.get(from..from + length).unwrap_or_default()).into_owned()
    };
    let (inode, offset) = (number(1, 8), number(9, 8));
    let (path, other) = (text(first_at, first), text(first_at + first, second));
    let record = match number(0, 1) as u8 {
        b'C' => Record::Create { path, inode },
        b'O' => Record::Open { path, inode },
        b'W' => Record::Write {
            inode,
            offset,
            data: data.to_vec(),
        },
        b'T' => Record::Truncate {
            inode,
            length: offset,
        },
        b'S' => Record::Sync { inode },
        b'D' => Record::SyncNames { directory: path },
        b'R' => Record::Rename {
            from: path,
            to: other,
        },
        b'L' => Record::Link {
            from: path,
            to: other,
        },
        b'U' => Record::Unlink { path },
        b'M' | b'X' => Record::Directory,
        other => return Err(Stopped(format!("the journal has a record {other} at {at}"))),
    };
    Ok(Some((record, data_at + length)))
}
