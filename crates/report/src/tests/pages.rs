//! What stands on the pages, and where pages end.

use super::{printed, run_together, sample, without_space};
use crate::data::{DayReportData, KeyFigures, Variant};
use crate::photos::Photos;

#[test]
fn everything_of_the_day_is_printed() {
    let data = sample::day();
    let text = run_together(&printed(&data, &sample::photos(&data)));
    for wanted in wanted(&data) {
        assert!(
            text.contains(&without_space(&wanted)),
            "{wanted} is not printed"
        );
    }
    for rare in ['㼆', '𠮷', '䶮', '龑'] {
        assert!(text.contains(rare), "{rare} is not printed");
    }
}

fn wanted(data: &DayReportData) -> Vec<String> {
    let head = &data.head;
    let mut all = vec![
        format!("{}{}", head.bureau, head.station),
        "日检查情况汇总".to_owned(),
        head.date_text.clone(),
        head.lunar_text.clone(),
        head.number.clone(),
        "已收24份，未收1份".to_owned(),
        "数据指纹3f9a70c2e15b8d04".to_owned(),
    ];
    for row in &data.rows {
        all.extend([
            row.name.clone(),
            row.record_no.clone(),
            row.licence_no.clone(),
        ]);
    }
    for finding in data.findings.iter().filter(|f| f.number != "10") {
        all.extend([
            finding.problem.clone(),
            finding.deadline.clone(),
            finding.measure_note.clone(),
            finding.place.clone(),
        ]);
        all.extend(finding.basis.iter().cloned());
        all.extend(
            finding
                .photos
                .iter()
                .map(|p| format!("哈希{}", &p.sha256[..8])),
        );
    }
    all.extend(data.due.iter().map(|d| d.problem.clone()));
    all.extend(data.not_inspected.iter().map(|n| n.reason.clone()));
    all
}

#[test]
fn a_finding_without_a_place_has_no_line_for_it() {
    let mut data = sample::day();
    data.findings.truncate(1);
    let lines = |data: &DayReportData| run_together(&printed(data, &Photos::new()));
    assert!(!lines(&data).contains("地点"));
    data.findings[0].place = "36.1234, 117.5678，误差约 8 米".into();
    assert!(lines(&data).contains("地点36.1234,117.5678，误差约8米"));
}

#[test]
fn every_page_says_its_number_and_that_it_is_a_demo() {
    let data = sample::day();
    let pages = printed(&data, &Photos::new());
    assert!(pages.len() > 2);
    for (index, page) in pages.iter().enumerate() {
        let text = page.runs.concat();
        let number = format!("第{}页，共{}页", index + 1, pages.len());
        assert!(text.contains(&number), "{number} is not on its page");
        assert!(text.contains("演示数据　不作执法依据"));
    }
}

#[test]
fn the_real_thing_is_not_marked_as_a_demo() {
    let mut data = sample::small_day();
    data.head.demo = false;
    assert!(!run_together(&printed(&data, &Photos::new())).contains("演示"));
}

#[test]
fn the_small_day_reads_line_by_line() {
    let pages = printed(&sample::small_day(), &Photos::new());
    let lines: Vec<&String> = pages.iter().flat_map(|page| &page.lines).collect();
    insta::assert_json_snapshot!("small_day_lines", lines);
}

#[test]
fn a_table_repeats_its_head_and_leaves_no_row_alone() {
    let full = sample::day().rows;
    for count in [1, 2, 3, 9, 10, 11, 12, 13, 14, 35, 36, 37, 38, 39] {
        let mut data = sample::small_day();
        data.rows = full.iter().cycle().take(count).cloned().collect();
        data.rows
            .iter_mut()
            .for_each(|row| row.record_no = "ROW".to_owned());
        data.findings.clear();
        let mut printed_rows = 0;
        for page in printed(&data, &Photos::new()) {
            let rows = page.runs.iter().filter(|run| *run == "ROW").count();
            let heads = page
                .runs
                .iter()
                .filter(|run| *run == "检查员／记录号")
                .count();
            assert_eq!(heads, usize::from(rows > 0), "{count} rows: head");
            assert!(rows != 1 || count == 1, "{count} rows: one alone on a page");
            printed_rows += rows;
        }
        assert_eq!(printed_rows, count);
    }
}

#[test]
fn two_hundred_findings_are_all_there_and_none_is_torn() {
    let mut data = sample::day();
    let twelve = data.findings.clone();
    data.findings = twelve.iter().cycle().take(200).cloned().collect();
    for (index, finding) in data.findings.iter_mut().enumerate() {
        finding.number = format!("F{index:03}");
        finding.record_no = format!("R{index:03}");
        finding.photos.clear();
    }
    let pages = printed(&data, &Photos::new());
    for index in 0..200 {
        let head = pages
            .iter()
            .position(|p| p.runs.concat().contains(&format!("F{index:03}")));
        let tail = pages
            .iter()
            .position(|p| p.runs.concat().contains(&format!("R{index:03}")));
        assert!(head.is_some(), "finding {index} is missing");
        assert_eq!(head, tail, "finding {index} is on two pages");
    }
}

#[test]
fn a_finding_longer_than_a_page_goes_on_over_it() {
    let mut data = sample::small_day();
    data.findings[0].problem = "操作台有油垢。".repeat(600) + "至此完。";
    let pages = printed(&data, &Photos::new());
    assert!(pages.len() > 2);
    assert!(run_together(&pages).contains("至此完。"));
}

#[test]
fn a_late_record_makes_a_supplement() {
    let mut data = sample::day();
    assert!(!run_together(&printed(&data, &Photos::new())).contains("晚到"));
    data.head.version = 2;
    data.head.late_count = 1;
    data.rows[7].late = true;
    let text = run_together(&printed(&data, &Photos::new()));
    assert!(text.contains("（补充汇总第2版）"));
    assert!(text.contains("晚到1份"));
    assert_eq!(text.matches("已通过晚到").count(), 1);
}

#[test]
fn the_public_variant_says_so_on_every_page() {
    let mut data = sample::day();
    data.head.variant = Variant::Public;
    for page in printed(&data, &Photos::new()) {
        let text = page.runs.concat();
        assert!(text.contains("公开脱敏版"));
        assert!(!text.contains("内部资料"));
    }
}

#[test]
fn an_empty_day_says_none_in_words() {
    let mut data = sample::day();
    data.rows.clear();
    data.findings.clear();
    data.repeat_offenders.clear();
    data.due.clear();
    data.not_inspected.clear();
    data.to_coordinate.clear();
    data.tomorrow.clear();
    data.figures = KeyFigures::default();
    let pages = printed(&data, &Photos::new());
    assert_eq!(pages.len(), 1);
    let text = run_together(&pages);
    assert_eq!(text.matches("无。").count(), 4);
    assert!(text.contains("未发现问题。"));
    assert!(!text.contains("抽检") && !text.contains("快检") && !text.contains("明日计划"));
}
