#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]
use super::recorder::Recorder;
use super::{Folder, Refusal};
use crate::link::schedule::SplitMix;
use std::process::Command;

/// A shell that writes, renames and removes below the watched folder.
fn ran(recorder: &Recorder, script: &str) -> bool {
    let mut command = Command::new("python3");
    command.args(["-c", script]).envs(recorder.env());
    command.status().unwrap().success()
}

fn watched() -> (tempfile::TempDir, Recorder) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(root.join("old"), b"before").unwrap();
    let recorder = Recorder::new(&root, &folder.path().join("scratch")).unwrap();
    (folder, recorder)
}

const WORK: &str = "
import os
root = os.environ['XUNJI_DISK_ROOT']
fd = os.open(root + '/part', os.O_CREAT | os.O_WRONLY, 0o600)
os.write(fd, b'a' * 2000); os.pwrite(fd, b'b' * 10, 5)
os.fsync(fd); os.close(fd)
os.mkdir(root + '/deep')
os.mkdir(root + '/shelf')
os.rename(root + '/part', root + '/shelf/whole')
dir = os.open(root + '/shelf', os.O_RDONLY); os.fsync(dir); os.close(dir)
fd = os.open(root + '/deep/late', os.O_CREAT | os.O_WRONLY, 0o600)
os.write(fd, b'c' * 4000); os.ftruncate(fd, 3000); os.close(fd)
os.unlink(root + '/old')
";

#[test]
fn the_journal_played_whole_is_the_folder() {
    let (folder, recorder) = watched();
    assert!(ran(&recorder, WORK));
    let played = recorder.played(0).unwrap();
    let found = Folder::read(&folder.path().join("root")).unwrap();
    assert_eq!(played.at(played.points()).all().difference(&found), None);
    assert_eq!(found.files["deep/late"].len(), 3000);
}

#[test]
fn a_cut_keeps_what_was_synced_and_may_lose_the_rest() {
    let (_folder, recorder) = watched();
    assert!(ran(&recorder, WORK));
    let played = recorder.played(0).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let left = played.at(played.points()).happens(&mut SplitMix::new(seed));
        assert_eq!(left.files["shelf/whole"].len(), 2000);
        assert_eq!(&left.files["shelf/whole"][4..7], b"abb");
        let late = left.files.get("deep/late").map(Vec::len);
        seen.insert((late, left.files.contains_key("old")));
    }
    assert!(seen.contains(&(None, true)), "{seen:?}");
    assert!(seen.contains(&(Some(3000), false)), "{seen:?}");
    assert!(seen.contains(&(Some(0), true)), "{seen:?}");
    assert!(
        seen.iter()
            .any(|(late, _)| late.is_some_and(|n| n > 0 && n % 512 == 0)),
        "{seen:?}"
    );
}

#[test]
fn a_name_in_the_watched_folder_itself_stays_once_that_folder_was_synced() {
    let (_folder, recorder) = watched();
    let work = "
import os
root = os.environ['XUNJI_DISK_ROOT']
fd = os.open(root + '/log', os.O_CREAT | os.O_WRONLY, 0o600)
os.write(fd, b'x' * 100)
os.fsync(fd)
folder = os.open(root, os.O_RDONLY)
os.fsync(folder)
";
    assert!(ran(&recorder, work));
    let played = recorder.played(0).unwrap();
    for seed in 0..50 {
        let left = played.at(played.points()).happens(&mut SplitMix::new(seed));
        assert_eq!(left.files.get("log").map(Vec::len), Some(100), "{seed}");
    }
}

#[test]
fn a_refused_call_fails_until_the_disk_is_healed() {
    let (folder, recorder) = watched();
    recorder.refuse(2, Refusal::Full).unwrap();
    let write = "
import os
root = os.environ['XUNJI_DISK_ROOT']
fd = os.open(root + '/new', os.O_CREAT | os.O_WRONLY, 0o600)
os.write(fd, b'x' * 100)
";
    assert!(!ran(&recorder, write));
    recorder.refuse(2, Refusal::Short).unwrap();
    assert!(ran(&recorder, &write.replace("/new", "/half")));
    let half = std::fs::metadata(folder.path().join("root/half")).unwrap();
    assert_eq!(half.len(), 50);
    recorder.heal().unwrap();
    assert!(ran(&recorder, &write.replace("/new", "/healed")));
}
