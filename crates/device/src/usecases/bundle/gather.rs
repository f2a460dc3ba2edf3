//! What has no receipt: rows only, so that a bundle of any size is planned in little memory.

use super::Along;
use crate::Device;
use crate::api::ApiError;
use crate::runner;
use crate::store::StoreError;
use crate::store::local::Read;
use crate::store::local::files::FileRow;
use crate::store::local::log::LogRow;
use crate::store::local::{device_row, files, log, outbox, receipts};
use crate::sync::bundle::Volume;
use crate::sync::plan::UnsentChange;
use crate::sync::push::select;
use xunji_domain::ids::LogId;
use xunji_protocol::keys::PublicKey;
use xunji_protocol::limits::REQUEST_MAX;
use xunji_protocol::steps::enrol::EnrolAnswer;
use xunji_protocol::steps::files::FileKind;

/// Bytes that framing adds to a change.
const LINES: u64 = 8;
/// Bytes around the changes of a segment.
const AROUND: u64 = 1024;

/// Consecutive changes that go into one segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// First seq.
    pub first: u64,
    /// How many.
    pub count: usize,
    /// Bytes at most.
    pub size: u64,
}

/// Everything without a receipt.
pub(super) struct Gathered {
    /// The log, with its key.
    pub log: LogRow,
    /// What the server answered when this phone was enrolled.
    pub enrolled: EnrolAnswer,
    /// Who may read the bundle.
    pub recipients: Vec<PublicKey>,
    /// Changes after the last receipt.
    pub spans: Vec<Span>,
    /// Bodies that travel as files.
    pub bodies: Vec<FileRow>,
    /// Pictures, small ones first.
    pub pictures: Vec<FileRow>,
    /// Pictures whose copies are not made, or could not be.
    pub underived: u64,
    /// Changes without a verdict in logs that were closed: a bundle is of one log.
    earlier: usize,
    /// Seq of the last receipt.
    receipted: u64,
}

/// Reads the rows. Segments are small beside a volume of `limit` bytes.
pub(super) fn gather(device: &Device, along: Along, limit: u64) -> Result<Gathered, ApiError> {
    let read = device.local()?.read(|read| -> Result<_, StoreError> {
        let Some(log) = log::open(read)? else {
            return Ok(None);
        };
        let id = log.head.log;
        let receipted = receipts::log_up_to(read, id)?;
        let mut unsent = outbox::waiting(read, id, Some(receipted), u32::MAX)?;
        unsent.retain(|(seq, _)| *seq > receipted);
        let enrolled = device_row::get(read)?.and_then(|row| row.enrolled);
        let files = files::to_send(read)?;
        let left = (outbox::underived(read)?, earlier(read, id)?);
        Ok(Some((log, receipted, unsent, enrolled, files, left)))
    })?;
    let Some((log, receipted, unsent, Some(enrolled), mut files, (underived, earlier))) = read
    else {
        return Err(ApiError::not_enrolled());
    };
    if log.branched {
        return Err(ApiError::new(
            "branched",
            "服务器上这台手机的记录已经分叉，不能再交；本机内容都在，请联系管理员",
        ));
    }
    files.retain(|file| along.takes(file.kind));
    files.sort_by_key(|file| file.kind);
    let (bodies, pictures) = files
        .into_iter()
        .partition(|file| file.kind == FileKind::Body);
    Ok(Gathered {
        recipients: recipients(&enrolled)?,
        spans: spans(&unsent, limit),
        underived: if along > Along::Records { underived } else { 0 },
        earlier,
        log,
        enrolled,
        bodies,
        pictures,
        receipted,
    })
}

fn earlier(read: &Read<'_>, open: LogId) -> Result<usize, StoreError> {
    let closed = outbox::logs(read)?.into_iter().filter(|log| *log != open);
    closed
        .map(|log| Ok(outbox::waiting(read, log, None, u32::MAX)?.len()))
        .sum()
}

/// The keys a bundle is sealed to, from the list that the root signed.
fn recipients(enrolled: &EnrolAnswer) -> Result<Vec<PublicKey>, ApiError> {
    let list = runner::open_list(&enrolled.keys, &enrolled.root).ok();
    let keys = list.map(|list| list.bundles).unwrap_or_default();
    if keys.is_empty() {
        return Err(ApiError::new(
            "no_bundle_key",
            "本机还没有拿到封装离线包的密钥，本机内容都在；请升级服务器后联网同步一次，再写离线包",
        ));
    }
    Ok(keys)
}

fn spans(unsent: &[(u64, usize)], limit: u64) -> Vec<Span> {
    let most = usize::try_from(limit / 16).map_or(REQUEST_MAX, |most| most.min(REQUEST_MAX));
    let changes: Vec<UnsentChange> = unsent
        .iter()
        .map(|(seq, size)| UnsentChange {
            seq: *seq,
            size: *size,
        })
        .collect();
    let mut rest = changes.as_slice();
    let mut spans = Vec::new();
    while let Some(first) = rest.first() {
        let (now, later) = rest.split_at(select(rest, most));
        let bytes = |change: &UnsentChange| change.size as u64 + LINES;
        spans.push(Span {
            first: first.seq,
            count: now.len(),
            size: now.iter().map(bytes).sum::<u64>() + AROUND,
        });
        rest = later;
    }
    spans
}

impl Gathered {
    /// Bytes of what is written down, and of the pictures.
    pub fn sizes(&self) -> (Vec<u64>, Vec<u64>) {
        let spans = self.spans.iter().map(|span| span.size);
        let bodies = self.bodies.iter().map(|file| file.size);
        (
            spans.chain(bodies).collect(),
            self.pictures.iter().map(|file| file.size).collect(),
        )
    }

    /// Whether a volume holds all that is written down, as every other one then does.
    pub fn repeats(&self, volume: &Volume) -> bool {
        volume.text.len() == self.spans.len() + self.bodies.len()
    }

    /// How many changes a bundle holds that goes up to a seq.
    pub fn changes_up_to(&self, seq: u64) -> u64 {
        seq.saturating_sub(self.receipted)
    }

    /// What could not be taken along.
    pub fn left_out(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.underived > 0 {
            said.push(format!(
                "{} 张照片的工作照还没有做好，这次没有带上；原片不受影响",
                self.underived
            ));
        }
        if self.earlier > 0 {
            said.push(format!(
                "还有 {} 条较早的内容没有交，这次没有带上，仍在本机；联网同步时会自动交上",
                self.earlier
            ));
        }
        said
    }
}
