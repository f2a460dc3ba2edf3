//! Characters no font has.

use super::{printed, run_together, sample};
use crate::error::ReportError;
use crate::fonts::FontSet;
use crate::photos::Photos;
use crate::{coverage, render_day_report};

#[test]
fn a_users_emoji_is_printed_as_its_code_and_listed() {
    let mut data = sample::small_day();
    data.findings[0].problem = "摊主称“好”😀，又称🥟\u{1F956}".to_owned();
    data.rows[0].name = "A\u{202E}B\u{FE0F}炸串\u{0007}".to_owned();
    let text = run_together(&printed(&data, &Photos::new()));
    assert!(text.contains("“好”〔U+1F600〕，又称〔U+1F95F〕〔U+1F956〕"));
    assert!(text.contains("AB炸串"));
    let rendered =
        render_day_report(&data, &Photos::new(), &sample::fonts(), &sample::inputs()).unwrap();
    assert_eq!(rendered.missing_glyphs, ["U+1F600", "U+1F956", "U+1F95F"]);
}

#[test]
fn our_own_words_must_have_glyphs() {
    let error = coverage::require("日检查😀汇总", &sample::fonts()).unwrap_err();
    assert!(
        matches!(error, ReportError::MissingGlyphOwnWords { ref characters } if characters == "😀"),
        "{error}"
    );
}

#[test]
fn without_a_chinese_font_there_is_no_report() {
    for files in [Vec::new(), vec![b"no font at all".to_vec()]] {
        assert!(matches!(
            FontSet::from_bytes(files),
            Err(ReportError::MissingFont { family }) if family == "Noto Serif CJK SC"
        ));
    }
}

#[test]
fn markup_in_a_users_text_is_only_text() {
    let mut data = sample::small_day();
    let hostile = "#panic(\"x\") *粗* $x^2$ `a` <b> @c = 标题 \\ // 注 [ ] { } ~";
    data.rows[0].name = hostile.to_owned();
    data.findings[0].problem = "第一行\n= 第二行\r\n- 第三行".to_owned();
    data.tomorrow = "A".repeat(300);
    let text = run_together(&printed(&data, &Photos::new())).replace('\u{200b}', "");
    assert!(text.contains(&hostile.replace(' ', "")));
    assert!(text.contains("第一行=第二行-第三行"));
    assert!(text.contains(&"A".repeat(300)));
}
