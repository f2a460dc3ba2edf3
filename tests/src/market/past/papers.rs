//! What an operator's papers in the register mean for a visit on a day: which items must fail, and
//! which are not asked.

use chrono::NaiveDate;
use xunji_domain::checklist::Checklist;
use xunji_domain::licence::LicenceKind;
use xunji_domain::operator::Operator;
use xunji_domain::words::OperatorKind;

/// Items that fail on `day` because a certificate has run out, or a stall has no card at all. A health
/// certificate that the register does not know may still be shown on site.
pub fn flaws(operator: &Operator, day: NaiveDate) -> Vec<String> {
    let held = |kind| operator.licences.iter().find(|l| l.kind == kind);
    let over = |kind| held(kind).is_some_and(|l| l.valid_to.is_some_and(|to| to < day));
    let mut codes = Vec::new();
    let (own, health) = match operator.kind {
        OperatorKind::Stall => {
            let flawed = held(LicenceKind::StallCard).is_none() || over(LicenceKind::StallCard);
            (flawed.then_some("TD1.1"), "TD1.3")
        }
        OperatorKind::SmallRestaurant => {
            let flawed = over(LicenceKind::SmallRestaurantRegistration);
            (flawed.then_some("CY1.1"), "CY1.4")
        }
        OperatorKind::Workshop => {
            let flawed = over(LicenceKind::WorkshopRegistration);
            (flawed.then_some("ZF1.1"), "ZF1.4")
        }
    };
    codes.extend(own.map(str::to_owned));
    if over(LicenceKind::HealthCertificate) {
        codes.push(health.to_owned());
    }
    codes
}

/// Items about papers that this operator does not have to have: 未办卡的已告知 where there is a card,
/// 换证 where the term is long.
pub fn not_asked(operator: &Operator, list: &Checklist) -> Vec<String> {
    let carded = operator
        .licences
        .iter()
        .any(|l| l.kind == LicenceKind::StallCard);
    let asked = |code: &str| match code {
        "TD1.6" => carded,
        "CY1.6" => true,
        _ => false,
    };
    list.items
        .iter()
        .map(|i| i.code.to_string())
        .filter(|code| asked(code))
        .collect()
}

/// Which of an item's sentences tells the truth about the papers: the first of a missing or expired
/// one, the second of an expired card. `None` where any of them may be said.
pub fn sentence(operator: &Operator, code: &str, day: NaiveDate) -> Option<usize> {
    if !flaws(operator, day).iter().any(|flaw| flaw == code) {
        return None;
    }
    let carded = operator
        .licences
        .iter()
        .any(|l| l.kind == LicenceKind::StallCard);
    Some(usize::from(code == "TD1.1" && carded))
}
