//! Which certificate entitles whom to work, and whether an operator holds one.

use super::LicenceKind;
use super::validity::{Validity, validity};
use crate::operator::{Licence, Operator};
use crate::words::OperatorKind;
use chrono::NaiveDate;

/// The certificates any of which entitles this kind to work (条例第11、16、26条: 小作坊 and 小餐饮 are
/// registered, 摊点 are put on a card; a full permit is more than a registration).
pub fn entitling(kind: OperatorKind) -> &'static [LicenceKind] {
    match kind {
        OperatorKind::Stall => &[LicenceKind::StallCard],
        OperatorKind::SmallRestaurant => &[
            LicenceKind::SmallRestaurantRegistration,
            LicenceKind::FoodPermit,
            LicenceKind::LegacyCateringPermit,
        ],
        OperatorKind::Workshop => &[
            LicenceKind::WorkshopRegistration,
            LicenceKind::ProductionPermit,
        ],
    }
}

/// The entitling certificate that lasts longest; of one without a last day nothing is longer.
pub fn best(operator: &Operator) -> Option<&Licence> {
    let kinds = entitling(operator.kind);
    let entitling = operator.licences.iter().filter(|l| kinds.contains(&l.kind));
    entitling.max_by_key(|licence| licence.valid_to.unwrap_or(NaiveDate::MAX))
}

/// Where the operator's entitlement stands on a day; `None` without any certificate.
pub fn entitlement(operator: &Operator, on: NaiveDate) -> Option<Validity> {
    best(operator).map(|licence| validity(licence.valid_to, on))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::county::DemoCounty;

    #[test]
    fn the_longest_entitling_certificate_counts_and_others_do_not() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 10, d).unwrap();
        let county = DemoCounty::on(day(14)).unwrap();
        let mut operator = county.operators[0].clone();
        operator.kind = OperatorKind::SmallRestaurant;
        let licence = |kind, valid_to| Licence {
            kind,
            number: String::new(),
            holder: String::new(),
            valid_from: None,
            valid_to,
            scope: String::new(),
        };
        operator.licences = vec![licence(LicenceKind::BusinessLicence, None)];
        assert_eq!(entitlement(&operator, day(14)), None);
        let registered = LicenceKind::SmallRestaurantRegistration;
        operator.licences.push(licence(registered, Some(day(13))));
        assert_eq!(entitlement(&operator, day(14)), Some(Validity::Expired));
        assert_eq!(entitlement(&operator, day(13)), Some(Validity::Expiring));
        let permit = licence(LicenceKind::FoodPermit, None);
        operator.licences.push(permit);
        assert_eq!(entitlement(&operator, day(14)), Some(Validity::NoTerm));
    }
}
