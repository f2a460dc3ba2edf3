//! Legal bases and how they are printed. Only what was read in a statute [L] or stands in a work
//! plan that applies here [S] is printed; the rest is shown as 待核实.

use crate::words::words;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

words!(/// The texts a basis can point to. The label carries the year of the text that was read.
Law {
    /// 条.
    ThreeSmallRules = "《山东省食品小作坊小餐饮和食品摊点管理条例》(2017)",
    /// 食.
    FoodSafetyLaw = "《中华人民共和国食品安全法》(2021)",
    /// 实.
    ImplementingRegulation = "《中华人民共和国食品安全法实施条例》(2019)",
    /// 49号令.
    InspectionMeasures = "《食品生产经营监督检查管理办法》(2021)",
    /// 规范.
    CateringCode = "《餐饮服务食品安全操作规范》(2018)",
    /// A1.
    RestaurantPlan = "《2025年关于小餐饮规范提升行动工作方案》",
    /// A3.
    CaidianPlan = "《蔡甸区小餐饮规范管理专项整治工作方案》",
    /// A4.
    StallPlan = "《2025年关于食品摊点规范提升行动工作方案》",
    /// A5.
    WorkshopPlan = "《2025年关于食品小作坊规范提升行动工作方案》",
    /// B.
    JishanPlan = "《稷山县食品小作坊高质量发展实施方案》(2024)",
    /// GB standards; the article holds the number.
    NationalStandard = "食品安全国家标准",
    /// Provincial standards; the article holds the name.
    LocalStandard = "省地方标准",
    /// Anything else; the article holds the words.
    Other = "其他",
});

impl Law {
    /// Whether a form of this province may cite the text. A work plan binds only the authority that
    /// issued it: the plans of 蔡甸 (Hubei, 42) and 稷山 (Shanxi, 14) taught us what to look at, but they
    /// are no basis elsewhere. The three plans of 2025 name no county; a bureau adopts them as its own.
    pub fn applies_in(self, province: &str) -> bool {
        match self {
            Self::CaidianPlan => province == "42",
            Self::JishanPlan => province == "14",
            _ => true,
        }
    }
}

/// Where the knowledge of a basis comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub enum BasisTag {
    /// Statute text read in full.
    L,
    /// Stated in one of the plan texts.
    S,
    /// Excerpt of a public page.
    W,
    /// Computed or tested.
    E,
    /// General knowledge, no source found.
    G,
    /// The project's own proposal.
    P,
    /// Believed to exist; not checked.
    #[serde(rename = "unverified")]
    Unverified,
}

/// One legal basis of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "domain.ts")]
pub struct Basis {
    /// The text it stands in.
    pub law: Law,
    /// The place in it, spelled out: `第二十二条第（二）项`; may be empty for a whole text.
    pub article: String,
    /// How sure we are.
    pub tag: BasisTag,
}

/// What a form of `province` (two digits) may print as the basis of an item: a line for each text,
/// statutes first, then work plans. Articles of one text stand together. Empty when nothing may be printed.
pub fn printed_bases(bases: &[Basis], province: &str) -> Vec<String> {
    let mut groups: Vec<(Law, Vec<&str>)> = Vec::new();
    for tag in [BasisTag::L, BasisTag::S] {
        let here = |basis: &&Basis| basis.tag == tag && basis.law.applies_in(province);
        for basis in bases.iter().filter(here) {
            match groups.iter_mut().find(|(law, _)| *law == basis.law) {
                Some((_, articles)) => articles.push(&basis.article),
                None => groups.push((basis.law, vec![&basis.article])),
            }
        }
    }
    groups
        .iter()
        .map(|(law, articles)| format!("{}{}", law.label(), articles.join("、")))
        .collect()
}

/// [`printed_bases`] in one line, joined by `；`; `待核实` when there is nothing to print.
pub fn basis_text(bases: &[Basis], province: &str) -> String {
    let lines = printed_bases(bases, province);
    if lines.is_empty() {
        "待核实".to_owned()
    } else {
        lines.join("；")
    }
}
