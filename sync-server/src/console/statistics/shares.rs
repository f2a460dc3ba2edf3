//! What fails most: by section, and by item over the visits at which the item was judged at all.

use super::counted::{Counted, Rate, rate};
use crate::console::chosen::item;
use crate::problem::Answer;
use crate::storage::columns::code;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use xunji_domain::checklist::{Checklist, ItemCode, SectionKey, all};
use xunji_domain::words::{Answer as Given, OperatorKind};

/// Items that are listed.
const LISTED: usize = 10;

/// A rate and where it stands.
#[derive(Serialize)]
pub(super) struct Share {
    #[serde(flatten)]
    rate: Rate,
    kind: Option<OperatorKind>,
    section: SectionKey,
}

/// Visits at which something failed, and at which it was judged.
#[derive(Clone, Copy, Default)]
struct Judged {
    failed: usize,
    checked: usize,
}

/// Each section with the visits at which an item of it failed, the most first.
pub(super) fn sections(counted: &Counted<'_>) -> Answer<Vec<Share>> {
    let mut found: BTreeMap<SectionKey, Judged> = BTreeMap::new();
    for record in counted.of_page()? {
        let mut seen: BTreeMap<SectionKey, bool> = BTreeMap::new();
        for (code, given) in record.answers.iter().filter(|(_, given)| judged(*given)) {
            if let Some(item) = item(code) {
                *seen.entry(item.section).or_default() |= *given == Given::Fail;
            }
        }
        for (section, failed) in seen {
            found.entry(section).or_default().add(failed);
        }
    }
    let mut shares = Vec::new();
    for (key, counts) in found {
        let word = code(&key)?;
        let label = label(key);
        let with = |answer| [("section", word.as_str()), ("answer", answer)];
        let part = counted.known(&word, label, counts.failed, &with("failed"));
        let whole = counted.known(&word, label, counts.checked, &with("checked"));
        shares.push(Share {
            rate: rate(part, whole, "户次", String::new()),
            kind: None,
            section: key,
        });
    }
    shares.sort_by_key(|share| Reverse(share.rate.numerator));
    Ok(shares)
}

/// The items that failed most often.
pub(super) fn items(counted: &Counted<'_>) -> Answer<Vec<Share>> {
    let mut found: BTreeMap<&ItemCode, Judged> = BTreeMap::new();
    for record in counted.of_page()? {
        // An item that an amendment added stands once, whatever the bytes say.
        let answers: BTreeMap<&ItemCode, Given> = record
            .answers
            .iter()
            .map(|(code, given)| (code, *given))
            .collect();
        for (code, given) in answers.into_iter().filter(|(_, given)| judged(*given)) {
            found.entry(code).or_default().add(given == Given::Fail);
        }
    }
    let mut failed: Vec<_> = found.into_iter().filter(|(_, n)| n.failed > 0).collect();
    failed.sort_by_key(|(code, n)| (Reverse(n.failed), n.checked, *code));
    failed.truncate(LISTED);
    Ok(failed
        .into_iter()
        .filter_map(|(code, n)| share(counted, code, n))
        .collect())
}

fn share(counted: &Counted<'_>, code: &ItemCode, counts: Judged) -> Option<Share> {
    let list = lists().find(|list| list.item(code).is_some())?;
    let item = list.item(code)?;
    let with = |answer| [("item", code.as_str()), ("answer", answer)];
    let part = counted.known(code.as_str(), &item.text, counts.failed, &with("failed"));
    let whole = counted.known(code.as_str(), &item.text, counts.checked, &with("checked"));
    Some(Share {
        rate: rate(part, whole, "户次", String::new()),
        kind: Some(list.operator_kind),
        section: item.section,
    })
}

impl Judged {
    fn add(&mut self, failed: bool) {
        self.failed += usize::from(failed);
        self.checked += 1;
    }
}

fn judged(given: Given) -> bool {
    matches!(given, Given::Pass | Given::Fail)
}

fn lists() -> impl Iterator<Item = &'static Checklist> {
    all().unwrap_or_default().iter()
}

/// The section's word: 场所清洁 and not 厨房（场所）清洁, which only one of the checklists says.
fn label(key: SectionKey) -> &'static str {
    let known = lists().filter_map(|list| list.section_label(key));
    known
        .min_by_key(|label| label.chars().count())
        .unwrap_or_default()
}
