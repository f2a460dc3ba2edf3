//! The data of the sample day.

use xunji_domain::words::{
    Conclusion, GradeLetter, InspectionState, Measure, OperatorKind, Severity,
};
use xunji_report::{
    ConclusionCounts, DayReportData, Due, DueRectification, FindingEntry, GradeCounts, Head,
    InspectionRow, KeyFigures, NotInspectedEntry, PhotoRef, RepeatOffender, SeverityCounts,
    Variant, Visits,
};

use Conclusion::{Conforming, MostlyConforming, Nonconforming, NotInspected};
use OperatorKind::{SmallRestaurant, Stall, Workshop};

type Line = (
    &'static str,
    OperatorKind,
    &'static str,
    &'static str,
    Conclusion,
    &'static str,
    u32,
    &'static str,
);

#[rustfmt::skip]
const LINES: [Line; 24] = [
    ("06:05", Stall, "柳汀小满炸串", "鲁摊371122****0016", MostlyConforming, "B", 2, "当场整改2"),
    ("06:22", SmallRestaurant, "柳汀麦香拉面", "鲁餐371122****0107", MostlyConforming, "A", 1, "责令限期改正1"),
    ("06:31", Stall, "柳汀白露凉皮凉面", "鲁摊371122****0021", Conforming, "A", 0, ""),
    ("06:44", SmallRestaurant, "村口禾记粥铺", "鲁餐371122****0033", Conforming, "A", 0, ""),
    ("06:58", SmallRestaurant, "柳汀禾记包子铺", "鲁餐371122****0042", Nonconforming, "C", 2, "责令限期改正2"),
    ("07:12", Stall, "桥头麦香油条豆浆", "", Nonconforming, "", 2, "责令限期改正1、立即停止生产经营1"),
    ("07:29", Stall, "㼆家切糕摊", "鲁摊371122****0058", Conforming, "A", 0, ""),
    ("07:41", Stall, "𠮷祥糖酥火烧", "鲁摊371122****0063", MostlyConforming, "B", 1, "当场整改1"),
    ("07:55", Workshop, "老井半亩香油坊", "鲁坊371122****0009", MostlyConforming, "A", 1, "责令限期改正1"),
    ("08:10", Stall, "槐安县柳汀镇谷家祖传老手艺石磨小麦高粱玉米黄豆五谷杂粮煎饼馃子摊（大集东口第二排）", "鲁摊371122****0071", Conforming, "A", 0, ""),
    ("08:20", Stall, "龑家羊杂汤", "鲁摊371122****0077", Conforming, "B", 0, ""),
    ("08:33", Stall, "柳汀三槐烤面筋", "鲁摊371122****0080", Conforming, "A", 0, ""),
    ("08:47", SmallRestaurant, "柳汀三槐水饺", "鲁餐371122****0114", Conforming, "A", 0, ""),
    ("09:01", Stall, "南荡半亩冰糖葫芦", "鲁摊371122****0084", Conforming, "A", 0, ""),
    ("09:14", Stall, "䶮氏炒花生", "鲁摊371122****0085", Conforming, "A", 0, ""),
    ("09:26", Workshop, "石门洼谷家豆腐坊", "鲁坊371122****0012", Conforming, "B", 0, ""),
    ("09:44", Stall, "东皋小满烤地瓜", "鲁摊371122****0090", Conforming, "A", 0, ""),
    ("09:58", Stall, "杏埠禾记炒田螺", "", MostlyConforming, "", 1, "责令限期改正1"),
    ("10:11", SmallRestaurant, "柳汀半亩炒鸡", "鲁餐371122****0120", Conforming, "A", 0, ""),
    ("10:27", Stall, "老井白露煎饼馃子", "鲁摊371122****0093", Conforming, "A", 0, ""),
    ("10:41", Workshop, "村口麦香馒头花饽饽坊", "鲁坊371122****0017", MostlyConforming, "B", 2, "当场整改1、责令限期改正1"),
    ("10:58", Stall, "桥头三槐凉皮", "鲁摊371122****0097", Conforming, "A", 0, ""),
    ("11:09", SmallRestaurant, "柳汀谷家全羊馆", "鲁餐371122****0126", NotInspected, "", 0, ""),
    ("11:21", Stall, "柳汀麦香切糕", "鲁摊371122****0099", Conforming, "A", 0, ""),
];

type Fault = (
    usize,
    &'static str,
    Severity,
    &'static str,
    Measure,
    &'static str,
    &'static str,
    usize,
);

