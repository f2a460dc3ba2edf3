//! A file that did not come over the network: the same upload row, staging, fence, hash and receipt as
//! for one that did, so that either way goes on where the other stopped.

use super::{create, refuse, whole};
use crate::app::App;
use crate::blobs::Staging;
use crate::problem::{Answer, Refusal};
use crate::storage::enrolment::Device;
use crate::storage::uploads::{self, Upload};
use std::io::{self, Read};
use xunji_protocol::keys::SignedStatement;
use xunji_protocol::steps::files::FileMeta;

/// Bytes appended at once.
const PART: usize = 256 * 1024;

/// A file that is here.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Its receipt.
    pub receipt: SignedStatement,
    /// It was not here before.
    pub new: bool,
}

/// Why a file is not here.
#[derive(Debug)]
pub enum Undelivered {
    /// Its bytes end early or are damaged where they come from; what came before that is kept.
    Source(io::Error),
    /// The server did not take it.
    Refused(Refusal),
}

impl From<Refusal> for Undelivered {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Takes a whole file of a device, unless this log has delivered it already: then nothing is read.
///
/// # Errors
/// [`Undelivered`].
pub fn deliver(
    app: &App,
    device: &Device,
    meta: &FileMeta,
    size: u64,
    bytes: &mut dyn Read,
) -> Result<Delivered, Undelivered> {
    create::check(meta, size)?;
    let begun = create::begin(app, device, meta.clone(), size)?;
    let standing = create::taken(app, begun)?;
    if let Some(receipt) = standing.receipt {
        return Ok(Delivered {
            receipt,
            new: false,
        });
    }
    let came = append(app, &standing.upload, standing.offset, bytes)?;
    came.map_err(Undelivered::Source)?;
    let receipt = whole::finish(app, standing.upload)?;
    Ok(Delivered { receipt, new: true })
}

/// Appends what follows `offset`. The inner error is the source's: what was appended before it is durable.
fn append(app: &App, upload: &Upload, offset: u64, bytes: &mut dyn Read) -> Answer<io::Result<()>> {
    let mut staging = app.blobs.stage(upload.id).map_err(|e| refuse(&e))?;
    let came = pour(app, upload, staging.as_mut(), offset, bytes);
    staging.sync().map_err(|e| refuse(&e))?;
    uploads::bytes_came(&app.store, app.bureau, upload, app.clock.now())?;
    came
}

fn pour(
    app: &App,
    upload: &Upload,
    staging: &mut dyn Staging,
    offset: u64,
    bytes: &mut dyn Read,
) -> Answer<io::Result<()>> {
    match io::copy(&mut Read::take(&mut *bytes, offset), &mut io::sink()) {
        Ok(passed) if passed == offset => {}
        Ok(_) => return Ok(Err(io::ErrorKind::UnexpectedEof.into())),
        Err(e) => return Ok(Err(e)),
    }
    let fence = || uploads::holds(&app.store, app.bureau, upload.id, upload.fence).unwrap_or(false);
    let mut left = upload.size.saturating_sub(offset);
    let mut part = Vec::with_capacity(PART);
    while left > 0 {
        part.clear();
        let read = Read::take(&mut *bytes, left.min(PART as u64)).read_to_end(&mut part);
        // Also what came before the damage is worth keeping.
        staging.append(&part, &fence).map_err(|e| refuse(&e))?;
        left -= part.len() as u64;
        match read {
            Ok(0) => return Ok(Err(io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => {}
            Err(e) => return Ok(Err(e)),
        }
    }
    Ok(Ok(()))
}
