//! A phone whose data a newer program wrote: refused in plain words, not touched, and what was not sent arrives.

use crate::frozen::{SERVER, Told, kept, sets};
use crate::sim::clock::{PhoneClock, SeededEntropy, Truth};
use crate::sim::deeds::Deeds;
use crate::sim::heavy::heaviest;
use crate::sim::image::{Clear, Font, closed, phone_name, serve};
use crate::sim::play::settle;
use crate::sim::world::World;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tempfile::TempDir;
use xunji_device::keystore::FileKeyStore;
use xunji_device::newer::Newer;
use xunji_device::transport::{Exchange, Failure, Request, Transport};
use xunji_device::{Device, OpenError, Parts};

/// Everything that a newer program could do to the file and an older one must survive.
const RAISED: &str = "ALTER TABLE change ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE log ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';
    ALTER TABLE receipt ADD COLUMN seen INTEGER;
    CREATE TABLE weather (day TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
    INSERT INTO weather VALUES ('2026-10-28', '晴');
    DROP TABLE setting; DROP TABLE early;
    PRAGMA user_version = 99;";

/// The newest frozen set with one more record, whose body travels as a file.
fn left() -> (TempDir, Told) {
    let folder = tempfile::tempdir().unwrap();
    let set = sets().pop().unwrap();
    let told = set.thaw(folder.path()).unwrap();
    let mut world = World::on(folder, told.at, 5, told.kept.len(), Font::default()).unwrap();
    world.net.set_up(0, false);
    heaviest(&mut world, &mut Deeds::default(), 0).unwrap();
    let (folder, server, homes) = world.closed();
    closed(&server).unwrap();
    assert_eq!(homes[0], folder.path().join(phone_name(0)));
    (folder, told)
}

fn parts(home: &Path, truth: &Truth) -> Parts {
    Parts {
        clock: Arc::new(PhoneClock::right(truth, "boot0")),
        entropy: Arc::new(SeededEntropy::of(9)),
        keys: Arc::new(FileKeyStore::at(home.join("key"))),
    }
}

fn on(home: &Path, truth: &Truth, way: Arc<dyn Transport>) -> Newer {
    let error = Device::open(home, parts(home, truth)).err().unwrap();
    assert!(matches!(error, OpenError::Store(_)), "{error}");
    let newer = Newer::when(&error, home, parts(home, truth)).unwrap();
    newer.expect("of a newer program").by(way)
}

struct NoSignal;

impl Transport for NoSignal {
    fn exchange(&self, _: Request) -> Exchange<'_> {
        Box::pin(async { Err(Failure::Unreachable) })
    }
}

/// Hashes of the phone's changes, and of those that the server has a verdict on.
fn hashes(db: &Connection, sql: &str) -> BTreeSet<Vec<u8>> {
    let mut query = db.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_newer_file_is_refused_and_its_unsent_changes_arrive() {
    let (folder, told) = left();
    let (home, county) = (folder.path().join("phone0"), folder.path().join(SERVER));
    let db = kept::opened(&home, "local.db").unwrap();
    let own = hashes(&db, "SELECT hash FROM change");
    let signed = hashes(&db, "SELECT hash FROM change WHERE as_file = 1");
    assert_eq!(signed.len(), 1, "one body travels as a file");
    db.execute_batch(RAISED).unwrap();
    drop(db);
    let before = std::fs::read(home.join("local.db")).unwrap();
    let truth: Truth = Arc::new(AtomicI64::new(told.at));

    let newer = on(&home, &truth, Arc::new(NoSignal));
    let said = newer.hand_in();
    assert_eq!((said.received, said.done), (0, false));
    assert!(said.found >= 4, "{said:?}");
    assert!(said.problem.contains("没有信号"), "{said:?}");
    let refusal = newer.said();
    assert_eq!(refusal.code, "store_newer");
    assert!(refusal.sentence.contains("内容都在"));
    assert_eq!(refusal.params["found"], said.found);

    let (app, router) = serve(&county, &truth).unwrap();
    let newer = on(&home, &truth, Arc::new(Clear(router.clone())));
    let said = newer.hand_in();
    assert_eq!(said.problem, "");
    assert_eq!((said.received, said.done), (said.found, true));
    // A second start of the same program finds all of it there.
    let again = on(&home, &truth, Arc::new(Clear(router))).hand_in();
    assert_eq!(again, said);
    assert_eq!(
        std::fs::read(home.join("local.db")).unwrap(),
        before,
        "the file was written"
    );
    drop(app);
    let db = Connection::open(county.join("county.db")).unwrap();
    let there = hashes(&db, "SELECT hash FROM verdict WHERE verdict = 'applied'");
    let missing: Vec<_> = own.difference(&there).map(hex::encode).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_program_that_wrote_it_goes_on_as_if_nothing_had_happened() {
    let (folder, told) = left();
    let (home, county) = (folder.path().join("phone0"), folder.path().join(SERVER));
    let db = kept::opened(&home, "local.db").unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let truth: Truth = Arc::new(AtomicI64::new(told.at));
    let (app, router) = serve(&county, &truth).unwrap();
    let said = on(&home, &truth, Arc::new(Clear(router))).hand_in();
    assert!(said.done, "{said:?}");
    drop(app);
    closed(&county).unwrap();
    let db = kept::opened(&home, "local.db").unwrap();
    let present = crate::frozen::Schema::present().local;
    db.pragma_update(None, "user_version", i64::try_from(present).unwrap())
        .unwrap();
    drop(db);

    let mut world = World::on(folder, told.at, 6, told.kept.len(), Font::default()).unwrap();
    settle(&mut world).unwrap();
    let (_folder, server, homes) = world.closed();
    let county = crate::audit::county::read(&server).unwrap();
    assert_eq!(county.beside.len(), 0, "nothing was sent as another line");
    assert_eq!(county.unapplied, 0);
    for home in homes {
        let phone = crate::audit::phone::read(&home).unwrap();
        let there: BTreeSet<_> = county.changes.iter().map(|c| &c.hash).collect();
        assert!(phone.changes.iter().all(|c| there.contains(&c.hash)));
    }
}
