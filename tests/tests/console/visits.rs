//! Visits of several days, as inspectors make them who look: for lists, signals and figures.

use super::desk::deliver;
use xunji_domain::inspection::{
    InspectionContent, InspectorOnRecord, PhotoOrigin, PhotoPurpose, PhotoRef,
};
use xunji_domain::operator::Operator;
use xunji_domain::time::{ClockReading, Millis};
use xunji_domain::words::{Answer, OperatorKind};
use xunji_protocol::kinds::OPERATOR_REGISTERED;
use xunji_tests::conformance::backend::Server;
use xunji_tests::conformance::phone::Phone;
use xunji_tests::conformance::{Backend, sample};

pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// 10:00 on the day of the visits: what was signed before comes in now.
pub const NOON: i64 = sample::MORNING + 4 * 60 * 60 * 1000;

/// Puts the operators of 柳汀所 into the register. Returns how many.
pub fn register(backend: &Backend, server: &Server, (phone, token): &mut (Phone, String)) -> i64 {
    let station = sample::station(&backend.county);
    let own = backend
        .county
        .operators
        .iter()
        .filter(|o| o.station == station);
    let changes: Vec<_> = own
        .map(|operator| phone.append(OPERATOR_REGISTERED, &[operator.id.0], operator))
        .collect();
    server.wire.push(phone, token, &changes);
    i64::try_from(changes.len()).unwrap()
}

/// The nth stall of 柳汀所 in the register.
pub fn stall(backend: &Backend, n: usize) -> Operator {
    let station = sample::station(&backend.county);
    let mut stalls = backend
        .county
        .operators
        .iter()
        .filter(|o| o.station == station && o.kind == OperatorKind::Stall);
    stalls.nth(n).unwrap().clone()
}

/// A visit of twenty minutes with 6 to 30 seconds for each item.
pub fn careful(
    backend: &Backend,
    operator: &Operator,
    n: u128,
    failed: &[&str],
) -> InspectionContent {
    let mut content = sample::visit(&backend.county, operator, n, failed);
    for (row, at) in content.answers.iter_mut().zip(0_i64..) {
        row.shown_ms = 6_000 + at * 7_919 % 24_000;
    }
    content
}

/// The same visit so many days earlier.
pub fn days_before(mut content: InspectionContent, days: i64) -> InspectionContent {
    let back = |reading: &mut ClockReading| {
        reading.wall = Millis(reading.wall.0 - days * DAY_MS);
        reading.boottime -= days * DAY_MS;
    };
    back(&mut content.started_at);
    content.ended_at.iter_mut().for_each(back);
    content.answers.iter_mut().for_each(|row| back(&mut row.at));
    content
}

/// By 检查员丙 and 检查员丁.
pub fn by_the_others(backend: &Backend, mut content: InspectionContent) -> InspectionContent {
    content.inspectors = ["检查员丙", "检查员丁"]
        .map(|name| {
            let person = sample::person(&backend.county, name);
            InspectorOnRecord {
                person: person.id,
                name: person.name,
                card_no: person.card_no.unwrap_or_default(),
                card_valid_to: person.card_valid_to,
            }
        })
        .to_vec();
    content
}

/// Another answer to an item.
pub fn answering(mut content: InspectionContent, item: &str, answer: Answer) -> InspectionContent {
    let mut rows = content.answers.iter_mut();
    rows.find(|row| row.item.as_str() == item).unwrap().answer = answer;
    content
}

/// With a photo of an original.
pub fn with_photo(mut content: InspectionContent, n: u128, sha256: String) -> InspectionContent {
    content.photos.push(PhotoRef {
        id: xunji_domain::ids::PhotoId(sample::id(n)),
        sha256,
        size: 3_000_000,
        purpose: PhotoPurpose::Storefront,
        origin: PhotoOrigin::Camera,
        damaged: false,
        at: content.started_at.clone(),
    });
    content
}

/// Signs and pushes.
pub fn bring(
    server: &Server,
    phone: &mut (Phone, String),
    content: InspectionContent,
) -> InspectionContent {
    deliver(server, phone, sample::sign(content))
}
