//! The rows that are built, in the order of the table.

mod backups;
mod broken_disk;
mod carried;
mod convergence;
mod cut_upload;
mod disks;
mod edge_of_signal;
mod erased;
mod feed;
mod foreign;
mod heavy_link;
mod killed_phone;
mod killed_server;
mod leaving;
mod lost_answers;
mod lost_draft;
mod older_files;
mod own_edits;
mod paging;
mod phone_play;
mod phone_power;
mod portals;
mod power;
mod put_back_phone;
mod put_back_server;
mod rotten_byte;
mod rotten_page;
mod scope;
mod seeds;
mod signed_twice;
mod slow_link;
mod spoilt_mirror;
mod tampered;
mod too_new;
mod trials;
mod two_files;
mod upgrade;
mod wrong_clock;

use super::Row;

/// Every row.
pub const ROWS: &[Row] = &[
    killed_phone::ROW,
    phone_power::ROW,
    killed_server::ROW,
    killed_server::POWER,
    broken_disk::ROW,
    lost_answers::ROW,
    convergence::ROW,
    cut_upload::ROW,
    slow_link::ROW,
    foreign::ROW,
    feed::ROW,
    paging::ROW,
    put_back_server::BY_COMMAND,
    put_back_phone::ROW,
    wrong_clock::ROW,
    upgrade::ROW,
    portals::ROW,
    tampered::ROW,
    own_edits::ACKNOWLEDGED,
    own_edits::TWICE,
    carried::ROW,
    scope::ROW,
    signed_twice::ROW,
    heavy_link::ROW,
    edge_of_signal::ROW,
    too_new::ROW,
    erased::ROW,
    older_files::ROW,
    two_files::ROW,
    backups::ROW,
    spoilt_mirror::ROW,
    lost_draft::ROW,
    leaving::ROW,
    rotten_byte::ROW,
    rotten_page::ROW,
    put_back_server::UNNOTICED,
];
