//! What a visit is held to and reminded of, read from what the server last said: last time's failures, the
//! next market day, and whether the bureau lets a section be confirmed. It does not change during a visit.

use super::{acting, form, operators};
use crate::Device;
use crate::api::ApiError;
use crate::api::view::{ConfirmRules, NextMarket, VisitRules};
use crate::store::mirror;
use std::collections::{BTreeMap, BTreeSet};
use xunji_domain::calendar::{Market, next_market_day};
use xunji_domain::checklist::ItemCode;
use xunji_domain::ids::InspectionId;
use xunji_domain::operator::Operator;
use xunji_domain::org::Bureau;
use xunji_domain::section_confirm::{Alone, SectionConfirm, answered_alone};
use xunji_protocol::state::{self, FailedItem};

/// The rules of one visit, as the face shows them.
///
/// # Errors
/// `not_found`, those of the files.
pub fn rules(device: &Device, inspection: InspectionId) -> Result<VisitRules, ApiError> {
    let form = device
        .local()?
        .read(|read| form::load(device, read, inspection))?;
    let failed = operators::last_failed(device, form.row.operator.id)?;
    let confirm = confirming(device, &form, &failed)?.map(|(rule, alone)| ConfirmRules {
        alone: alone
            .iter()
            .map(|(code, why)| (code.to_string(), why.label().to_owned()))
            .collect(),
        reading_ms: form
            .checklist
            .items
            .iter()
            .map(|item| (item.code.to_string(), rule.reading_ms(item)))
            .collect(),
    });
    Ok(VisitRules {
        last_failed: failed
            .iter()
            .filter_map(|f| serde_json::to_value(f).ok())
            .collect(),
        next_market: next_market(device, &form.row.operator)?,
        confirm,
    })
}

/// The bureau's rule for 按部分确认, and the items it leaves out with the reason for each.
pub(super) type Confirming = (SectionConfirm, BTreeMap<ItemCode, Alone>);

/// The bureau's rule for 按部分确认; `None` while it is off.
///
/// # Errors
/// Those of the files.
pub(super) fn confirming(
    device: &Device,
    form: &form::Form,
    failed: &[FailedItem],
) -> Result<Option<Confirming>, ApiError> {
    let bureaus: Vec<Bureau> = device
        .mirror()
        .read(|m| mirror::records::all(m, state::BUREAU))?;
    let Some(rule) = bureaus.into_iter().find_map(|b| b.section_confirm) else {
        return Ok(None);
    };
    let failed: BTreeSet<ItemCode> = failed.iter().map(|f| f.item.clone()).collect();
    let alone = answered_alone(form.checklist, &failed, form.row.id);
    Ok(Some((rule, alone)))
}

/// The next day on which the inspectors are here again: the stall's own market; for a shop the markets of
/// its grid, or those of its station.
fn next_market(device: &Device, operator: &Operator) -> Result<Option<NextMarket>, ApiError> {
    let all = operators::all_markets(device)?;
    let of = |near: &dyn Fn(&Market) -> bool| -> Vec<&Market> {
        all.iter().filter(|market| near(market)).collect()
    };
    let own = operator.slot.as_ref().map(|slot| slot.market);
    let near = [
        of(&|market| Some(market.id) == own),
        of(&|market| market.grid == operator.grid),
        of(&|market| market.station == operator.station),
    ];
    let today = acting::today(device);
    let soonest = near
        .into_iter()
        .find(|markets| !markets.is_empty())
        .into_iter()
        .flatten()
        .filter_map(|market| Some((next_market_day(&market.rule, today)?, market)))
        .min_by_key(|(day, _)| *day);
    Ok(soonest.map(|(day, market)| NextMarket {
        day: day.to_string(),
        name: market.name.clone(),
    }))
}
