//! The rows that are built, in the order of the table.

mod backups;
mod convergence;
mod cut_upload;
mod disks;
mod feed;
mod killed_phone;
mod killed_server;
mod lost_answers;
mod older_files;
mod own_edits;
mod portals;
mod seeds;
mod tampered;

use super::Row;

/// Every row.
pub const ROWS: &[Row] = &[
    killed_phone::ROW,
    killed_server::ROW,
    lost_answers::ROW,
    convergence::ROW,
    cut_upload::ROW,
    feed::ROW,
    portals::ROW,
    tampered::ROW,
    own_edits::ACKNOWLEDGED,
    own_edits::TWICE,
    older_files::ROW,
    backups::ROW,
];
