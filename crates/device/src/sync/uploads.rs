//! What an answer means for one file's way to the server: where it stands now, whether it goes on,
//! and whether its receipt holds. Which file goes next is [`super::plan`]'s; here is only what came
//! back. Pure.

use super::plan::UploadAt;
use xunji_domain::time::Millis;
use xunji_protocol::keys::{PublicKey, SignatureError, SignedStatement};
use xunji_protocol::problem::Code;
use xunji_protocol::receipt::{RECEIPT_CONTEXT, Receipt};
use xunji_protocol::steps::files::{self, FileMeta};

/// What came back from `POST`, `HEAD` or `PATCH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Durable bytes, and the receipt once the file is whole.
    Stands {
        /// From `Upload-Offset`.
        offset: u64,
        /// From `Xunji-Receipt`.
        receipt: Option<SignedStatement>,
    },
    /// The upload was made, and nothing was said of bytes: what a server answers to a creation without any,
    /// or one that takes none along.
    Created,
    /// A problem document.
    Refused(Code),
    /// Cut, timed out, or an answer that is not ours.
    Nothing,
}

/// What follows from it for this file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Go on from where it stands.
    Continue,
    /// The whole file is safe: keep this as a fact.
    Received {
        /// Verbatim.
        token: SignedStatement,
        /// Server time in it.
        at: Millis,
    },
    /// The request was too large: halve the size.
    Halve,
    /// This file cannot go on now; others may. The code tells the person.
    Wait(Code),
    /// The server has erased this file by a rule: it is settled, and nothing was received.
    Erased,
    /// The receipt does not hold: nothing is marked as sent.
    BadReceipt,
}

/// Takes in an answer. A receipt is verified before anything else is believed.
pub fn take_in(
    at: UploadAt,
    meta: &FileMeta,
    size: u64,
    told: Told,
    keys: &[PublicKey],
) -> (UploadAt, Outcome) {
    match told {
        // Bytes of a cut request may have arrived: only the server knows how many.
        Told::Nothing => (unsure(at), Outcome::Continue),
        // Not created again: its offset is asked for.
        Told::Created => (UploadAt::Unsure, Outcome::Continue),
        Told::Refused(code) => refused(at, code),
        Told::Stands {
            offset,
            receipt: None,
        } if offset <= size => (UploadAt::Offset(offset), Outcome::Continue),
        Told::Stands { receipt: None, .. } => (UploadAt::Unsure, Outcome::Continue),
        Told::Stands {
            receipt: Some(token),
            ..
        } => match verify_receipt(&token, keys, meta, size) {
            Ok(at) => (UploadAt::Offset(size), Outcome::Received { token, at }),
            Err(_) => (UploadAt::Unsure, Outcome::BadReceipt),
        },
    }
}

fn unsure(at: UploadAt) -> UploadAt {
    match at {
        UploadAt::New | UploadAt::MaybeCreated => UploadAt::MaybeCreated,
        UploadAt::Unsure | UploadAt::Offset(_) => UploadAt::Unsure,
    }
}

fn refused(at: UploadAt, code: Code) -> (UploadAt, Outcome) {
    match code {
        // The server no longer has this upload: from the beginning.
        Code::NotFound => (UploadAt::New, Outcome::Continue),
        // Its bytes did not match and were put aside: from the beginning, but not at once.
        Code::DigestMismatch => (UploadAt::New, Outcome::Wait(code)),
        Code::OffsetMismatch => (unsure(at), Outcome::Continue),
        Code::TooLarge => (unsure(at), Outcome::Halve),
        Code::Erased => (UploadAt::New, Outcome::Erased),
        other => (unsure(at), Outcome::Wait(other)),
    }
}

/// The server time of a receipt that verifies and speaks of just this file.
///
/// # Errors
/// [`SignatureError`] when it does not verify, or is about something else.
pub fn verify_receipt(
    token: &SignedStatement,
    keys: &[PublicKey],
    meta: &FileMeta,
    bytes: u64,
) -> Result<Millis, SignatureError> {
    match token.open::<Receipt>(keys, RECEIPT_CONTEXT)? {
        Receipt::File {
            log,
            sha256,
            size,
            server_time,
            ..
        } if log == meta.log && sha256 == meta.sha256 && size == bytes => Ok(server_time),
        Receipt::File { .. } | Receipt::Log { .. } => Err(SignatureError::Invalid),
    }
}

/// The upload id in a `Location`, relative or absolute; `None` for anything that is not a plain name.
pub fn id_in_location(location: &str) -> Option<String> {
    let (_, id) = location.split_once(files::PATH)?;
    let id = id.strip_prefix('/')?;
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| id.to_owned())
}

#[cfg(test)]
#[path = "uploads_tests.rs"]
mod tests;
