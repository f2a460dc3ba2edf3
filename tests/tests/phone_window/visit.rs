//! Half a visit, and whether all of it is there.

use super::setting::{FIRST, Setting};
use xunji_domain::checklist::for_kind;
use xunji_domain::words::OperatorKind;
use xunji_tests::market::Step;
use xunji_tests::window::Page;

/// Items that are answered.
const ANSWERED: usize = 5;

fn items() -> Vec<String> {
    let list = for_kind(OperatorKind::SmallRestaurant).unwrap();
    let items = list.items.iter().take(ANSWERED);
    items.map(|item| item.code.to_string()).collect()
}

/// Five answers, one of them failed with words, and a photo of the front.
pub async fn half_a_visit(setting: &Setting, page: &Page) -> Step<String> {
    let id = setting.begin(page, FIRST).await?;
    page.choose_file("storefront-file", &setting.photo(0))
        .await?;
    let photo = page.name_of_first("photo-view-").await?;
    page.until_is(&photo, "data-state", "shown").await?;
    for (at, code) in items().iter().enumerate() {
        let key = if at == 1 { "fail" } else { "pass" };
        page.click(&format!("answer-{key}-{code}")).await?;
        page.until_is(&format!("item-{code}"), "data-answer", key)
            .await?;
    }
    let failed = items().swap_remove(1);
    page.click(&format!("phrase-{failed}-0")).await?;
    page.until_is(&format!("phrase-{failed}-0"), "aria-pressed", "true")
        .await?;
    Ok(id)
}

/// All of it, on the page where it was left.
pub async fn everything_is_there(page: &Page, id: &str) -> Step<()> {
    page.until_at(&format!("/inspections/{id}/checklist"))
        .await?;
    for (at, code) in items().iter().enumerate() {
        let answer = if at == 1 { "fail" } else { "pass" };
        page.until_is(&format!("item-{code}"), "data-answer", answer)
            .await?;
    }
    let failed = items().swap_remove(1);
    page.until_is(&format!("phrase-{failed}-0"), "aria-pressed", "true")
        .await?;
    page.until_is("notice-given", "aria-pressed", "true")
        .await?;
    let photo = page.name_of_first("photo-view-").await?;
    page.until_is(&photo, "data-state", "shown").await
}
