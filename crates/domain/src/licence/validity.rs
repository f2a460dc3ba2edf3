//! Dates on a certificate: days left, expired, expiring, and how long a health certificate lasts.

use crate::words::words;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A certificate with fewer days than this left is expiring (条例第24条: renewal is due 30 days before).
pub const EXPIRING_DAYS: i64 = 30;

words!(/// Where a certificate stands on a day.
Validity {
    /// At least [`EXPIRING_DAYS`] left.
    Valid = "有效",
    /// Fewer than [`EXPIRING_DAYS`] left; the last day itself is still valid.
    Expiring = "即将到期",
    /// The last day has passed.
    Expired = "已过期",
    /// No last day is stated.
    NoTerm = "未载明期限",
});

/// Days until the last valid day: 0 on that day, negative afterwards.
pub fn days_left(valid_to: NaiveDate, on: NaiveDate) -> i64 {
    (valid_to - on).num_days()
}

/// Where a certificate stands on a day.
pub fn validity(valid_to: Option<NaiveDate>, on: NaiveDate) -> Validity {
    match valid_to.map(|to| days_left(to, on)) {
        None => Validity::NoTerm,
        Some(days) if days < 0 => Validity::Expired,
        Some(days) if days < EXPIRING_DAYS => Validity::Expiring,
        Some(_) => Validity::Valid,
    }
}

/// The sentence beside a certificate: `有效期至2026-12-01（剩9天）`.
pub fn validity_text(valid_to: Option<NaiveDate>, on: NaiveDate) -> String {
    let Some(to) = valid_to else {
        return Validity::NoTerm.label().to_owned();
    };
    match days_left(to, on) {
        0 => format!("有效期至{to}（今天到期）"),
        days if days < 0 => format!("有效期至{to}（已过期{}天）", -days),
        days if days < EXPIRING_DAYS => format!("有效期至{to}（剩{days}天）"),
        _ => format!("有效期至{to}"),
    }
}

/// Last valid day of a health certificate: one year less a day after examination or issue (条例第11条 asks
/// for a yearly check). From 29 February it ends on 28 February. `None` outside the calendar.
pub fn health_valid_to(issued: NaiveDate) -> Option<NaiveDate> {
    let anniversary = issued.checked_add_months(Months::new(12))?;
    if anniversary.day() == issued.day() {
        anniversary.pred_opt()
    } else {
        Some(anniversary)
    }
}
