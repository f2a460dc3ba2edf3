//! What differs by province, as data: names of certificates, the area limit of a small restaurant,
//! prohibited foods, number patterns.

use crate::licence::LicenceKind;
use crate::licence::free::NumberPatterns;
use crate::words::OperatorKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SHANDONG: LazyLock<Result<Province, ProvinceError>> =
    LazyLock::new(|| parse(include_str!("../provinces/37.toml")));
static NO_PATTERNS: LazyLock<NumberPatterns> = LazyLock::new(NumberPatterns::default);

/// A profile that cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("省份配置无法读取: {0}")]
pub struct ProvinceError(String);

/// One province's profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Province {
    /// First two digits of GB/T 2260.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Premises of a small restaurant are below this, in tenths of a square metre. The limit itself is
    /// no longer small (不足五十平方米).
    pub small_restaurant_below_tenths_m2: u32,
    /// Years for which a registration certificate is valid.
    pub registration_years: u32,
    /// Printed names of certificates where they differ from the default.
    #[serde(default)]
    pub licence_names: BTreeMap<LicenceKind, String>,
    /// What is known about number formats.
    #[serde(default)]
    pub number_patterns: BTreeMap<LicenceKind, NumberPatterns>,
    /// Foods nobody of this kind may make or sell.
    #[serde(default)]
    pub prohibited: BTreeMap<OperatorKind, Prohibited>,
}

/// A list of prohibited foods and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prohibited {
    /// The article.
    pub basis: String,
    /// The foods, as the rule names them.
    pub foods: Vec<String>,
}

impl Province {
    /// The printed name of a certificate.
    pub fn licence_name(&self, kind: LicenceKind) -> &str {
        self.licence_names
            .get(&kind)
            .map_or_else(|| kind.label(), String::as_str)
    }

    /// Whether premises of `tenths` tenths of a square metre are still a small restaurant.
    pub fn is_small_restaurant(&self, tenths: u32) -> bool {
        tenths < self.small_restaurant_below_tenths_m2
    }
}

/// The built-in profile of Shandong.
///
/// # Errors
/// Only when the built-in file is broken, which a test excludes.
pub fn shandong() -> Result<&'static Province, ProvinceError> {
    match &*SHANDONG {
        Ok(province) => Ok(province),
        Err(error) => Err(error.clone()),
    }
}

/// Reads a profile.
///
/// # Errors
/// The text is not the TOML of a profile.
pub fn parse(text: &str) -> Result<Province, ProvinceError> {
    toml::from_str(text).map_err(|error| ProvinceError(error.to_string()))
}

/// What Shandong's profile knows about the numbers of one kind.
pub(crate) fn shandong_patterns(kind: LicenceKind) -> &'static NumberPatterns {
    shandong()
        .ok()
        .and_then(|province| province.number_patterns.get(&kind))
        .unwrap_or(&NO_PATTERNS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fifty_square_metres_are_no_longer_small() {
        let province = shandong().unwrap();
        assert!(province.is_small_restaurant(499));
        assert!(!province.is_small_restaurant(500));
        assert!(!province.is_small_restaurant(501));
    }

    #[test]
    fn names_and_prohibited_foods_are_there() {
        let province = shandong().unwrap();
        assert_eq!(
            province.licence_name(LicenceKind::StallCard),
            "食品摊点信息公示卡"
        );
        for kind in OperatorKind::ALL {
            assert!(!province.prohibited.get(kind).unwrap().foods.is_empty());
        }
    }
}
