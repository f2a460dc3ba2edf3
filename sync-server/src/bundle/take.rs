//! The pieces of one volume, each handed to the step that would have taken it over the network. A piece is
//! committed before the next is read, so an import may end anywhere and begin again.

use super::Told;
use super::open::{self, Volume};
use crate::app::App;
use crate::problem::{Answer, Refusal};
use crate::steps::files::{Undelivered, deliver};
use crate::steps::push;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use xunji_protocol::bundle::{Found, PieceHead, VolumeReader};
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::limits::MAX_SEGMENT;
use xunji_protocol::problem::Code;
use xunji_protocol::steps::files::FileMeta;
use xunji_protocol::steps::push::PushAnswer;

/// What the volumes of one bundle brought so far.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// Answers to segments, as push gives them.
    pub pushed: Vec<PushAnswer>,
    /// Segments that were taken: every volume may hold the same ones.
    pub segments: BTreeSet<Digest>,
    /// Receipts of files.
    pub files: BTreeMap<Digest, SignedStatement>,
    /// Files that were erased by a rule and not taken again.
    pub erased: BTreeSet<Digest>,
    /// Files that were not here before.
    pub new_files: u64,
}

/// What became of one volume.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    /// Changes with a verdict.
    pub changes: u64,
    /// Files with a receipt.
    pub files: u64,
    /// Pieces that were read whole.
    pub whole: u64,
    /// Pieces that were written; `None` where the volume ends before its end.
    pub written: Option<u64>,
    /// Pieces whose bytes are damaged.
    pub damaged: u64,
    /// Changes before this seq are not here yet.
    pub gap: Option<u64>,
    /// Files that were erased by a rule: nobody misses them.
    pub erased: u64,
    /// What else was not taken.
    pub refused: BTreeSet<&'static str>,
}

/// Takes one volume.
///
/// # Errors
/// The server's own trouble (no space, the store): what was taken before it stays taken.
pub(super) fn take(
    app: &App,
    volume: &Volume,
    brought: &mut Brought,
    tell: &mut dyn FnMut(Told<'_>),
) -> Answer<Taken> {
    let mut taken = Taken::default();
    let Ok((_, source)) = open::header(&volume.path) else {
        return Ok(taken);
    };
    let mut reader = VolumeReader::new(source, &volume.signed, &volume.key);
    // What cannot be read any further is cut there.
    while let Ok(found) = reader.next_piece() {
        match found {
            Found::Piece(head) => piece(app, volume, &head, &mut reader, brought, &mut taken)?,
            Found::End(pieces) => {
                taken.written = Some(pieces);
                break;
            }
            Found::Cut => break,
        }
        tell(Told::Took {
            changes: taken.changes,
            files: taken.files,
        });
    }
    Ok(taken)
}

fn piece(
    app: &App,
    volume: &Volume,
    head: &PieceHead,
    content: &mut dyn Read,
    brought: &mut Brought,
    taken: &mut Taken,
) -> Answer<()> {
    match head {
        PieceHead::Changes { size, sha256, .. } => {
            if brought.segments.contains(sha256) {
                taken.whole += 1;
                return Ok(());
            }
            match segment(content, *size, *sha256) {
                None => taken.damaged += 1,
                Some(bytes) => {
                    taken.whole += 1;
                    changes(app, volume, *sha256, &bytes, brought, taken)?;
                }
            }
            Ok(())
        }
        PieceHead::File { file, size } => {
            one_file(app, volume, file, *size, content, brought, taken)
        }
        PieceHead::End { .. } => Ok(()),
    }
}

/// The bytes of a segment, when they are whole.
fn segment(content: &mut dyn Read, size: u64, sha256: Digest) -> Option<Vec<u8>> {
    if size > MAX_SEGMENT as u64 {
        return None;
    }
    let mut bytes = Vec::new();
    content.take(size).read_to_end(&mut bytes).ok()?;
    (Digest::of(&bytes) == sha256).then_some(bytes)
}

fn changes(
    app: &App,
    volume: &Volume,
    sha256: Digest,
    bytes: &[u8],
    brought: &mut Brought,
    taken: &mut Taken,
) -> Answer<()> {
    match push::take(app, &volume.device, bytes, true) {
        Ok(answer) => {
            taken.changes += answer.verdicts.len() as u64;
            brought.segments.insert(sha256);
            brought.pushed.push(answer);
            Ok(())
        }
        Err(Refusal(problem)) if problem.code == Code::SegmentGap => {
            let next = problem.params.get("next_seq").and_then(|seq| seq.as_u64());
            taken.gap = next.or(Some(0));
            Ok(())
        }
        Err(refusal) => not_taken(refusal, taken),
    }
}

fn one_file(
    app: &App,
    volume: &Volume,
    file: &FileMeta,
    size: u64,
    content: &mut dyn Read,
    brought: &mut Brought,
    taken: &mut Taken,
) -> Answer<()> {
    match deliver(app, &volume.device, file, size, content) {
        Ok(delivered) => {
            taken.whole += 1;
            taken.files += 1;
            brought.new_files += u64::from(delivered.new);
            brought.files.insert(file.sha256, delivered.receipt);
            Ok(())
        }
        Err(Undelivered::Source(_)) => {
            taken.damaged += 1;
            Ok(())
        }
        Err(Undelivered::Refused(Refusal(problem))) if problem.code == Code::Erased => {
            taken.whole += 1;
            taken.erased += 1;
            brought.erased.insert(file.sha256);
            Ok(())
        }
        Err(Undelivered::Refused(refusal)) => {
            taken.whole += 1;
            not_taken(refusal, taken)
        }
    }
}

/// What concerns this piece alone is noted and the rest goes on; what concerns the server ends the import.
fn not_taken(refusal: Refusal, taken: &mut Taken) -> Answer<()> {
    match refusal.0.code {
        Code::StorageFull | Code::Internal => Err(refusal),
        code => {
            taken.refused.insert(code.sentence());
            Ok(())
        }
    }
}
