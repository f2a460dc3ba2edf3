//! Every schema but the present one has its set, and every set is what it says.
#![allow(clippy::unwrap_used)]

use super::kept::opened;
use super::*;
use rusqlite::Connection;

#[test]
fn the_last_schema_is_this_program_and_every_earlier_one_is_frozen() {
    let (present, earlier) = SCHEMAS.split_last().unwrap();
    assert_eq!(
        *present,
        Schema::present(),
        "a step was added or taken away: freeze what stood before it with `./x freeze`, then add a line to SCHEMAS"
    );
    for schema in earlier {
        let folder = home().join(schema.name());
        assert!(
            folder.join(TOLD).is_file(),
            "{} is not frozen, and the program that could do it is gone",
            folder.display()
        );
    }
    assert!(!sets().is_empty());
}

#[test]
fn a_set_holds_the_schema_of_its_name_and_work_that_exists_nowhere_else() {
    for set in sets() {
        let folder = tempfile::tempdir().unwrap();
        let told = set.thaw(folder.path()).unwrap();
        assert_eq!(told.schema, set.schema);
        let step = |db: Connection| -> usize {
            let step: i64 = db
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            usize::try_from(step).unwrap()
        };
        let county = Connection::open(folder.path().join(SERVER).join("county.db")).unwrap();
        assert_eq!(step(county), set.schema.server);
        for phone in 0..told.kept.len() {
            let home = folder.path().join(crate::sim::image::phone_name(phone));
            assert_eq!(step(opened(&home, "local.db").unwrap()), set.schema.local);
            assert_eq!(step(opened(&home, "mirror.db").unwrap()), set.schema.mirror);
        }
        let unsent: usize = told.kept.iter().map(Kept::unsent).sum();
        assert!(unsent >= 6, "{unsent} changes are not sent");
        assert!(told.kept.iter().all(|kept| !kept.drafts.is_empty()));
        assert!(told.kept.iter().any(|kept| !kept.amendments.is_empty()));
    }
}

#[test]
fn a_folder_comes_out_of_its_pack_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    std::fs::create_dir_all(from.join("files/ab")).unwrap();
    for (name, size) in [("a", 0), ("files/ab/b", 511), ("files/c", 512), ("d", 1025)] {
        std::fs::write(from.join(name), vec![7; size]).unwrap();
    }
    let packed = folder.path().join("packed.tar.gz");
    pack::pack(&from, &packed).unwrap();
    let before = crate::disk::Folder::read(&from).unwrap();
    let after = pack::unpack(&packed).unwrap();
    assert_eq!(before.difference(&after), None);
    // Others read it too.
    let listed = std::process::Command::new("tar")
        .arg("-tzf")
        .arg(&packed)
        .output()
        .unwrap();
    assert!(listed.status.success());
    assert_eq!(
        String::from_utf8(listed.stdout).unwrap(),
        "a\nd\nfiles/ab/b\nfiles/c\n"
    );
}
