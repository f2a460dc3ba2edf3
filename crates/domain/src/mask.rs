//! What of a personal field is shown to whom. The phone shows what the work needs, the internal print
//! less, the public print what the law asks for. Masks change the view, never the stored value.

use crate::time::GeoFix;
use crate::words::words;
use serde::{Deserialize, Serialize};

words!(/// Who will see it.
Audience {
    /// The inspector's phone and the console.
    Device = "设备",
    /// 内部版.
    Internal = "内部版",
    /// 公开脱敏版.
    Public = "公开脱敏版",
});

/// Surnames of two characters that are still common; a mask keeps the whole surname.
const DOUBLE_SURNAMES: [&str; 20] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙",
    "司徒", "司空", "端木", "南宫", "西门", "独孤", "夏侯", "轩辕",
];

/// `379921********0016`, everywhere but in the field where it is edited; not in public.
pub fn citizen_id(number: &str, audience: Audience) -> Option<String> {
    match audience {
        Audience::Public => None,
        Audience::Device | Audience::Internal => Some(keep_ends(number, 6, 4)),
    }
}

/// A permit number built on a person's id number, as food permits print it: digits 11 to 14 as `****`.
pub fn citizen_id_on_permit(number: &str) -> String {
    number
        .chars()
        .zip(1..)
        .map(|(c, at)| if (11..=14).contains(&at) { '*' } else { c })
        .collect()
}

/// `138****8000` inside, nothing in public.
pub fn phone(number: &str, audience: Audience) -> Option<String> {
    match audience {
        Audience::Device => Some(number.to_owned()),
        Audience::Internal => Some(keep_ends(number, 3, 4)),
        Audience::Public => None,
    }
}

/// `谷某某` in public, unless the trade name shows the owner's name anyway.
pub fn owner_name(owner: &str, trade_name: &str, audience: Audience) -> String {
    let owner = owner.trim();
    if audience != Audience::Public || owner.is_empty() || trade_name.contains(owner) {
        return owner.to_owned();
    }
    let double = DOUBLE_SURNAMES.iter().any(|s| owner.starts_with(s));
    let length = owner.chars().count();
    let kept = if double && length > 2 { 2 } else { 1 };
    let surname: String = owner.chars().take(kept).collect();
    format!(
        "{surname}{}",
        "某".repeat(length.saturating_sub(kept).clamp(1, 2))
    )
}

/// Only the last four characters inside, nothing in public.
pub fn health_certificate(number: &str, audience: Audience) -> Option<String> {
    match audience {
        Audience::Device => Some(number.to_owned()),
        Audience::Internal => Some(keep_ends(number, 0, 4)),
        Audience::Public => None,
    }
}

/// The shop's address is public, a home address is not.
pub fn address(text: &str, home: bool, audience: Audience) -> Option<String> {
    (audience != Audience::Public || !home).then(|| text.to_owned())
}

/// What stands in place of a signature's picture; `None` where the picture itself may be shown.
pub fn signature(audience: Audience) -> Option<&'static str> {
    (audience == Audience::Public).then_some("已签")
}

/// `36.1234, 117.5678` inside, all seven decimals on the phone, nothing in public.
pub fn position(fix: &GeoFix, audience: Audience) -> Option<String> {
    let decimals = match audience {
        Audience::Device => 7,
        Audience::Internal => 4,
        Audience::Public => return None,
    };
    let (lat, lon) = (degrees(fix.lat_e7, decimals), degrees(fix.lon_e7, decimals));
    Some(format!("{lat}, {lon}"))
}

/// Keeps `head` and `tail` characters. A text too short to hide anything is hidden whole.
fn keep_ends(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    if length <= head + tail {
        return "*".repeat(length);
    }
    text.chars()
        .enumerate()
        .map(|(at, c)| {
            if at < head || at >= length - tail {
                c
            } else {
                '*'
            }
        })
        .collect()
}

/// Degrees with `decimals` decimals, cut, not rounded: a mask must not invent a nearer place.
fn degrees(e7: i64, decimals: usize) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let value = e7.unsigned_abs();
    let fraction = format!("{:07}", value % 10_000_000);
    let shown = fraction.get(..decimals).unwrap_or(&fraction);
    format!("{sign}{}.{shown}", value / 10_000_000)
}

#[cfg(test)]
mod tests {
    use super::Audience::{Device, Internal, Public};
    use super::*;

    #[test]
    fn numbers() {
        let masked = Some("379921********0016".to_owned());
        assert_eq!(citizen_id("379921198001010016", Device), masked);
        assert_eq!(citizen_id("379921198001010016", Internal), masked);
        assert_eq!(citizen_id("379921198001010016", Public), None);
        assert_eq!(
            citizen_id_on_permit("379921198001010016"),
            "3799211980****0016"
        );
        assert_eq!(
            phone("13800138000", Internal).as_deref(),
            Some("138****8000")
        );
        assert_eq!(phone("13800138000", Device).as_deref(), Some("13800138000"));
        assert_eq!(phone("13800138000", Public), None);
        assert_eq!(phone("12315", Internal).as_deref(), Some("*****"));
        assert_eq!(
            health_certificate("JK-20260001", Internal).as_deref(),
            Some("*******0001")
        );
        assert_eq!(
            health_certificate("0001", Internal).as_deref(),
            Some("****")
        );
        assert_eq!(health_certificate("JK-20260001", Public), None);
    }

    #[test]
    fn owners_are_named_in_public_only_by_their_own_sign() {
        assert_eq!(owner_name("谷小满", "柳汀麦香煎饼", Public), "谷某某");
        assert_eq!(owner_name("谷满", "柳汀麦香煎饼", Public), "谷某");
        assert_eq!(owner_name("欧阳小满", "柳汀麦香煎饼", Public), "欧阳某某");
        assert_eq!(owner_name("欧阳", "柳汀麦香煎饼", Public), "欧某");
        assert_eq!(owner_name("𠮷小满", "柳汀麦香煎饼", Public), "𠮷某某");
        assert_eq!(owner_name("谷小满", "谷小满煎饼", Public), "谷小满");
        assert_eq!(owner_name("谷小满", "柳汀麦香煎饼", Internal), "谷小满");
        assert_eq!(owner_name("", "柳汀麦香煎饼", Public), "");
    }

    #[test]
    fn places_and_signatures() {
        let fix = GeoFix {
            lat_e7: 361_234_999,
            lon_e7: -5_678,
            accuracy_cm: 800,
            age_ms: 0,
            source: None,
            mock: None,
        };
        assert_eq!(
            position(&fix, Internal).as_deref(),
            Some("36.1234, -0.0005")
        );
        assert_eq!(
            position(&fix, Device).as_deref(),
            Some("36.1234999, -0.0005678")
        );
        assert_eq!(position(&fix, Public), None);
        assert_eq!(
            address("柳汀镇东街12号", false, Public).as_deref(),
            Some("柳汀镇东街12号")
        );
        assert_eq!(address("南荡乡3号", true, Public), None);
        assert_eq!(
            (signature(Internal), signature(Public)),
            (None, Some("已签"))
        );
    }
}
