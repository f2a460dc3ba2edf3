//! People of the station.

use chrono::NaiveDate;
use serde::Serialize;
use xunji_domain::inspection::InspectorOnRecord;
use xunji_domain::org::Person;

/// Somebody of the station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(export_to = "device.ts")]
pub struct PersonView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code of the role.
    pub role: String,
    /// 检查员 …
    pub role_text: String,
    /// 执法证号.
    pub card_no: Option<String>,
    /// Last valid day of the card.
    pub card_valid_to: Option<String>,
    /// Whether the person may sign as an inspector on the day in question.
    pub may_sign: bool,
}

impl PersonView {
    /// A person of the roster, on a day.
    pub fn of_person(person: &Person, day: NaiveDate) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            role: serde_json::to_value(person.role)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            role_text: person.role.label().to_owned(),
            card_no: person.card_no.clone(),
            card_valid_to: person.card_valid_to.map(|d| d.to_string()),
            may_sign: person.may_sign_on(day),
        }
    }

    /// An inspector as he stands on a record of a day.
    pub fn of_inspector(inspector: &InspectorOnRecord, day: NaiveDate) -> Self {
        Self {
            id: inspector.person.to_string(),
            name: inspector.name.clone(),
            role: "inspector".to_owned(),
            role_text: "检查员".to_owned(),
            card_no: Some(inspector.card_no.clone()).filter(|n| !n.is_empty()),
            card_valid_to: inspector.card_valid_to.map(|d| d.to_string()),
            may_sign: !inspector.card_no.is_empty()
                && inspector.card_valid_to.is_some_and(|to| day <= to),
        }
    }
}
