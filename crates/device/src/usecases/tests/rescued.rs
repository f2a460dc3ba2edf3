//! One page after the other of `local.db` rots.
#![allow(clippy::unwrap_used)]

use super::phone::{Phone, open_at};
use crate::api::Command;
use crate::store::local::{Local, log, lost};
use crate::{Device, OpenError};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const PAGE: usize = 4096;

/// Every change, and the log that is open.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    changes: lost::Changes,
    open: Vec<u8>,
}

fn kept(local: &Local) -> Kept {
    local
        .read(|read| -> Result<Kept, OpenError> {
            let changes = lost::every_change(read)?;
            let open = log::open(read)?.unwrap().head.log.0.as_bytes().to_vec();
            Ok(Kept { changes, open })
        })
        .unwrap()
}

fn call(device: &Device, command: Value) -> Value {
    let command: Command = serde_json::from_value(command).unwrap();
    device.call(command).unwrap()
}

fn spoilt(home: &Path, page: usize) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(home).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    let path = copy.path().join("local.db");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.get_mut(page * PAGE + 1_000).unwrap() ^= 4;
    fs::write(&path, bytes).unwrap();
    crate::store::quarantine::doubt(&path);
    copy
}

#[test]
fn whatever_page_rots_the_phone_goes_on_with_the_rest_or_leaves_it_to_a_person() {
    let phone = Phone::on_duty();
    for nth in 0..3 {
        let id = phone.all_passed(&phone.stall(nth).clone());
        phone.close(&id);
    }
    let Phone {
        device,
        clock,
        home,
        ..
    } = phone;
    let before = kept(device.local().unwrap());
    drop(device);
    let pages =
        usize::try_from(fs::metadata(home.path().join("local.db")).unwrap().len()).unwrap() / PAGE;
    let (mut rescued, mut left, mut most) = (0, Vec::new(), 0);
    for page in 0..pages {
        let copy = spoilt(home.path(), page);
        let device = open_at(copy.path(), &clock).unwrap();
        let Ok(local) = device.local() else {
            left.push(page);
            assert_eq!(call(&device, json!({"cmd": "status"}))["local_lost"], true);
            continue;
        };
        rescued += 1;
        let after = kept(local);
        assert_ne!(
            after.open, before.open,
            "page {page}: numbers are not given twice"
        );
        let unread = before
            .changes
            .iter()
            .filter(|(place, bytes)| after.changes[place] != **bytes)
            .count();
        most = most.max(unread);
        assert!(unread <= 12, "page {page}: {unread} changes do not read");
        let records = call(&device, json!({"cmd": "records", "filter": "all"}));
        assert!(
            records["rows"].as_array().unwrap().len() + unread >= 3,
            "page {page}: {records}"
        );
        drop(device);
        let again = open_at(copy.path(), &clock).unwrap();
        assert_eq!(
            kept(again.local().unwrap()).open,
            after.open,
            "one log, not one a start"
        );
    }
    println!("{pages} pages: {rescued} rescued, {left:?} left, at most {most} changes unread");
    assert!(left.len() <= 8, "{left:?}");
}
