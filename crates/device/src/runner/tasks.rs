//! What only a person can solve: a short list, each with a sentence and the page where it is done. What solves
//! itself (no signal, a file on its way, a held change) is not in it.

use crate::api::ApiError;
use crate::device::Device;
use crate::photos::folder::FileFolder;
use crate::photos::space;
use crate::store::StoreError;
use crate::store::local::photos::{Derived, PhotoRow, PhotoState};
use crate::store::local::{self, changes, drafts, files, photos, verdicts};
use crate::sync::current::{OwnChange, read_own};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;
use xunji_domain::ids::InspectionId;
use xunji_protocol::kinds::Payload;
use xunji_protocol::steps::files::FileKind;
use xunji_protocol::verdict::{Cause, Verdict};

/// The page where something is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "device.ts")]
pub enum TaskPage {
    /// A signed record.
    Record,
    /// An entry of the register.
    Operator,
    /// A visit in work.
    Draft,
    /// 出发前检查, with the space that is left.
    Ready,
    /// 我的, with what whoever looks after the phones asks for.
    Me,
}

/// One thing that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct PersonTask {
    /// What it is about: a name, a record number.
    pub about: String,
    /// What happened, that nothing was lost, what to do.
    pub sentence: String,
    /// Where it is done.
    pub page: TaskPage,
    /// The record, entry or draft of that page.
    #[ts(type = "string | null")]
    pub id: Option<Uuid>,
}

/// All of them, the gravest first.
///
/// # Errors
/// Those of the file.
pub(super) fn tasks(device: &Device, read: &local::Read<'_>) -> Result<Vec<PersonTask>, ApiError> {
    let mut tasks: Vec<PersonTask> = full(device).into_iter().collect();
    tasks.extend(refused(read)?);
    tasks.extend(not_kept(read)?);
    tasks.extend(gone(device, read)?);
    Ok(tasks)
}

/// The place is full: no further photo could be kept.
fn full(device: &Device) -> Option<PersonTask> {
    let free = space::free(device.folder()).ok()?;
    (free < space::NEEDED).then(|| PersonTask {
        about: "手机存储空间".to_owned(),
        sentence: "空间快满了，新拍的照片存不上，已存的都在；请删掉手机里别的照片或应用后再拍"
            .to_owned(),
        page: TaskPage::Ready,
        id: None,
    })
}

/// Changes that the server holds and a person there has not dealt with yet.
fn refused(read: &local::Read<'_>) -> Result<Vec<PersonTask>, StoreError> {
    let mut found = Vec::new();
    for row in verdicts::unconfirmed(read)? {
        if row.verdict != Verdict::Quarantined || row.closed.is_some() {
            continue;
        }
        let Some(change) = changes::by_hash(read, row.hash)? else {
            continue;
        };
        let body = change.body.as_slice();
        let own = read_own(&change.envelope, row.hash, body, None);
        let sentence = row.cause.map_or(
            "服务器已收到，尚未入账，内容没有丢失；请所长核对",
            Cause::sentence,
        );
        found.push(refused_task(own.as_ref(), sentence));
    }
    Ok(found)
}

/// A change that no page shows, or that this program does not read, still waits for somebody.
fn refused_task(own: Option<&OwnChange>, sentence: &str) -> PersonTask {
    let (about, page, id) = match own.map(|own| &own.payload) {
        Some(Payload::OperatorRegistered(entry)) => {
            (entry.name.clone(), TaskPage::Operator, Some(entry.id.0))
        }
        Some(Payload::OperatorEdited(edit)) => (
            "登记的修改".to_owned(),
            TaskPage::Operator,
            Some(edit.operator.0),
        ),
        Some(Payload::InspectionSigned(signed)) => (
            signed.content.record_no.clone(),
            TaskPage::Record,
            Some(signed.content.id.0),
        ),
        Some(Payload::InspectionAmended(amendment)) => (
            "补正".to_owned(),
            TaskPage::Record,
            Some(amendment.inspection.0),
        ),
        _ => ("本机的一条变更".to_owned(), TaskPage::Me, None),
    };
    PersonTask {
        about,
        sentence: sentence.to_owned(),
        page,
        id,
    }
}

/// Photos of visits in work that were not kept, or are damaged: there is still time to take them again.
fn not_kept(read: &local::Read<'_>) -> Result<Vec<PersonTask>, StoreError> {
    let mut found = Vec::new();
    for draft in drafts::unsigned(read)? {
        let rows = photos::of_draft(read, draft.id.0)?;
        // A whole photo of the same thing is the one that was taken again.
        let again = |of: &PhotoRow| {
            rows.iter()
                .any(|row| is_whole(row) && row.purpose == of.purpose)
        };
        let count = |wanted: fn(&PhotoRow) -> bool| {
            rows.iter().filter(|row| wanted(row) && !again(row)).count()
        };
        let failed = count(|row| row.state == PhotoState::Failed);
        let damaged = count(|row| row.state == PhotoState::Sealed && !is_whole(row));
        let sentence = match (failed, damaged) {
            (0, 0) => continue,
            (0, n) => format!("有 {n} 张照片已损坏，原片照样保存；请在签字前补拍"),
            (n, 0) => format!("有 {n} 张照片没有存上，检查记录不受影响；请在签字前重拍"),
            (n, m) => {
                format!("有 {n} 张照片没有存上、{m} 张已损坏，检查记录不受影响；请在签字前重拍")
            }
        };
        found.push(PersonTask {
            about: draft.operator.name,
            sentence,
            page: TaskPage::Draft,
            id: Some(draft.id.0),
        });
    }
    Ok(found)
}

fn is_whole(photo: &PhotoRow) -> bool {
    photo.state == PhotoState::Sealed && photo.derived != Derived::Damaged
}

/// Originals of signed records that were to be sent and are not on this phone any more.
fn gone(device: &Device, read: &local::Read<'_>) -> Result<Vec<PersonTask>, ApiError> {
    let folder = FileFolder::open(device.folder()).map_err(StoreError::from)?;
    let mut records: BTreeMap<Uuid, (String, u32)> = BTreeMap::new();
    for file in files::to_send(read)? {
        let missing = file.kind == FileKind::Original
            && !file.problem.is_empty()
            && !folder.path_of(file.sha256).exists();
        if !missing {
            continue;
        }
        for photo in photos::with_original(read, file.sha256)? {
            if let Some(draft) = drafts::get(read, InspectionId(photo.draft))? {
                records
                    .entry(photo.draft)
                    .or_insert_with(|| (draft.record_no, 0))
                    .1 += 1;
            }
        }
    }
    let tasks = records.into_iter().map(|(id, (about, n))| PersonTask {
        about,
        sentence: format!(
            "有 {n} 张原片在这台手机上找不到了，记录和已交的不受影响；请打开记录核对，需要时补拍并补正，再告诉管理员"
        ),
        page: TaskPage::Record,
        id: Some(id),
    });
    Ok(tasks.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_no_page_shows_is_not_kept_from_the_person() {
        let task = refused_task(None, "服务器已收到");
        assert_eq!((task.page, task.id), (TaskPage::Me, None));
        assert_eq!(task.sentence, "服务器已收到");
    }
}
