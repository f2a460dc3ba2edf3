//! A value that a person types in place of those that met: cleaned and limited like on the phone.

use crate::app::App;
use crate::problem::{Answer, Refusal};
use crate::storage::console::places;
use serde_json::Value;
use xunji_domain::licence::check;
use xunji_domain::operator::{Licence, Operator};
use xunji_domain::text::typed;
use xunji_protocol::limits::{MAX_LIST, MAX_SHORT, MAX_TEXT};
use xunji_protocol::problem::{Code, Problem};

/// The reason, which may be empty.
pub(super) fn reason(text: &str) -> Answer<String> {
    let text = typed(text);
    if text.chars().count() > MAX_TEXT {
        return Err(too_long(MAX_TEXT));
    }
    Ok(text)
}

/// The value as it is going to stand.
pub(super) fn value(app: &App, entry: &Operator, field: &str, given: &Value) -> Answer<Value> {
    let mut value = cleaned(given)?;
    if field.starts_with("licence.") && !value.is_null() {
        let licence: Licence = serde_json::from_value(value).map_err(|_| unfit())?;
        let number = check(licence.kind, &licence.number).normalised().to_owned();
        value = serde_json::to_value(Licence { number, ..licence }).map_err(|_| unfit())?;
    }
    let next = entry.with_field(field, &value).map_err(|_| unfit())?;
    if next.name.is_empty() || next.owner.is_empty() {
        return Err(unfit());
    }
    if let Some(slot) = next.slot.as_ref().filter(|_| field == "slot") {
        let markets = places::markets(&app.store, app.bureau)?;
        if !markets.iter().any(|market| market.id == slot.market) {
            return Err(unfit());
        }
    }
    Ok(value)
}

/// What does not fit its field.
pub(super) fn unfit() -> Refusal {
    Problem::new(Code::BadRequest)
        .saying("这一项不能这样填，没有写入，几个值都还在；请核对后再定")
        .into()
}

fn cleaned(given: &Value) -> Answer<Value> {
    Ok(match given {
        Value::String(text) => {
            let text = typed(text);
            if text.chars().count() > MAX_SHORT {
                return Err(too_long(MAX_SHORT));
            }
            Value::String(text)
        }
        Value::Array(items) if items.len() > MAX_LIST => return Err(unfit()),
        Value::Array(items) => {
            let mut kept = items.iter().map(cleaned).collect::<Answer<Vec<_>>>()?;
            kept.retain(|item| item.as_str() != Some(""));
            Value::Array(kept)
        }
        Value::Object(map) => {
            let fields = map
                .iter()
                .map(|(key, item)| Ok((key.clone(), cleaned(item)?)));
            Value::Object(fields.collect::<Answer<_>>()?)
        }
        other => other.clone(),
    })
}

fn too_long(most: usize) -> Refusal {
    Problem::new(Code::BadRequest)
        .saying(format!(
            "最多 {most} 字，没有写入，几个值都还在；请删短后再定"
        ))
        .into()
}
