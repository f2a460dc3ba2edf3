//! The way back: what the server made of a bundle, with its receipts, as a file for the phone. Inside
//! are the answers of push and the receipts of files, verbatim; the phone verifies each as any other.

use crate::canonical::CanonicalError;
use crate::digest::Digest;
use crate::keys::{PublicKey, SignatureError, SignedStatement};
use crate::steps::push::PushAnswer;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xunji_domain::ids::{BureauId, LogId};
use xunji_domain::time::Millis;

/// First bytes of a file of receipts.
pub const ANSWER_MAGIC: &str = "xunji-receipts/1\n";
/// Context of the statement in it. Verdicts are not signed one by one: on the network the connection
/// vouches for them, in a file this signature does.
pub const ANSWER_CONTEXT: &[u8] = b"xunji/bundle-answer/1";

/// What a file of receipts says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleAnswer {
    /// Protocol version of the writer.
    pub protocol: u32,
    /// The county.
    pub bureau: BureauId,
    /// The log whose bundle it answers.
    pub log: LogId,
    /// The bundle.
    pub bundle: Uuid,
    /// Epoch of the store.
    pub epoch: u64,
    /// Server time when it was made.
    pub server_time: Millis,
    /// The keys that sign receipts, signed by the root.
    pub keys: SignedStatement,
    /// One per segment, in order.
    pub pushed: Vec<PushAnswer>,
    /// Receipts of files.
    pub files: Vec<SignedStatement>,
    /// Files that were erased by a rule and not taken again: nobody has to send them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<Digest>,
}

/// The bytes of a file of receipts, signed by a receipt key.
///
/// # Errors
/// [`CanonicalError`] never for a real answer.
pub fn write_answer(key: &SigningKey, answer: &BundleAnswer) -> Result<Vec<u8>, CanonicalError> {
    let line = SignedStatement::make(key, ANSWER_CONTEXT, answer)?;
    Ok(format!("{ANSWER_MAGIC}{}\n", line.0).into_bytes())
}

/// Reads a file of receipts. `keys_of` gives the receipt keys of the key list in it, once it has verified
/// the list.
///
/// # Errors
/// [`SignatureError`] when it is not such a file, or nobody we trust signed it.
pub fn read_answer(
    bytes: &[u8],
    keys_of: impl FnOnce(&SignedStatement) -> Result<Vec<PublicKey>, SignatureError>,
) -> Result<(BundleAnswer, Vec<PublicKey>), SignatureError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SignatureError::Malformed)?;
    let line = text.strip_prefix(ANSWER_MAGIC);
    let line = line.ok_or(SignatureError::Malformed)?.trim_end();
    let line = SignedStatement(line.to_owned());
    let says: BundleAnswer = line.peek().ok_or(SignatureError::Malformed)?;
    let keys = keys_of(&says.keys)?;
    Ok((line.open(&keys, ANSWER_CONTEXT)?, keys))
}
