//! 经营主体: who is inspected, and how one field of it changes.

use crate::ids::{GridId, OperatorId, StationId};
use crate::licence::LicenceKind;
use crate::org::MarketSlot;
use crate::words::OperatorKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Whether the operator is in business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "domain.ts")]
pub enum OperatorStatus {
    /// 在营.
    Active,
    /// 停业.
    Suspended,
    /// 关停.
    Closed,
    /// 注销.
    Cancelled,
}

/// One certificate as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Which certificate.
    pub kind: LicenceKind,
    /// The number as read, normalised; empty where the certificate has none.
    pub number: String,
    /// The holder's name on the certificate.
    #[serde(default)]
    pub holder: String,
    /// First day.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// Last day; `None` where none is stated.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Scope on the certificate.
    #[serde(default)]
    pub scope: String,
}

/// One entry of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Born on the phone or in the office that registered it.
    pub id: OperatorId,
    /// 食品摊点, 小餐饮 or 食品小作坊.
    pub kind: OperatorKind,
    /// Name on the sign; keeps rare characters.
    pub name: String,
    /// 经营者.
    pub owner: String,
    /// Telephone, may be empty.
    #[serde(default)]
    pub phone: String,
    /// Address or usual place.
    #[serde(default)]
    pub address: String,
    /// Present station.
    pub station: StationId,
    /// Present grid.
    pub grid: GridId,
    /// Market and slot of a stall.
    #[serde(default)]
    pub slot: Option<MarketSlot>,
    /// 经营品种.
    #[serde(default)]
    pub varieties: Vec<String>,
    /// In business or not.
    pub status: OperatorStatus,
    /// Known certificates, one per kind.
    #[serde(default)]
    pub licences: Vec<Licence>,
    /// Fictional.
    #[serde(default)]
    pub demo: bool,
    /// Fields a newer version added; carried through untouched.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One write to one field: it names the value it saw, so that only a real disagreement conflicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWrite {
    /// Field name as in the JSON of [`Operator`], or `licence.<kind>`.
    pub field: String,
    /// The value on the writer's screen; `null` when there was none.
    pub seen: Value,
    /// The value written.
    pub new: Value,
}

/// Why a field cannot be written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// Not a field of the register that may be edited.
    #[error("no editable field {0}")]
    Unknown(String),
    /// The value does not fit the field.
    #[error("value does not fit field {0}")]
    Value(String),
}

/// The fields a write may name, beside `licence.<kind>`.
pub const EDITABLE: &[&str] = &[
    "name",
    "owner",
    "phone",
    "address",
    "slot",
    "varieties",
    "status",
];

impl Operator {
    /// Who it was without a word about him: id, kind and places.
    #[must_use]
    pub fn nameless(&self) -> Self {
        Self {
            name: String::new(),
            owner: String::new(),
            phone: String::new(),
            address: String::new(),
            slot: None,
            varieties: Vec::new(),
            licences: Vec::new(),
            extra: Map::new(),
            ..self.clone()
        }
    }

    /// The value of one editable field.
    ///
    /// # Errors
    /// [`FieldError::Unknown`] for a name outside [`EDITABLE`] and the licence kinds.
    pub fn field(&self, field: &str) -> Result<Value, FieldError> {
        let unknown = || FieldError::Unknown(field.to_owned());
        let json = |v: Result<Value, serde_json::Error>| v.map_err(|_| unknown());
        if let Some(kind) = field.strip_prefix("licence.") {
            let kind = parse_kind(kind).ok_or_else(unknown)?;
            let known = self.licences.iter().find(|l| l.kind == kind);
            return json(serde_json::to_value(known));
        }
        if !EDITABLE.contains(&field) {
            return Err(unknown());
        }
        let Value::Object(mut all) = json(serde_json::to_value(self))? else {
            return Err(unknown());
        };
        Ok(all.remove(field).unwrap_or(Value::Null))
    }

    /// A copy with one field replaced.
    ///
    /// # Errors
    /// [`FieldError`] when the field is unknown or the value does not fit it.
    pub fn with_field(&self, field: &str, value: &Value) -> Result<Self, FieldError> {
        let bad = || FieldError::Value(field.to_owned());
        if let Some(kind) = field.strip_prefix("licence.") {
            let kind = parse_kind(kind).ok_or_else(|| FieldError::Unknown(field.to_owned()))?;
            let mut next = self.clone();
            next.licences.retain(|l| l.kind != kind);
            if !value.is_null() {
                let licence: Licence = serde_json::from_value(value.clone()).map_err(|_| bad())?;
                if licence.kind != kind {
                    return Err(bad());
                }
                next.licences.push(licence);
                next.licences.sort_by_key(|l| l.kind);
            }
            return Ok(next);
        }
        if !EDITABLE.contains(&field) {
            return Err(FieldError::Unknown(field.to_owned()));
        }
        let Value::Object(mut all) = serde_json::to_value(self).map_err(|_| bad())? else {
            return Err(bad());
        };
        all.insert(field.to_owned(), value.clone());
        serde_json::from_value(Value::Object(all)).map_err(|_| bad())
    }
}

/// The licence kind of a wire code.
fn parse_kind(code: &str) -> Option<LicenceKind> {
    serde_json::from_value(Value::String(code.to_owned())).ok()
}