#[rustfmt::skip]
const FAULTS: [Fault; 12] = [
    (0, "炸串夹子与收钱用手不分，食品无防尘防蝇罩。", Severity::Major, "《山东省食品小作坊小餐饮和食品摊点管理条例》第八条第二项", Measure::OnSite, "当场加罩，配发夹子", "", 2),
    (0, "废弃物桶无盖，收摊场地有残渣。", Severity::Minor, "《山东省食品小作坊小餐饮和食品摊点管理条例》第二十九条第一项", Measure::OnSite, "当场清理", "", 1),
    (1, "近六个月面粉进货票据不全，仅能出示七月、八月两张。", Severity::Minor, "《山东省食品小作坊小餐饮和食品摊点管理条例》第十二条", Measure::Deadline, "补齐票据并留存备查", "2026年10月22日前", 1),
    (4, "生、熟食品共用刀板，无区分标识；操作台面有明显油垢，保洁柜门不能关严。", Severity::Critical, "《山东省食品小作坊小餐饮和食品摊点管理条例》第二十三条第三项", Measure::Deadline, "刀板分色分区，更换保洁柜", "2026年10月22日前", 2),
    (4, "在岗人员麦冬生健康证明已过期18天。", Severity::Critical, "《山东省食品小作坊小餐饮和食品摊点管理条例》第十一条、第十三条", Measure::Deadline, "调离直接接触食品岗位，重新办理健康证明", "2026年10月18日前", 2),
    (5, "油条快检铝残留阳性，摊主不能说明膨松剂来源。已抽样送检（样品编号 CY-2026-0311）。", Severity::Critical, "《中华人民共和国食品安全法》第三十四条第四项；GB 2760", Measure::Stop, "停售该批次油条，封存膨松剂1袋", "", 2),
    (5, "未办理食品摊点信息公示卡。", Severity::Minor, "《山东省食品小作坊小餐饮和食品摊点管理条例》第二十八条第三款", Measure::Deadline, "到镇政府办理", "2026年10月25日前", 0),
    (7, "公示牌上主要原料来源一栏空白。", Severity::Minor, "县食品摊点六项标准第三项", Measure::OnSite, "当场补写", "", 1),
    (8, "半成品香油桶标签缺生产日期。", Severity::Major, "《山东省食品小作坊小餐饮和食品摊点管理条例》第二十一条", Measure::Deadline, "补贴标签，未贴不得出厂", "2026年10月20日前", 2),
    (17, "摊位在划定区域以外，告知并转城管部门；摊主称“下集搬回”😀。", Severity::Minor, "《山东省食品小作坊小餐饮和食品摊点管理条例》第二十七条", Measure::HandOver, "填写转办单第7号", "2026年10月22日前", 1),
    (20, "成品间纱窗破损一处。", Severity::Minor, "县食品小作坊八项要求第八项", Measure::Deadline, "更换纱窗", "2026年10月22日前", 2),
    (20, "档案盒缺九月份检验报告。", Severity::Major, "《山东省食品小作坊小餐饮和食品摊点管理条例》第二十二条", Measure::OnSite, "当场补入档案盒", "", 1),
];

/// 24 inspections, 12 findings.
pub fn day() -> DayReportData {
    DayReportData {
        head: head(),
        figures: figures(),
        rows: LINES
            .iter()
            .enumerate()
            .map(|(i, line)| row(i, line))
            .collect(),
        findings: FAULTS
            .iter()
            .enumerate()
            .map(|(i, fault)| finding(i, fault))
            .collect(),
        repeat_offenders: vec![RepeatOffender {
            name: "柳汀禾记包子铺".into(),
            kind: SmallRestaurant,
            problem: "生熟不分（7月15日、9月5日、本日）".into(),
            times: 3,
        }],
        due: due(),
        not_inspected: vec![
            NotInspectedEntry {
                name: "柳汀谷家全羊馆".into(),
                kind: SmallRestaurant,
                reason: "锁门歇业，邻铺称外出三日；下集再查。".into(),
            },
            NotInspectedEntry {
                name: "南荡白露麻辣烫".into(),
                kind: SmallRestaurant,
                reason: "本集未出摊。".into(),
            },
        ],
        to_coordinate: vec!["大集东口占道经营4户，请镇政府会同城管部门划定区域。".into()],
        tomorrow: "10月16日石门洼集（逢一、六），计划检查9户，复查2户。".into(),
    }
}

/// One inspection with one finding, no photo.
pub fn small_day() -> DayReportData {
    let mut data = day();
    data.rows.truncate(2);
    data.findings.truncate(3);
    data.findings.drain(..2);
    data.findings[0].photos.clear();
    data.findings[0].no_photo_reason = "经营者拒绝拍照".into();
    data
}

fn head() -> Head {
    Head {
        bureau: "槐安县市场监督管理局".into(),
        station: "柳汀所".into(),
        date_text: "2026年10月15日".into(),
        lunar_text: "农历九月初六".into(),
        weekday_text: "星期四".into(),
        scope: "柳汀大集（逢五排十）·集日".into(),
        number: "柳汀〔2026〕日104号".into(),
        version: 1,
        generated_at_text: "2026年10月15日18:02".into(),
        cut_off_text: "2026年10月15日18:00".into(),
        received: 24,
        not_received: 1,
        late_count: 0,
        compiled_by: "检查员甲".into(),
        reviewed_by: String::new(),
        variant: Variant::Internal,
        demo: true,
    }
}

