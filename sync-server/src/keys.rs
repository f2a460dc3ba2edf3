//! The county's private keys: one 0600 file beside the database, never in it, so that a copied
//! database signs nothing.

use crate::random;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::Path;
use xunji_domain::ids::{BureauId, LogId};
use xunji_protocol::canonical::CanonicalError;
use xunji_protocol::digest::Digest;
use xunji_protocol::keys::{PublicKey, SignedStatement, public_key};
use xunji_protocol::steps::enrol::{KEYS_CONTEXT, KeyList};

/// The keys of one county. No `Debug`: nothing of it may reach a log.
pub struct Keys {
    /// The county they belong to.
    pub bureau: BureauId,
    /// Identity of the store they belong to.
    pub identity: String,
    /// Signs certificates and the key list; its digest is in the enrolment QR.
    pub root: SigningKey,
    /// Signs receipts.
    pub receipts: SigningKey,
    /// Signs heads of the bureau's own log.
    pub bureau_log: SigningKey,
    /// The bureau's own log.
    pub log: LogId,
}

/// The file's shape: seeds in hex.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    bureau: BureauId,
    identity: String,
    root: String,
    receipts: String,
    bureau_log: String,
    log: LogId,
}

impl Keys {
    /// Makes the keys of a new county.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn generate(bureau: BureauId, identity: String, log: LogId) -> std::io::Result<Self> {
        let key = || random::bytes::<32>().map(|seed| SigningKey::from_bytes(&seed));
        Ok(Self {
            bureau,
            identity,
            root: key()?,
            receipts: key()?,
            bureau_log: key()?,
            log,
        })
    }

    /// Reads the file; `None` when there is none.
    ///
    /// # Errors
    /// When it does not read or is not ours.
    pub fn read(path: &Path) -> std::io::Result<Option<Self>> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => zeroize::Zeroizing::new(bytes),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let file: KeyFile = serde_json::from_slice(&bytes)?;
        Ok(Some(Self {
            bureau: file.bureau,
            identity: file.identity,
            root: signing_key(&file.root)?,
            receipts: signing_key(&file.receipts)?,
            bureau_log: signing_key(&file.bureau_log)?,
            log: file.log,
        }))
    }

    /// Writes the file, 0600, whole or not at all, and makes it durable.
    ///
    /// # Errors
    /// When it cannot be written, or is already there: keys are never replaced.
    pub fn write_new(&self, path: &Path) -> std::io::Result<()> {
        let seed = |key: &SigningKey| hex::encode(key.to_bytes());
        let file = KeyFile {
            bureau: self.bureau,
            identity: self.identity.clone(),
            root: seed(&self.root),
            receipts: seed(&self.receipts),
            bureau_log: seed(&self.bureau_log),
            log: self.log,
        };
        let partial = path.with_extension("json.part");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&partial)?;
        out.write_all(&serde_json::to_vec(&file)?)?;
        out.sync_all()?;
        std::fs::hard_link(&partial, path)?;
        std::fs::remove_file(&partial)?;
        path.parent()
            .map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
    }

    /// The keys a phone trusts, signed by the root.
    ///
    /// # Errors
    /// Never for real keys; kept because the bytes are made canonically.
    pub fn key_list(&self) -> Result<SignedStatement, CanonicalError> {
        let list = KeyList {
            root: public_key(&self.root),
            receipts: vec![public_key(&self.receipts)],
            bundles: vec![public_key(&self.bundles())],
        };
        SignedStatement::make(&self.root, KEYS_CONTEXT, &list)
    }

    /// The key that bundles are sealed to. It hangs on the root's secret, so that a county of before
    /// bundles has one without another file, and a copy of `keys.json` opens every bundle there is.
    pub fn bundles(&self) -> SigningKey {
        let root = zeroize::Zeroizing::new(self.root.to_bytes());
        let seed = Digest::of_parts(&[b"xunji/bundle-key/1\0", root.as_slice()]);
        SigningKey::from_bytes(&zeroize::Zeroizing::new(seed.0))
    }

    /// Digest of the root key's 32 bytes, as the enrolment QR carries it.
    pub fn root_hash(&self) -> Digest {
        Digest::of(&self.root.verifying_key().to_bytes())
    }

    /// The public half of the bureau log's key.
    pub fn bureau_log_key(&self) -> PublicKey {
        public_key(&self.bureau_log)
    }
}

fn signing_key(text: &str) -> std::io::Result<SigningKey> {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    hex::decode_to_slice(text, seed.as_mut_slice()).map_err(std::io::Error::other)?;
    Ok(SigningKey::from_bytes(&seed))
}
