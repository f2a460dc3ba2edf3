//! What a log says of another: it goes on where that one could not, and what was lost on the way.

use super::judge::Judged;
use super::plan::Row;
use super::work::Work;
use xunji_protocol::envelope::Change;
use xunji_protocol::kinds::LogOpened;

/// `log.opened`: declared losses let what follows them in. Whether log and phone belong together is asked
/// where the row is written.
pub(super) fn opened(work: &mut Work, change: &Change, opened: &LogOpened) -> Judged {
    work.rows.extend(opened.lost.iter().map(|lost| Row::Hole {
        change: change.hash,
        by: change.envelope.log,
        lost: *lost,
    }));
    Judged::default()
}
