//! Writing the register: a new entry, and field writes that name the value they saw.

use super::append::{self, Said};
use super::current::Overlay;
use super::{acting, operators, text};
use crate::Device;
use crate::api::ApiError;
use crate::store::mirror;
use serde::{Deserialize, Serialize};
use serde_json::json;
use xunji_domain::ids::{GridId, MarketId, OperatorId, StationId};
use xunji_domain::licence::check;
use xunji_domain::operator::{FieldWrite, Licence, Operator, OperatorStatus};
use xunji_domain::org::{Bureau, Grid, MarketSlot};
use xunji_domain::words::OperatorKind;
use xunji_protocol::kinds::{OPERATOR_EDITED, OPERATOR_REGISTERED, OperatorEdited};
use xunji_protocol::state;

/// A new entry as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOperator {
    /// Kind.
    pub kind: OperatorKind,
    /// Name on the sign.
    pub name: String,
    /// 经营者.
    pub owner: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Address or usual place.
    #[serde(default)]
    pub address: String,
    /// Market of a stall.
    #[serde(default)]
    pub market: Option<MarketId>,
    /// Stall number or a description of the place.
    #[serde(default)]
    pub slot: String,
    /// 经营品种.
    #[serde(default)]
    pub varieties: Vec<String>,
}

/// Registers an operator found on site.
///
/// # Errors
/// `text_missing`, `text_too_long`, `no_inspectors`, `no_grid`, those of the file.
pub fn register(device: &Device, typed: &NewOperator) -> Result<Operator, ApiError> {
    let station = device.local()?.read(acting::enrolment)?.station;
    let operator = Operator {
        id: OperatorId(device.new_id()?),
        kind: typed.kind,
        name: text::required("名称", &typed.name)?,
        owner: text::required("经营者", &typed.owner)?,
        phone: text::short("电话", &typed.phone)?,
        address: text::short("地址", &typed.address)?,
        station,
        grid: grid(device, station, typed.market)?,
        slot: match typed.market {
            None => None,
            Some(market) => Some(MarketSlot {
                market,
                slot: text::short("摊位", &typed.slot)?,
            }),
        },
        varieties: varieties(&typed.varieties)?,
        status: OperatorStatus::Active,
        licences: Vec::new(),
        demo: demo(device)?,
        extra: serde_json::Map::new(),
    };
    device.local()?.write(|write| {
        let said = Said {
            kind: OPERATOR_REGISTERED,
            author: acting::author(device, write)?,
            at: acting::reading(device, write)?,
            records: vec![operator.id.0],
            body: &operator,
        };
        append::append(device, write, said)
    })?;
    device.sync().nudge();
    Ok(operator)
}

/// Writes fields of an entry. A write that changes nothing is left out.
///
/// # Errors
/// `not_found`, `field_invalid`, `text_too_long`, `no_inspectors`, those of the file.
pub fn edit(device: &Device, id: OperatorId, writes: &[FieldWrite]) -> Result<Operator, ApiError> {
    let overlay = Overlay::load(device)?;
    let found = device.mirror().read(|m| overlay.operator(m, id))?;
    let mut operator = found
        .ok_or_else(|| ApiError::not_found("这个经营主体"))?
        .value;
    let mut kept = Vec::new();
    for write in writes {
        let write = clean(write)?;
        if write.new == write.seen {
            continue;
        }
        operator = operator
            .with_field(&write.field, &write.new)
            .map_err(|e| invalid(&write.field, &e.to_string()))?;
        if operator.name.is_empty() || operator.owner.is_empty() {
            return Err(invalid(&write.field, "empty"));
        }
        kept.push(write);
    }
    if kept.is_empty() {
        return Ok(operator);
    }
    let body = OperatorEdited {
        operator: id,
        writes: kept,
    };
    device.local()?.write(|write| {
        let said = Said {
            kind: OPERATOR_EDITED,
            author: acting::author(device, write)?,
            at: acting::reading(device, write)?,
            records: vec![id.0],
            body: &body,
        };
        append::append(device, write, said)
    })?;
    device.sync().nudge();
    Ok(operator)
}

/// Whether the bureau's data is fictional; before the first pull it is not known.
///
/// # Errors
/// Those of the mirror.
pub(super) fn demo(device: &Device) -> Result<bool, ApiError> {
    let bureaus: Vec<Bureau> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::BUREAU))?;
    Ok(bureaus.iter().any(|b| b.demo))
}

fn clean(write: &FieldWrite) -> Result<FieldWrite, ApiError> {
    let mut new = text::value(&write.field, &write.new)?;
    if write.field.starts_with("licence.") && !new.is_null() {
        let licence: Licence =
            serde_json::from_value(new).map_err(|e| invalid(&write.field, &e.to_string()))?;
        let number = check(licence.kind, &licence.number).normalised().to_owned();
        new = serde_json::to_value(Licence { number, ..licence })
            .map_err(|e| invalid(&write.field, &e.to_string()))?;
    }
    Ok(FieldWrite {
        field: write.field.clone(),
        seen: write.seen.clone(),
        new,
    })
}

fn varieties(typed: &[String]) -> Result<Vec<String>, ApiError> {
    let cleaned = text::value("经营品种", &json!(typed))?;
    let list: Vec<String> =
        serde_json::from_value(cleaned).map_err(|e| invalid("varieties", &e.to_string()))?;
    Ok(list.into_iter().filter(|v| !v.is_empty()).collect())
}

/// The grid the place lies in: the market's, else the station's first by code; the office moves it.
fn grid(device: &Device, station: StationId, market: Option<MarketId>) -> Result<GridId, ApiError> {
    if let Some(id) = market {
        let markets = operators::all_markets(device)?;
        return markets
            .iter()
            .find(|m| m.id == id)
            .map(|m| m.grid)
            .ok_or_else(|| ApiError::not_found("这个集市"));
    }
    let mut grids: Vec<Grid> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::GRID))?;
    grids.retain(|g| g.station == station);
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    grids.first().map(|g| g.id).ok_or_else(|| {
        ApiError::new(
            "no_grid",
            "本机还没有收到本所的网格资料，没有存上；请联网同步一次后再登记",
        )
    })
}

fn invalid(field: &str, detail: &str) -> ApiError {
    ApiError::new(
        "field_invalid",
        "这一项的内容不能这样填写，没有存上，原来的内容都在；请核对后再保存",
    )
    .with(json!({ "field": field, "detail": detail }))
}
