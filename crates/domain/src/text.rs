//! Chinese text: NFC for everything that is stored, and the keys by which a name is found: itself, its
//! pinyin, its initials.

mod query;

pub use query::Query;

use pinyin::ToPinyinMulti;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Text in NFC. Characters outside the basic plane (𠮷) and rare ones (㼆, 䶮) stay as they are.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Text as somebody typed it, ready to be kept: NFC, without control characters and white space around it.
pub fn typed(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    nfc(kept.trim())
}

/// How a name can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchKeys {
    /// The name in NFC, lower-case, half-width, without white space.
    pub text: String,
    /// The readings of each character without tones, the usual one first. Kept per character, because
    /// the combinations of a long name with many readings would be thousands. A character without a
    /// reading stands for itself.
    pub syllables: Vec<Vec<String>>,
    /// Numbers by any part of which the same thing is found: stall, licence, telephone.
    #[serde(default)]
    pub numbers: Vec<String>,
}

impl SearchKeys {
    /// The same keys with numbers beside the name; empty ones are left out.
    pub fn with_numbers<'a>(mut self, numbers: impl IntoIterator<Item = &'a str>) -> Self {
        let folded = numbers.into_iter().map(fold);
        self.numbers
            .extend(folded.filter(|number| !number.is_empty()));
        self
    }
}

/// The search keys of a name.
pub fn search_keys(name: &str) -> SearchKeys {
    let text = fold(name);
    let syllables = readings(&text);
    SearchKeys {
        text,
        syllables,
        numbers: Vec::new(),
    }
}

/// Whether a query finds a name: [`Query::finds`] for a single name.
pub fn matches(query: &str, keys: &SearchKeys) -> bool {
    Query::new(query).finds(keys)
}

/// Lower-case, half-width, NFC, no white space.
fn fold(text: &str) -> String {
    nfc(text)
        .chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The readings of each character, the usual one first, without tones. `ü` is typed `v` or `u`.
fn readings(text: &str) -> Vec<Vec<String>> {
    let chars = text.chars().zip(text.to_pinyin_multi());
    chars
        .map(|(character, multi)| {
            let mut found: Vec<String> = Vec::new();
            let mut add = |reading: String| {
                if !found.contains(&reading) {
                    found.push(reading);
                }
            };
            for reading in multi.into_iter().flatten() {
                let plain = reading.plain();
                add(plain.replace('ü', "v"));
                if plain.contains('ü') {
                    add(plain.replace('ü', "u"));
                }
            }
            if found.is_empty() {
                found.push(character.to_string());
            }
            found
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(query: &str, name: &str) -> bool {
        matches(query, &search_keys(name))
    }

    #[test]
    fn a_name_is_found_by_itself_its_pinyin_and_its_initials() {
        let name = "柳汀谷家石磨煎饼坊(演示)";
        for query in [
            "",
            "柳汀",
            "谷家",
            "liuting",
            "LiuTing",
            "lt",
            "ltgj",
            "gujia",
            "liut",
            "gjsm",
            "jianbing",
            "煎饼坊(演",
            "liu ting",
            "ｌｔ",
        ] {
            assert!(finds(query, name), "{query}");
        }
        for query in ["杏埠", "xingbu", "tx", "iuting", "ltx", "柳谷", "99"] {
            assert!(!finds(query, name), "{query}");
        }
    }

    #[test]
    fn every_reading_finds_the_name() {
        for query in ["chongqing", "zhongqing", "cq", "zq"] {
            assert!(finds(query, "重庆小面"), "{query}");
        }
        assert!(
            finds("lvjia", "吕家包子") && finds("lujia", "吕家包子") && finds("ljbz", "吕家包子")
        );
    }

    #[test]
    fn digits_and_letters_in_a_name() {
        assert!(finds("12", "东排12号") && finds("dp12", "东排12号") && finds("12h", "东排12号"));
        assert!(finds("abc", "ABC小吃"));
        assert!(!finds("13", "东排12号"));
    }

    #[test]
    fn numbers_find_what_they_belong_to() {
        let keys = search_keys("柳汀谷家煎饼馃子").with_numbers([
            "东排12号",
            "演示卡〔2026〕379921-0007",
            "",
        ]);
        for query in ["12", "0007", "379921-0007", "东排", "东排１２号"] {
            assert!(matches(query, &keys), "{query}");
        }
        assert_eq!(keys.numbers.len(), 2);
        assert!(!matches("0008", &keys) && !matches("dp", &keys));
    }

    #[test]
    fn rare_characters_survive_and_are_found_by_themselves() {
        for (rare, name) in [("㼆", "白㼆记粥铺"), ("𠮷", "𠮷祥火烧"), ("䶮", "田䶮豆腐")]
        {
            let keys = search_keys(name);
            assert!(keys.text.contains(rare) && nfc(name) == name);
            assert!(matches(rare, &keys), "{rare}");
            assert!(!matches(rare, &search_keys("柳汀麦香")), "{rare}");
        }
        assert!(finds("xianghuoshao", "𠮷祥火烧") && finds("xhs", "𠮷祥火烧"));
        assert!(finds("baijizhou", "白记粥铺"));
    }

    #[test]
    fn decomposed_text_becomes_nfc() {
        assert_eq!(nfc("cafe\u{301}"), "café");
        assert!(finds("café", "cafe\u{301}小店"));
    }

    #[test]
    fn a_name_full_of_readings_stays_small() {
        let name = "重行长乐朝调".repeat(20);
        let keys = search_keys(&name);
        assert_eq!(keys.syllables.len(), 120);
        assert!(matches("zhongxing", &keys) && matches("chonghang", &keys));
        assert!(!matches(&"c".repeat(60), &keys));
    }

    proptest! {
        /// Any run of characters of a name finds it: written, spelled out, or by initials.
        #[test]
        fn any_run_finds_the_name(name in "[柳汀石门洼杏埠东皋南荡谷家麦香禾记重长行乐]{2,10}", from in 0_usize..9, len in 1_usize..6) {
            let keys = search_keys(&name);
            let from = from % name.chars().count();
            let run: String = name.chars().skip(from).take(len).collect();
            let spelled: Vec<&str> = keys.syllables.iter().skip(from).take(len)
                .filter_map(|readings| readings.last()).map(String::as_str).collect();
            let initials: String = spelled.iter().filter_map(|s| s.chars().next()).collect();
            prop_assert!(matches(&run, &keys));
            prop_assert!(matches(&spelled.concat(), &keys));
            prop_assert!(matches(&initials, &keys));
        }

        #[test]
        fn no_text_and_no_query_breaks_it(name in "\\PC{0,30}", query in "\\PC{0,30}") {
            let found = matches(&query, &search_keys(&name));
            prop_assert!(found || !query.is_empty());
        }
    }
}
