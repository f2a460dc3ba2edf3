//! Beginning an inspection and opening it again.

use super::{acting, current::Overlay, form, form_view, position as place};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::DraftView;
use crate::store::local::drafts::DraftRow;
use crate::store::local::{Write, drafts, log, numbers};
use xunji_domain::checklist::for_kind;
use xunji_domain::ids::{InspectionId, OperatorId};
use xunji_domain::inspection::ChecklistRef;
use xunji_domain::operator::Operator;
use xunji_domain::org::Person;
use xunji_domain::time::{ClockReading, GeoFix, compact_date};

/// Begins the inspection of an operator, or opens today's of the same operator again.
///
/// # Errors
/// `not_enrolled`, `no_inspectors`, `not_found`.
pub fn start(
    device: &Device,
    operator: OperatorId,
    position: Option<GeoFix>,
) -> Result<DraftView, ApiError> {
    let overlay = Overlay::load(device)?;
    let found = device.mirror().read(|m| overlay.operator(m, operator))?;
    let operator = found
        .ok_or_else(|| ApiError::not_found("这个经营主体"))?
        .value;
    let id = InspectionId(device.new_id()?);
    let position = place::to_begin_with(device, position)?;
    device.local()?.write(|write| {
        let at = acting::reading(device, write)?;
        let people = acting::inspectors(device, write)?;
        let today = at.time().date(device.zone());
        let open = drafts::unsigned_of(write, operator.id)?;
        let again = open
            .into_iter()
            .find(|d| d.started_at.time().date(device.zone()) == today);
        let id = match again {
            Some(draft) => draft.id,
            None => {
                let begun = Begun {
                    id,
                    operator: &operator,
                    people: &people,
                    at,
                    position,
                };
                begin(device, write, begun)?
            }
        };
        form_view::view(&form::load(device, write, id)?, device.zone(), false)
    })
}

/// An inspection in work, or the form of a final one.
///
/// # Errors
/// `not_found`.
pub fn draft(device: &Device, id: InspectionId) -> Result<DraftView, ApiError> {
    device
        .local()?
        .read(|read| form_view::view(&form::load(device, read, id)?, device.zone(), false))
}

/// Changes what stands on the record as a whole, in one transaction; signatures made before are void.
///
/// # Errors
/// `not_found`, `already_signed`, those of `change`.
pub(super) fn change(
    device: &Device,
    id: InspectionId,
    change: impl FnOnce(&Write<'_>, &mut DraftRow, ClockReading) -> Result<(), ApiError>,
) -> Result<DraftView, ApiError> {
    device.local()?.write(|write| {
        let mut row = form::load(device, write, id)?.open()?.row;
        let at = acting::reading(device, write)?;
        let voided = drafts::void_signatures(write, id.0)?;
        row.ended_at = None;
        change(write, &mut row, at)?;
        drafts::update(write, &row)?;
        form_view::view(&form::load(device, write, id)?, device.zone(), voided)
    })
}

/// What a visit begins with.
struct Begun<'a> {
    id: InspectionId,
    operator: &'a Operator,
    people: &'a [Person],
    at: ClockReading,
    position: Option<GeoFix>,
}

fn begin(device: &Device, write: &Write<'_>, begun: Begun<'_>) -> Result<InspectionId, ApiError> {
    let Begun {
        id,
        operator,
        people,
        at,
        position,
    } = begun;
    let list = for_kind(operator.kind).ok_or_else(|| ApiError::not_found("检查表"))?;
    let author = people
        .first()
        .ok_or_else(|| ApiError::not_found("检查员"))?;
    drafts::insert(
        write,
        &DraftRow {
            id,
            author: author.id,
            operator: operator.clone(),
            checklist: ChecklistRef {
                id: list.id.clone(),
                version: list.version,
                digest: list.digest.clone(),
            },
            record_no: record_no(device, write, &at)?,
            market: operator.slot.as_ref().map(|s| s.market),
            started_at: at,
            ended_at: None,
            notice_given: false,
            not_inspected: None,
            conclusion: None,
            conclusion_reason: String::new(),
            party_opinion: String::new(),
            inspectors: people.iter().map(super::people::on_record).collect(),
            position,
            signed_change: None,
        },
    )?;
    Ok(id)
}

/// `{station}-{yyyymmdd}-{short code}{nn}`: final offline, because no other log has this code.
fn record_no(device: &Device, write: &Write<'_>, at: &ClockReading) -> Result<String, ApiError> {
    let station = acting::enrolment(write)?.station_code;
    let code = log::open(write)?
        .ok_or_else(ApiError::not_enrolled)?
        .short_code;
    let day = at.time().date(device.zone()).unwrap_or_default();
    let nn = numbers::next(write, day)?;
    Ok(format!("{station}-{}-{code}{nn:02}", compact_date(day)))
}
