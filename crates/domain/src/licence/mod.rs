//! Licence numbers: one file per format, one door `check`.
//!
//! A format error may block or warn, as the bureau configures; a wrong check digit only ever warns,
//! because real certificates carry misprints and older numbers.

pub mod area;
pub mod card;
pub mod citizen;
pub mod entitled;
pub mod free;
pub mod iso7064;
pub mod legacy;
pub mod normal;
pub mod permit;
pub mod phone;
#[cfg(test)]
mod properties;
pub mod qr;
pub mod registration;
#[cfg(test)]
mod tests;
pub mod uscc;
pub mod validity;

use crate::words::words;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

words!(/// The certificates an operator can hold. Their printed names differ by province, see
/// [`crate::province::Province::licence_name`].
LicenceKind {
    /// 营业执照: a unified social credit code, or an old registration number.
    BusinessLicence = "营业执照",
    /// 食品经营许可证, JY.
    FoodPermit = "食品经营许可证",
    /// 食品生产许可证, SC.
    ProductionPermit = "食品生产许可证",
    /// 小餐饮登记证.
    SmallRestaurantRegistration = "小餐饮登记证",
    /// 食品小作坊登记证.
    WorkshopRegistration = "食品小作坊登记证",
    /// 食品摊点信息公示卡.
    StallCard = "食品摊点信息公示卡",
    /// 健康证明.
    HealthCertificate = "健康证明",
    /// 餐饮服务许可证, the name before 2015.
    LegacyCateringPermit = "餐饮服务许可证",
});

/// What a number looks like to its rule. The normalised form is half-width, trimmed, upper-case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "result", rename_all = "snake_case")]
#[ts(export_to = "domain.ts")]
pub enum NumberCheck {
    /// Format and check digit fit.
    Ok {
        /// The number as it is stored.
        normalised: String,
    },
    /// The number cannot be one of this kind. May block, by configuration.
    FormatError {
        /// The number as it is stored if the inspector insists.
        normalised: String,
        /// What is wrong, for the screen.
        message_zh: String,
    },
    /// Well formed, but a check digit does not fit. Warns, never blocks.
    CheckDigitMismatch {
        /// The number as it is stored.
        normalised: String,
        /// The character that was read.
        read: String,
        /// The character the others ask for.
        expected: String,
        /// Where it stands, from 1.
        position: u32,
        /// What is wrong, for the screen.
        message_zh: String,
    },
    /// No rule is known for such a number; nothing can be said about it.
    NoRule {
        /// The number as it is stored.
        normalised: String,
    },
}

impl NumberCheck {
    /// The number as it is stored.
    pub fn normalised(&self) -> &str {
        match self {
            Self::Ok { normalised }
            | Self::FormatError { normalised, .. }
            | Self::CheckDigitMismatch { normalised, .. }
            | Self::NoRule { normalised } => normalised,
        }
    }

    /// The sentence to show; `None` when there is nothing to say.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::FormatError { message_zh, .. } | Self::CheckDigitMismatch { message_zh, .. } => {
                Some(message_zh)
            }
            Self::Ok { .. } | Self::NoRule { .. } => None,
        }
    }

    /// Whether the number breaks the format of its kind.
    pub fn is_format_error(&self) -> bool {
        matches!(self, Self::FormatError { .. })
    }

    pub(crate) fn ok(normalised: &str) -> Self {
        Self::Ok {
            normalised: normalised.to_owned(),
        }
    }

    pub(crate) fn no_rule(normalised: &str) -> Self {
        Self::NoRule {
            normalised: normalised.to_owned(),
        }
    }

    pub(crate) fn format(normalised: &str, message: impl Into<String>) -> Self {
        Self::FormatError {
            normalised: normalised.to_owned(),
            message_zh: message.into(),
        }
    }

    /// `position` counts from 1.
    pub(crate) fn mismatch(normalised: &str, read: char, expected: char, position: u32) -> Self {
        Self::CheckDigitMismatch {
            normalised: normalised.to_owned(),
            read: read.to_string(),
            expected: expected.to_string(),
            position,
            message_zh: format!(
                "第{position}位校验码不符：读到 {read}，按规则应为 {expected}，请与证照原件核对"
            ),
        }
    }
}

/// Checks a licence number by the rules of the default province.
pub fn check(kind: LicenceKind, number: &str) -> NumberCheck {
    check_in(crate::province::shandong_patterns(kind), kind, number)
}

/// Checks a licence number; `patterns` are what the province's profile knows about this kind.
pub fn check_in(patterns: &free::NumberPatterns, kind: LicenceKind, number: &str) -> NumberCheck {
    let text = normal::normalise(number);
    match kind {
        LicenceKind::BusinessLicence => business(&text),
        LicenceKind::FoodPermit => permit::check_food(&text),
        LicenceKind::ProductionPermit => permit::check_production(&text),
        LicenceKind::LegacyCateringPermit => legacy::check(&text),
        // 条例第10条 lets a small restaurant hold either; the prefix says which it is.
        LicenceKind::SmallRestaurantRegistration | LicenceKind::WorkshopRegistration
            if permit::looks_like_food(&text) =>
        {
            permit::check_food(&text)
        }
        LicenceKind::SmallRestaurantRegistration
        | LicenceKind::WorkshopRegistration
        | LicenceKind::StallCard
        | LicenceKind::HealthCertificate => free::check(patterns, &text),
    }
}

/// A business licence carries a unified code (18), a registration number (15) or, before 2007, 13 digits.
fn business(text: &str) -> NumberCheck {
    let length = text.chars().count();
    let digits = text.chars().all(|c| c.is_ascii_digit());
    match (length, digits) {
        (18, _) => uscc::check(text),
        (15, true) => registration::check(text),
        (13, true) => NumberCheck::no_rule(text),
        _ => NumberCheck::format(
            text,
            format!("营业执照号应为18位统一社会信用代码或15位注册号，现为{length}位"),
        ),
    }
}
