//! What happened to this phone's logs and to the server's store, in plain words, for as long as it matters.

use crate::device::Device;
use crate::store::StoreError;
use crate::store::local::{self, lapse, left, log, lost};
use crate::store::mirror::records;
use xunji_protocol::kinds::OpenedBecause;

/// The sentences, the gravest first. `waits`: something has no receipt yet.
///
/// # Errors
/// Those of the files.
pub(super) fn notes(
    device: &Device,
    read: &local::Read<'_>,
    waits: bool,
) -> Result<Vec<String>, StoreError> {
    let mut notes = Vec::new();
    let missed = left::missed(read)?;
    if missed > 0 {
        notes.push(format!(
            "服务器恢复到的备份太旧，缺 {missed} 条早已移出本机的内容，已向服务器申报；请告诉管理员换用较新的备份"
        ));
    }
    let lost = (lost::all(read)?.len() as u64).saturating_sub(missed);
    if lost > 0 {
        notes.push(format!(
            "有 {lost} 条内容在本机存储受损，已向服务器申报，其余的照常上交；请核对后把受损的那一条补录，并告诉管理员"
        ));
    }
    if let Some(because) = log::open(read)?.and_then(|log| log.because) {
        notes.extend(continued(because).map(str::to_owned));
    }
    let doubted = device.mirror().read(records::doubted)?;
    if doubted > 0 && !waits {
        notes.push(format!(
            "服务器恢复过较早的数据，有 {doubted} 条它已没有，本机仍保留着；请告诉管理员"
        ));
    } else if waits && lapse::count(read)? > 0 {
        notes.push("服务器恢复过较早的数据，本机正把它缺的重新交上，没有丢失，无须处理".to_owned());
    }
    Ok(notes)
}

fn continued(because: OpenedBecause) -> Option<&'static str> {
    match because {
        OpenedBecause::Fork => Some(
            "这台手机的数据在另一处也接着写过，两处的内容服务器都收，没有丢失；本机已另起一条线继续，请告诉管理员",
        ),
        OpenedBecause::PhoneRestored => Some(
            "这台手机恢复过较早的数据，之后交过的内容在服务器上，没有丢失；本机已另起一条线继续，请告诉管理员",
        ),
        OpenedBecause::Copied => Some(
            "这台手机的数据是从别处复制来的，或密钥是找回的，内容没有丢失；本机已另起一条线继续，请告诉管理员",
        ),
        OpenedBecause::Damaged | OpenedBecause::ServerRestored => None,
    }
}