fn figures() -> KeyFigures {
    KeyFigures {
        people: 4,
        teams: 2,
        markets: 1,
        total: Visits {
            visits: 24,
            operators: 24,
        },
        stall: Visits {
            visits: 15,
            operators: 15,
        },
        small_restaurant: Visits {
            visits: 6,
            operators: 6,
        },
        workshop: Visits {
            visits: 3,
            operators: 3,
        },
        conclusions: ConclusionCounts {
            conforming: 15,
            mostly_conforming: 6,
            nonconforming: 2,
            not_inspected: 1,
        },
        grades: GradeCounts {
            a: 15,
            b: 5,
            c: 1,
            ungraded: 3,
        },
        findings: SeverityCounts {
            critical: 3,
            major: 3,
            minor: 6,
        },
        corrected_on_site: 4,
        rectification_orders: 5,
        unlicensed: 2,
        refused_signature: 1,
        stopped: 1,
        handed_over: 1,
        samples: 1,
        quick_tests: 4,
        quick_tests_positive: 1,
        ..KeyFigures::default()
    }
}

fn row(index: usize, line: &Line) -> InspectionRow {
    let (time, kind, name, licence, conclusion, grade, findings, disposition) = *line;
    let team = if index.is_multiple_of(2) {
        ["检查员甲", "检查员乙"]
    } else {
        ["检查员丙", "检查员丁"]
    };
    InspectionRow {
        time: time.into(),
        kind,
        name: name.into(),
        licence_no: licence.into(),
        conclusion,
        grade: match grade {
            "A" => Some(GradeLetter::A),
            "B" => Some(GradeLetter::B),
            "C" => Some(GradeLetter::C),
            _ => None,
        },
        findings,
        disposition: disposition.into(),
        inspectors: team.map(String::from).to_vec(),
        record_no: record_no(index),
        state: match index {
            4 => InspectionState::Returned,
            8 => InspectionState::Amended,
            20.. => InspectionState::Signed,
            _ => InspectionState::Approved,
        },
        late: false,
    }
}

fn record_no(index: usize) -> String {
    format!("LT-20261015-{:03}", index + 1)
}

/// As the server writes them: none, good, made up, old.
const PLACES: [&str; 4] = [
    "",
    "36.1234, 117.5678，误差约 8 米（卫星）",
    "36.1234, 117.5678，误差约 20 米；模拟位置，不是接收机测得",
    "36.1234, 117.5678，误差约 1.2 公里（网络）；6 分钟前的旧位置",
];

fn finding(index: usize, fault: &Fault) -> FindingEntry {
    let (line, problem, severity, basis, measure, note, deadline, photos) = *fault;
    FindingEntry {
        number: (index + 1).to_string(),
        operator: LINES[line].2.into(),
        kind: LINES[line].1,
        problem: problem.into(),
        severity,
        basis: basis.split('；').map(String::from).collect(),
        measure,
        measure_note: note.into(),
        deadline: deadline.into(),
        responsible: ["谷小满", "麦冬生", "禾有田", "白露生"][index % 4].into(),
        place: PLACES[index % 4].into(),
        record_no: record_no(line),
        photos: (0..photos).map(|n| photo(index, n)).collect(),
        no_photo_reason: if photos == 0 {
            "经营者拒绝拍照，已记入笔录".into()
        } else {
            String::new()
        },
    }
}

fn photo(finding: usize, n: usize) -> PhotoRef {
    let seed = u32::try_from(finding * 2 + n)
        .unwrap()
        .wrapping_mul(2_654_435_761);
    PhotoRef {
        sha256: format!("{seed:08x}").repeat(8),
        caption: format!("{} {}", LINES[FAULTS[finding].0].0, ["操作台", "近景"][n]),
    }
}

fn due() -> Vec<DueRectification> {
    [
        (
            "石门洼谷家豆腐坊",
            "豆渣间排水沟无盖板",
            "2026年10月12日",
            Due::Overdue,
            "田三槐",
        ),
        (
            "柳汀三槐水饺",
            "保洁柜不密闭",
            "2026年10月15日",
            Due::Today,
            "井半亩",
        ),
        (
            "南荡半亩冰糖葫芦",
            "健康证未公示",
            "2026年10月16日",
            Due::Tomorrow,
            "",
        ),
    ]
    .map(
        |(name, problem, deadline, due, responsible)| DueRectification {
            name: name.into(),
            problem: problem.into(),
            deadline: deadline.into(),
            due,
            responsible: responsible.into(),
        },
    )
    .to_vec()
}
