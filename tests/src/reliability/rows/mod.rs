//! The rows that are built, in the order of the table.

mod convergence;
mod cut_upload;
mod disks;
mod feed;
mod killed_phone;
mod killed_server;
mod lost_answers;
mod own_edits;
mod portals;
mod put_back_phone;
mod put_back_server;
mod rotten_byte;
mod seeds;

use super::Row;

/// Every row.
pub const ROWS: &[Row] = &[
    killed_phone::ROW,
    killed_server::ROW,
    lost_answers::ROW,
    convergence::ROW,
    cut_upload::ROW,
    feed::ROW,
    put_back_server::BY_COMMAND,
    put_back_phone::ROW,
    portals::ROW,
    own_edits::ACKNOWLEDGED,
    own_edits::TWICE,
    rotten_byte::ROW,
    put_back_server::UNNOTICED,
];
