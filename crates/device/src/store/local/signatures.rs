//! Signatures on inspections and amendments in work. They are deleted by
//! [`super::drafts::void_signatures`] and by nothing else.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_json, to_json};
use rusqlite::params;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xunji_domain::ids::PersonId;
use xunji_domain::inspection::{Party, Signature};

/// What lies under one signer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signed {
    /// An inspector.
    Inspector {
        /// Who.
        person: PersonId,
        /// The signature.
        signature: Signature,
    },
    /// The inspected party: signed, refused or absent.
    Party(Party),
}

/// Keeps a signature; the same signer's earlier one is replaced.
///
/// # Errors
/// Those of the file.
pub fn put(write: &Write<'_>, draft: Uuid, signed: &Signed) -> Result<(), StoreError> {
    let signer = match signed {
        Signed::Inspector { person, .. } => person.to_string(),
        Signed::Party(_) => "party".to_owned(),
    };
    write.sql.execute(
        "INSERT INTO signature (draft, signer, row) VALUES (?1, ?2, ?3)
         ON CONFLICT (draft, signer) DO UPDATE SET row = excluded.row",
        params![draft.as_bytes(), signer, to_json("signature.row", signed)?],
    )?;
    Ok(())
}

/// Everything signed on an inspection or amendment.
///
/// # Errors
/// Those of the file.
pub fn of_draft(read: &Read<'_>, draft: Uuid) -> Result<Vec<Signed>, StoreError> {
    let mut query = read
        .sql
        .prepare_cached("SELECT row FROM signature WHERE draft = ?1 ORDER BY signer")?;
    let rows = query.query_map([draft.as_bytes()], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for row in rows {
        found.push(from_json("signature.row", &row?)?);
    }
    Ok(found)
}
