//! 餐饮服务许可证, the name before 2015: 省简称 + 餐证字 + year + six digits area + six digits serial (70号令).
//! Printed with and without brackets, 第 and 号; the bare form is stored.

use super::NumberCheck;

const PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕秦甘陇青宁新";

/// Checks a normalised number of the old licence.
pub fn check(text: &str) -> NumberCheck {
    let bare: String = text
        .chars()
        .filter(|c| !"[]〔〕【】()第号-".contains(*c))
        .collect();
    if fits(&bare) {
        NumberCheck::ok(&bare)
    } else {
        NumberCheck::format(
            text,
            "餐饮服务许可证号应形如 鲁餐证字2012379921000001（年份4位、区划6位、顺序6位）",
        )
    }
}

fn fits(text: &str) -> bool {
    let mut chars = text.chars();
    let province = chars.next().is_some_and(|c| PROVINCES.contains(c));
    let Some(rest) = chars.as_str().strip_prefix("餐证字") else {
        return false;
    };
    province
        && rest.len() == 16
        && rest.chars().all(|c| c.is_ascii_digit())
        && (rest.starts_with("19") || rest.starts_with("20"))
}
