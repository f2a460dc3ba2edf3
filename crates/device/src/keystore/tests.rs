//! Keys in files, in a keystore that answers as told, and on their way from one to the other.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::clock::SystemEntropy;
use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error, mock};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const SERVICE: &str = "cn.xunji.test";

/// A phone: its folder, and its keystore as the test turns it.
struct Phone {
    home: TempDir,
    mock: Arc<mock::Store>,
}

impl Phone {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            mock: mock::Store::new().unwrap(),
        }
    }

    fn file(&self) -> FileKeyStore {
        FileKeyStore::at(self.path())
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("key")
    }

    fn ring(&self) -> RingKeyStore {
        RingKeyStore::new(self.mock.clone(), SERVICE, HashMap::new())
    }

    fn moving(&self) -> MovingKeyStore {
        MovingKeyStore::new(Ok(self.ring()), self.file())
    }

    fn entry(&self, name: &str) -> Entry {
        self.mock.build(SERVICE, name, None).unwrap()
    }

    /// The next question about the entry is answered with an error.
    fn fails_once(&self, name: &str) {
        let entry = self.entry(name);
        let cred: &mock::Cred = entry.as_any().downcast_ref().unwrap();
        cred.set_error(Error::NoStorageAccess("locked".into()));
    }

    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        self.entry(name).get_secret().ok()
    }
}

fn key(n: u8) -> MasterKey {
    MasterKey::new([n; 32])
}

#[test]
fn a_key_is_made_once_and_only_its_owner_reads_it() {
    let phone = Phone::new();
    let store = phone.file();
    let first = key_for(&store, &SystemEntropy, false).unwrap();
    assert_eq!(first, key_for(&store, &SystemEntropy, true).unwrap());
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(phone.path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(store.keep(&first).is_err(), "a key is never replaced");
}

#[test]
fn data_without_its_key_gets_no_new_key() {
    let phone = Phone::new();
    for store in [
        Arc::new(phone.file()) as Arc<dyn KeyStore>,
        Arc::new(phone.ring()),
        Arc::new(phone.moving()),
    ] {
        let found = key_for(store.as_ref(), &SystemEntropy, true);
        assert!(matches!(found, Err(KeyError::Missing)));
    }
    assert!(!phone.path().exists());
    assert_eq!(phone.kept("master-key"), None);
}

#[test]
fn a_keystore_that_does_not_answer_makes_no_key() {
    let phone = Phone::new();
    phone.fails_once("master-key");
    let found = key_for(&phone.moving(), &SystemEntropy, true);
    assert!(matches!(found, Err(KeyError::Store(_))), "{found:?}");
    assert_eq!(phone.kept("master-key"), None);
    assert!(!phone.path().exists());
    let made = key_for(&phone.ring(), &SystemEntropy, false).unwrap();
    phone.fails_once("master-key");
    assert!(matches!(phone.moving().load(), Err(KeyError::Store(_))));
    assert_eq!(
        phone.moving().load().unwrap(),
        Some(made),
        "the next look finds it"
    );
    let none = MovingKeyStore::new(Err("no keystore".to_owned()), phone.file());
    assert!(
        matches!(none.load(), Err(KeyError::Store(_))),
        "it may lie there"
    );
}

#[test]
fn the_key_moves_and_the_file_goes_last() {
    let phone = Phone::new();
    phone.file().keep(&key(1)).unwrap();
    let id = phone.file().instance([7; 16]).unwrap();
    // It is not read back: the file stays, and the phone works.
    phone.entry("master-key").set_secret(b"short").unwrap();
    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    assert!(phone.path().exists());
    phone.entry("master-key").delete_credential().unwrap();
    phone.fails_once("master-key");
    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    assert!(phone.path().exists());

    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    assert!(!phone.path().exists(), "moved");
    assert_eq!(phone.kept("master-key"), Some(vec![1; 32]));
    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    assert_eq!(phone.moving().instance([8; 16]).unwrap(), id, "no copy");
    assert_eq!(phone.moving().instance([9; 16]).unwrap(), id);
    assert_eq!(files(phone.home.path()), Vec::<String>::new());
}

#[test]
fn a_kill_between_keystore_and_file_ends_in_the_keystore() {
    let phone = Phone::new();
    phone.file().keep(&key(1)).unwrap();
    phone.ring().keep(&key(1)).unwrap();
    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    assert!(!phone.path().exists());
}

#[test]
fn the_file_counts_where_the_keystore_holds_something_else() {
    let phone = Phone::new();
    phone.file().keep(&key(1)).unwrap();
    phone.ring().keep(&key(2)).unwrap();
    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    assert_eq!(
        phone.kept("master-key"),
        Some(vec![2; 32]),
        "nothing is written over"
    );
    assert!(phone.path().exists());
}

#[test]
fn a_first_key_lies_in_the_keystore_or_where_it_always_did() {
    let phone = Phone::new();
    let made = key_for(&phone.moving(), &SystemEntropy, false).unwrap();
    assert!(!phone.path().exists());
    assert_eq!(phone.kept("master-key"), Some(made.to_vec()));

    let other = Phone::new();
    let none = MovingKeyStore::new(Err("no keystore".to_owned()), other.file());
    assert!(
        key_for(&none, &SystemEntropy, true).is_err(),
        "it may lie in the keystore"
    );
    let made = key_for(&none, &SystemEntropy, false).unwrap();
    assert_eq!(other.file().load().unwrap(), Some(made));
    assert_eq!(
        none.instance([1; 16]).unwrap(),
        None,
        "it cannot tell itself"
    );
}

#[test]
fn a_key_that_is_put_in_anothers_place_destroys_none() {
    let phone = Phone::new();
    phone.ring().keep(&key(2)).unwrap();
    phone.moving().replace(&key(1)).unwrap();
    assert_eq!(phone.moving().load().unwrap(), Some(key(1)));
    let name = format!(
        "master-key-{}",
        hex::encode(&xunji_protocol::escrow::check(&key(2)).0[..4])
    );
    assert_eq!(phone.kept(&name), Some(vec![2; 32]));

    let phone = Phone::new();
    for n in 1..4 {
        phone.file().replace(&key(n)).unwrap();
    }
    assert_eq!(phone.file().load().unwrap(), Some(key(3)));
    assert_eq!(
        files(phone.home.path()),
        ["key", "key.aside", "key.aside-1"]
    );
}

#[test]
fn another_id_stands_in_whichever_place_counts() {
    let phone = Phone::new();
    let first = phone.moving().instance([1; 16]).unwrap();
    assert_eq!(first, Some([1; 16]));
    phone.moving().renew_instance([2; 16]).unwrap();
    assert_eq!(phone.moving().instance([3; 16]).unwrap(), Some([2; 16]));
    let file = Phone::new();
    assert_eq!(file.file().instance([1; 16]).unwrap(), Some([1; 16]));
    file.file().renew_instance([2; 16]).unwrap();
    assert_eq!(file.file().instance([3; 16]).unwrap(), Some([2; 16]));
    // On its way from one to the other.
    file.moving().renew_instance([4; 16]).unwrap();
    assert_eq!(file.moving().instance([5; 16]).unwrap(), Some([4; 16]));
}

fn files(home: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(home).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
