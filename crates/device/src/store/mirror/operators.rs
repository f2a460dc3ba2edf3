//! The register as it is searched: keys derived from the operators' states.

use super::{Read, Write};
use crate::store::StoreError;
use crate::store::row::{from_code, from_json, id_at, maybe_id_at, to_code, to_json, to_u64};
use rusqlite::params;
use uuid::Uuid;
use xunji_domain::ids::{MarketId, OperatorId};
use xunji_domain::operator::Operator;
use xunji_domain::text::{self, SearchKeys};
use xunji_domain::words::OperatorKind;
use xunji_protocol::state;

/// One line of the search index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorKey {
    /// The operator.
    pub id: OperatorId,
    /// Its kind.
    pub kind: OperatorKind,
    /// Its market, for stalls.
    pub market: Option<MarketId>,
    /// Its name.
    pub name: String,
    /// What a query is matched against, see [`search_keys`].
    pub keys: SearchKeys,
}

/// The index line of an operator.
pub fn key_of(operator: &Operator) -> OperatorKey {
    OperatorKey {
        id: operator.id,
        kind: operator.kind,
        market: operator.slot.as_ref().map(|s| s.market),
        name: operator.name.clone(),
        keys: search_keys(operator),
    }
}

/// The name with its pinyin and initials, and beside it owner, phone, place and licence numbers.
pub fn search_keys(operator: &Operator) -> SearchKeys {
    let place = operator.slot.as_ref().map_or("", |s| s.slot.as_str());
    let licences = operator.licences.iter().map(|l| l.number.as_str());
    text::search_keys(&operator.name).with_numbers(
        [operator.owner.as_str(), operator.phone.as_str(), place]
            .into_iter()
            .chain(licences),
    )
}

/// Every line of the index, by name. A county station has some thousand operators; matching is done
/// by the rule of `domain::text` on what is read here.
///
/// # Errors
/// Those of the file.
pub fn keys(read: &Read<'_>) -> Result<Vec<OperatorKey>, StoreError> {
    let mut query = read.sql.prepare_cached(
        "SELECT id, kind, market, name, keys FROM operator_key ORDER BY name, id",
    )?;
    let rows = query.query_map([], |row| {
        Ok((
            id_at(row, 0)?,
            row.get::<_, String>(1)?,
            maybe_id_at(row, 2)?,
            row.get(3)?,
            row.get::<_, String>(4)?,
        ))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (id, kind, market, name, keys) = row?;
        let kind = from_code("operator_key.kind", kind)?;
        all.push(OperatorKey {
            id: OperatorId(id),
            kind,
            market: market.map(MarketId),
            name,
            keys: from_json("operator_key.keys", &keys)?,
        });
    }
    Ok(all)
}

/// How many operators the register on this phone holds.
///
/// # Errors
/// Those of the file.
pub fn count(read: &Read<'_>) -> Result<u64, StoreError> {
    let found = read
        .sql
        .query_row("SELECT count(*) FROM operator_key", [], |row| row.get(0))?;
    to_u64("count", found)
}

pub(super) fn derive(
    write: &Write<'_>,
    kind: &str,
    id: Uuid,
    bytes: &[u8],
) -> Result<(), StoreError> {
    if kind != state::OPERATOR {
        return Ok(());
    }
    // A state of a newer program that does not read stays without keys until the upgrade.
    let Ok(operator) = serde_json::from_slice::<Operator>(bytes) else {
        return Ok(());
    };
    let key = key_of(&operator);
    write.sql.execute(
        "INSERT INTO operator_key (id, kind, market, name, keys) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, market = excluded.market, name = excluded.name,
             keys = excluded.keys",
        params![id.as_bytes(), to_code("operator_key.kind", &key.kind)?, key.market.map(|m| *m.as_bytes()), key.name, to_json("operator_key.keys", &key.keys)?],
    )?;
    Ok(())
}

pub(super) fn forget(write: &Write<'_>, kind: &str, id: Uuid) -> Result<(), StoreError> {
    if kind == state::OPERATOR {
        write
            .sql
            .execute("DELETE FROM operator_key WHERE id = ?1", [id.as_bytes()])?;
    }
    Ok(())
}
