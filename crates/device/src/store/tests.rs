//! The door and the steps on real files.
#![allow(clippy::unwrap_used)]

use super::StoreError;
use super::door::{Door, FileOf};
use super::local::{Local, LocalFile, settings};
use super::migrate::Step;
use crate::keystore::MasterKey;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// The same file as a later program sees it.
struct Later;

impl FileOf for Later {
    const NAME: &'static str = LocalFile::NAME;
    const APPLICATION_ID: i32 = LocalFile::APPLICATION_ID;
    const SYNCHRONOUS: &'static str = "FULL";
    const STEPS: &'static [Step] = &[
        LocalFile::STEPS[0],
        LocalFile::STEPS[1],
        LocalFile::STEPS[2],
        LocalFile::STEPS[3],
        LocalFile::STEPS[4],
        LocalFile::STEPS[5],
        Step {
            name: "later",
            sql: "ALTER TABLE setting ADD COLUMN at INTEGER",
        },
    ];
}

/// A program whose first step was changed after release.
struct Altered;

impl FileOf for Altered {
    const NAME: &'static str = LocalFile::NAME;
    const APPLICATION_ID: i32 = LocalFile::APPLICATION_ID;
    const SYNCHRONOUS: &'static str = "FULL";
    const STEPS: &'static [Step] = &[
        Step {
            name: "first",
            sql: "CREATE TABLE other (x) STRICT",
        },
        LocalFile::STEPS[1],
        LocalFile::STEPS[2],
        LocalFile::STEPS[3],
        LocalFile::STEPS[4],
        LocalFile::STEPS[5],
    ];
}

/// Makes a file look as if a far newer program had written it.
pub(crate) fn pretend_newer(local: &Local) {
    local
        .write(|w| -> Result<(), StoreError> { Ok(w.sql.pragma_update(None, "user_version", 99)?) })
        .unwrap();
}

fn key() -> MasterKey {
    Zeroizing::new([7; 32])
}

fn filled() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let local = Local::open(home.path(), &key()).unwrap();
    local.write(|w| settings::set(w, "page", "/today")).unwrap();
    home
}

#[test]
fn a_step_is_added_once_and_an_older_program_refuses_the_file() {
    let home = filled();
    for _ in 0..2 {
        Door::<Later>::open(home.path(), &key()).unwrap();
    }
    let refused = Local::open(home.path(), &key()).err().unwrap();
    assert!(
        matches!(
            refused,
            StoreError::Newer {
                found: 7,
                known: 6,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_changed_step_is_noticed_and_the_file_stays() {
    let home = filled();
    let refused = Door::<Altered>::open(home.path(), &key()).err().unwrap();
    assert!(
        matches!(refused, StoreError::OtherHistory { step: 1, .. }),
        "{refused}"
    );
    let local = Local::open(home.path(), &key()).unwrap();
    assert_eq!(
        local.read(|r| settings::get(r, "page")).unwrap().as_deref(),
        Some("/today")
    );
}

#[test]
fn another_key_opens_nothing() {
    let home = filled();
    let refused = Local::open(home.path(), &Zeroizing::new([8; 32]))
        .err()
        .unwrap();
    assert!(matches!(refused, StoreError::Corrupt(_)), "{refused}");
}

#[test]
fn a_reader_cannot_write_and_sees_one_state() {
    let home = filled();
    let local = Local::open(home.path(), &key()).unwrap();
    let denied = local
        .read(|r| -> Result<(), StoreError> { Ok(r.sql.execute_batch("DELETE FROM setting")?) });
    assert!(matches!(denied, Err(StoreError::Sql(_))));
    let (before, after) = local
        .read(|r| -> Result<_, StoreError> {
            let before = settings::get(r, "page")?;
            local.write(|w| settings::set(w, "page", "/me"))?;
            Ok((before, settings::get(r, "page")?))
        })
        .unwrap();
    assert_eq!(before, after);
    assert_eq!(
        local.read(|r| settings::get(r, "page")).unwrap().as_deref(),
        Some("/me")
    );
}

#[test]
fn an_error_in_the_closure_undoes_all_of_it() {
    let home = filled();
    let local = Local::open(home.path(), &key()).unwrap();
    let failed = local.write(|w| -> Result<(), StoreError> {
        settings::set(w, "page", "/lost")?;
        Err(StoreError::Full)
    });
    assert!(matches!(failed, Err(StoreError::Full)));
    assert_eq!(
        local.read(|r| settings::get(r, "page")).unwrap().as_deref(),
        Some("/today")
    );
    for (pragma, wanted) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
    ] {
        let found: rusqlite::types::Value = local
            .write(|w| -> Result<_, StoreError> {
                Ok(w.sql.pragma_query_value(None, pragma, |r| r.get(0))?)
            })
            .unwrap();
        let found = match found {
            rusqlite::types::Value::Integer(n) => n.to_string(),
            rusqlite::types::Value::Text(t) => t,
            other => unreachable!("{other:?}"),
        };
        assert_eq!(found, wanted, "{pragma}");
    }
}

#[test]
fn another_program_reads_the_states_again_and_the_same_one_does_not() {
    use super::mirror::{Mirror, derived, operators, records};
    use uuid::Uuid;
    use xunji_protocol::digest::Digest;
    use xunji_protocol::feed::FeedEntry;
    let home = tempfile::tempdir().unwrap();
    let mirror = Mirror::open(home.path(), &key()).unwrap();
    assert!(derived::keep_up(&mirror, "1").unwrap());
    let id = Uuid::from_u128(0xe);
    let state = serde_json::json!({
        "id": id, "kind": "stall", "name": "㼆记", "owner": "经营者甲", "phone": "", "address": "",
        "station": Uuid::from_u128(1), "grid": Uuid::from_u128(2), "slot": null, "varieties": [],
        "status": "active", "licences": []
    });
    let state = serde_json::to_vec(&state).unwrap();
    let entry = FeedEntry {
        feed: "s".to_owned(),
        pos: 1,
        kind: "operator".to_owned(),
        id,
        rev: 1,
        epoch: 1,
        digest: Digest::of(&state),
        gone: false,
    };
    mirror
        .write(|w| -> Result<_, StoreError> {
            records::put(w, &entry, &state)?;
            // As a program left it that could not read this state, and had other keys beside.
            w.sql.execute_batch("DELETE FROM operator_key; INSERT INTO inspection_key VALUES (x'01', x'02', '', '', 0)")?;
            Ok(())
        })
        .unwrap();
    assert!(!derived::keep_up(&mirror, "1").unwrap());
    assert_eq!(mirror.read(operators::count).unwrap(), 0);
    assert!(derived::keep_up(&mirror, "2").unwrap());
    assert_eq!(mirror.read(operators::count).unwrap(), 1);
    let bytes = mirror.read(|r| records::state(r, "operator", id)).unwrap();
    assert_eq!(bytes.unwrap(), state, "the state stays as it came");
    let left: i64 = mirror
        .read(|r| -> Result<_, StoreError> {
            Ok(r.sql
                .query_row("SELECT count(*) FROM inspection_key", [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(left, 0);
}
