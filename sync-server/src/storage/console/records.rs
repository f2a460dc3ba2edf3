//! Records as the console lists them, from derived columns.

use super::Scope;
use super::files::{PhotoFiles, files_of, files_of_all};
use crate::storage::columns::json;
use crate::storage::error::StoreError;
use crate::storage::store::Store;
use rusqlite::{Connection, Params, Row, ToSql, params};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use xunji_domain::ids::{BureauId, InspectionId};
use xunji_domain::inspection::{InspectionContent, Party};
use xunji_protocol::envelope::Envelope;
use xunji_protocol::kinds::{INSPECTION_SIGNED, Review};
use xunji_protocol::schema::read_part;
use xunji_protocol::state::{INSPECTION, InspectionSummary};

/// One record in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// As everybody sees it.
    pub summary: InspectionSummary,
    /// As it reads after all amendments.
    pub content: InspectionContent,
    /// How the inspected party closed it; `None` when the signed body does not read any more.
    pub party: Option<Party>,
    /// Its photos, in the order of the record.
    pub photos: Vec<PhotoFiles>,
}

/// Which records.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this day.
    pub day: Option<String>,
    /// Only what waits for a review.
    pub pending: bool,
    /// Only this record.
    pub only: Option<InspectionId>,
}

impl Filter {
    /// The filter over `inspection i` as SQL: bureau, station, day, pending and record are ?1 to ?5.
    pub(super) fn chosen(&self) -> &'static str {
        match self.only {
            Some(_) => "i.bureau = ?1 AND i.inspection = ?5 AND (?2 IS NULL OR i.station = ?2)",
            None => {
                "i.bureau = ?1 AND (?2 IS NULL OR i.station = ?2) AND (?3 IS NULL OR i.day = ?3)
                 AND (NOT ?4 OR i.state IN ('signed', 'amended')) AND ?5 IS NULL"
            }
        }
    }
}

/// Records of a scope, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn list(store: &Store, scope: Scope, filter: Filter) -> Result<Vec<Listed>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(&format!(
            "SELECT s.bytes, i.content, c.envelope, c.body FROM inspection i
             JOIN state s ON s.bureau = i.bureau AND s.kind = ?6 AND s.id = i.inspection AND s.gone = 0
             LEFT JOIN change c ON c.bureau = i.bureau AND c.hash = i.signed_change
             WHERE {} ORDER BY i.started_at, i.inspection",
            filter.chosen()
        ))?;
        let rows = statement.query_map(chosen_with(scope, &filter, INSPECTION), |row| {
            let bytes = (row.get::<_, Option<Vec<u8>>>(2)?, row.get::<_, Option<Vec<u8>>>(3)?);
            Ok((lenient(row, 0)?, lenient(row, 1)?, bytes))
        })?;
        let files = files_of_all(db, scope, &filter)?;
        let mut found = Vec::new();
        for row in rows {
            // A row that does not read is named by the integrity check of its record.
            if let (Some(summary), Some(content), (envelope, body)) = row? {
                let photos = files.of(&content);
                let party = party(envelope.as_deref(), body.as_deref());
                found.push(Listed { party, summary, content, photos });
            }
        }
        Ok(found)
    })
}

/// Parameters 1 to 5 choose the records of [`Filter::chosen`], 6 is the query's own.
pub(super) fn chosen_with(scope: Scope, filter: &Filter, own: impl ToSql) -> impl Params {
    (
        *scope.bureau.as_bytes(),
        scope.station_column(),
        filter.day.clone(),
        filter.pending,
        filter.only.map(|only| *only.as_bytes()),
        own,
    )
}

/// How the inspected party closed a record.
fn party(envelope: Option<&[u8]>, body: Option<&[u8]>) -> Option<Party> {
    #[derive(Deserialize)]
    struct Closed {
        party: Party,
    }
    let envelope: Envelope = serde_json::from_slice(envelope?).ok()?;
    let closed: Closed =
        read_part(&envelope, body?).filter(|_| envelope.kind == INSPECTION_SIGNED)?;
    Some(closed.party)
}

fn photos_of(
    db: &Connection,
    bureau: BureauId,
    content: &InspectionContent,
) -> Result<Vec<PhotoFiles>, StoreError> {
    content
        .photos
        .iter()
        .map(|photo| files_of(db, bureau, photo))
        .collect()
}

/// The files of photos that a record names.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn photos(
    store: &Store,
    scope: Scope,
    content: InspectionContent,
) -> Result<Vec<PhotoFiles>, StoreError> {
    store.read(move |db| photos_of(db, scope.bureau, &content))
}

/// JSON that may be broken: `None` then, so that the page can say so.
pub(super) fn lenient<T: DeserializeOwned>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<Option<T>> {
    let bytes: Option<Vec<u8>> = row.get(index)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Reviews of a record, oldest first.
///
/// # Errors
/// [`StoreError`] of the read.
pub fn reviews(
    store: &Store,
    bureau: BureauId,
    inspection: InspectionId,
) -> Result<Vec<Review>, StoreError> {
    store.read(move |db| {
        let mut statement = db.prepare_cached(
            "SELECT row FROM review WHERE bureau = ?1 AND inspection = ?2 ORDER BY at, review",
        )?;
        let rows = statement
            .query_map(params![bureau.as_bytes(), inspection.as_bytes()], |row| {
                json(row, 0)
            })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}
