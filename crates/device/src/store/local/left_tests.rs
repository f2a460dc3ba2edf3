use super::record;
use crate::store::StoreError;
use crate::store::local::Local;
use uuid::Uuid;
use xunji_domain::time::Millis;
use xunji_protocol::digest::Digest;

const VISIT: Uuid = Uuid::from_u128(7);

/// A photo of the visit whose original is on this phone.
fn photo(n: u8, state: &str) -> String {
    let sha256 = Digest([n; 32]).to_hex();
    format!(
        "INSERT INTO photo (id, draft, purpose, origin, state, expected_at, sha256)
         VALUES (x'{n:032x}', x'{visit}', '{{}}', 'camera', '{state}', '{{}}', '{sha256}');
         INSERT INTO file (sha256, kind, size) VALUES ('{sha256}', 'original', 1);",
        visit = VISIT.simple()
    )
}

fn receipt(n: u8) -> String {
    let sha256 = Digest([n; 32]).to_hex();
    format!("INSERT INTO receipt (subject, token, at) VALUES ('file:{sha256}', '', 1);")
}

/// Given up before signing, an original is sent to nobody: it must not go with its record.
#[test]
fn a_photo_that_was_given_up_stays_when_its_record_leaves() {
    let home = tempfile::tempdir().unwrap();
    let local = Local::open(home.path(), &zeroize::Zeroizing::new([7; 32])).unwrap();
    let sql = [
        photo(1, "sealed"),
        receipt(1),
        photo(2, "cancelled"),
        photo(3, "sealed"),
    ];
    let (left, files, photos) = local
        .write(|write| -> Result<_, StoreError> {
            write.sql.execute_batch(&sql.concat())?;
            let left = record(write, VISIT, Millis(2))?;
            let count = |sql| write.sql.query_row(sql, [], |row| row.get::<_, i64>(0));
            let files = count("SELECT count(*) FROM file")?;
            Ok((
                left,
                files,
                count("SELECT count(*) FROM photo WHERE state = 'cancelled'")?,
            ))
        })
        .unwrap();
    assert_eq!(left, [Digest([1; 32])], "only what the server has leaves");
    assert_eq!((files, photos), (2, 1));
}
