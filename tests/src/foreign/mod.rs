//! tus with programs that others wrote: their clients against our server's binary, our phone against
//! their server. Whole, cut on the line and resumed, given up and resumed by another process, with
//! checksums where the client has them, taken back; the token always in static headers. Phone and
//! foreign server are each ended in the middle and started again on what lies on their disk.
//!
//! tus-js-client and our phone send no checksums, our phone takes nothing back, tuspy sends nothing
//! along with a creation: what a side does not have is not in the matrix.

pub mod clients;
pub mod county;
pub mod phone;
mod programs;

pub use programs::{Client, NodeServer};

use crate::sim::checks::Found;
use clients::Way;
use phone::Journey;

/// Who sends a file to whom, and what happens on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// A foreign client sends to our server.
    Theirs(Client, Way),
    /// Our phone sends to a foreign server.
    Ours(Journey),
}

/// Every meeting.
pub const MATRIX: [Meeting; 17] = [
    Meeting::Theirs(Client::TusJs, Way::Whole),
    Meeting::Theirs(Client::TusJs, Way::Along),
    Meeting::Theirs(Client::TusJs, Way::Cut),
    Meeting::Theirs(Client::TusJs, Way::Resumed),
    Meeting::Theirs(Client::TusJs, Way::TakenBack),
    Meeting::Theirs(Client::TusJs, Way::TakenBackWhole),
    Meeting::Theirs(Client::Tuspy, Way::Whole),
    Meeting::Theirs(Client::Tuspy, Way::Cut),
    Meeting::Theirs(Client::Tuspy, Way::Resumed),
    Meeting::Theirs(Client::Tuspy, Way::Altered),
    Meeting::Theirs(Client::Tuspy, Way::TakenBack),
    Meeting::Theirs(Client::Tuspy, Way::TakenBackWhole),
    Meeting::Ours(Journey::Whole),
    Meeting::Ours(Journey::CutInCreation),
    Meeting::Ours(Journey::Cut),
    Meeting::Ours(Journey::PhoneRestarted),
    Meeting::Ours(Journey::ServerRestarted),
];

/// Says what is wrong where something does not hold.
fn expect(found: &mut Found, holds: bool, wrong: impl FnOnce() -> String) {
    if !holds {
        found.wrong.push(wrong());
    }
}
