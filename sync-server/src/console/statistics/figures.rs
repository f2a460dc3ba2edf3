//! The rates at the head of the page, the counts by conclusion and grade, the table of stations.

use super::counted::{Count, Counted, More, Rate, rate};
use crate::problem::Answer;
use serde_json::{Value, json};
use xunji_domain::ids::StationId;
use xunji_domain::words::{Conclusion, GradeLetter, OperatorKind};

const OPERATORS: &str = "户";
const VISITS: &str = "户次";

/// What the first floor's data can say.
pub(super) fn rates(counted: &Counted<'_>, kind: Option<OperatorKind>) -> Answer<Vec<Rate>> {
    Ok(vec![
        coverage(counted, &[])?,
        licensed(counted, kind.unwrap_or(OperatorKind::SmallRestaurant))?,
        nonconforming(counted, &[])?,
        critical(counted)?,
        mended(counted)?,
        approved(counted)?,
    ])
}

fn coverage(counted: &Counted<'_>, of: &More<'_>) -> Answer<Rate> {
    let active = [of, &[("status", "active")]].concat();
    let visited = [active.as_slice(), &[("visited", "yes")]].concat();
    let all = counted.operators("active", "在营", &active)?;
    let part = counted.operators("coverage", "检查覆盖率", &visited)?;
    let note = match all.n - part.n {
        0 => String::new(),
        left => format!("还有 {left} 户没有查到"),
    };
    Ok(rate(part, all, OPERATORS, note))
}

fn licensed(counted: &Counted<'_>, kind: OperatorKind) -> Answer<Rate> {
    let code = crate::storage::columns::code(&kind)?;
    let of = [("status", "active"), ("kind", code.as_str())];
    let all = counted.operators("active", "在营", &of)?;
    let held = [of.as_slice(), &[("licence", "held")]].concat();
    let over = [of.as_slice(), &[("licence", "expired")]].concat();
    let label = format!("{}持证率", kind.label());
    let part = counted.operators("licensed", &label, &held)?;
    let over = counted.operators("expired", "过期", &over)?.n;
    let none = all.n - part.n - over;
    let note = match (over, none) {
        (0, 0) => String::new(),
        (over, 0) => format!("{over} 户已过期"),
        (0, none) => format!("{none} 户没有证"),
        (over, none) => format!("{over} 户已过期，{none} 户没有证"),
    };
    Ok(rate(part, all, OPERATORS, note))
}

fn nonconforming(counted: &Counted<'_>, of: &More<'_>) -> Answer<Rate> {
    let with = |conclusion| [of, &[("conclusion", conclusion)]].concat();
    let all = counted.records("concluded", "有结论", &with("any"))?;
    let part = counted.records("nonconforming", "不符合率", &with("nonconforming"))?;
    let none = counted
        .records("none", "未能检查", &with("not_inspected"))?
        .n;
    let note = match none {
        0 => String::new(),
        none => format!("未能检查 {none} 户次不计"),
    };
    Ok(rate(part, all, VISITS, note))
}

fn critical(counted: &Counted<'_>) -> Answer<Rate> {
    let with = |answer| [("severity", "critical"), ("answer", answer)];
    let all = counted.records("checked", "查过关键项", &with("checked"))?;
    let part = counted.records("critical", "关键项不符合率", &with("failed"))?;
    Ok(rate(part, all, VISITS, String::new()))
}

fn mended(counted: &Counted<'_>) -> Answer<Rate> {
    let all = counted.records("followed", "上次有问题", &[("follow", "all")])?;
    let part = counted.records("mended", "上次问题改正率", &[("follow", "mended")])?;
    let note = match all.n - part.n {
        0 => String::new(),
        left => format!("{left} 户次还有没改的"),
    };
    Ok(rate(part, all, VISITS, note))
}

fn approved(counted: &Counted<'_>) -> Answer<Rate> {
    let all = counted.records("visits", "检查户次", &[])?;
    let part = counted.records("approved", "审核通过率", &[("state", "approved")])?;
    let pending = counted
        .records("pending", "待审", &[("state", "pending")])?
        .n;
    let note = match pending {
        0 => String::new(),
        pending => format!("待审 {pending} 份"),
    };
    Ok(rate(part, all, VISITS, note))
}

/// Counts by conclusion, 符合 first.
pub(super) fn conclusions(counted: &Counted<'_>, of: &More<'_>) -> Answer<Vec<Count>> {
    let count = |conclusion: &Conclusion| {
        let code = crate::storage::columns::code(conclusion)?;
        let more = [of, &[("conclusion", code.as_str())]].concat();
        counted.records(&code, conclusion.label(), &more)
    };
    Conclusion::ALL.iter().map(count).collect()
}

/// 不符合率 of some days.
pub(super) fn nonconforming_of(counted: &Counted<'_>, days: &More<'_>) -> Answer<Rate> {
    nonconforming(counted, days)
}

/// Counts by grade, and those without one.
pub(super) fn grades(counted: &Counted<'_>) -> Answer<Vec<Count>> {
    let mut counts = Vec::new();
    for letter in GradeLetter::ALL {
        let code = crate::storage::columns::code(letter)?;
        let label = letter.label();
        counts.push(counted.records(&code, label, &[("grade", &code)])?);
    }
    counts.push(counted.records("none", "不评级", &[("grade", "none")])?);
    Ok(counts)
}

/// One line for each station, and one for all where there are several.
pub(super) fn stations(
    counted: &Counted<'_>,
    stations: &[(StationId, &str)],
) -> Answer<Vec<Value>> {
    let mut lines = Vec::new();
    for (id, name) in stations {
        let of = id.to_string();
        let place = json!({"id": id, "name": name});
        lines.push(station(counted, place, &[("station", &of)])?);
    }
    if stations.len() > 1 {
        lines.push(station(counted, Value::Null, &[])?);
    }
    Ok(lines)
}

fn station(counted: &Counted<'_>, place: Value, of: &More<'_>) -> Answer<Value> {
    let active = [of, &[("status", "active")]].concat();
    Ok(json!({
        "station": place,
        "operators": counted.operators("active", "在营户", &active)?,
        "visits": counted.records("visits", "检查户次", of)?,
        "coverage": coverage(counted, of)?,
        "nonconforming": nonconforming(counted, of)?,
    }))
}
