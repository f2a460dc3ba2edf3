//! The real window under a virtual display: a tap until its state is visible, a search until its rows
//! are there, a change of page.

use super::core::QUERIES;
use super::figures::Figures;
use super::watch::{quoted, until};
use crate::market::server::Server;
use crate::market::{Step, Stopped};
use crate::window::{App, Page};
use std::path::Path;
use xunji_domain::checklist::for_kind;
use xunji_domain::county::{DemoCounty, MAIN_STATION};
use xunji_domain::operator::Operator;
use xunji_domain::words::OperatorKind;

const COLLECT_OPEN: &str = "ODK Collect, 100k-entity form, Galaxy M23: draft opens in 7 s";
const COLLECT_FILTER: &str = "ODK Collect, 100k entities, Nexus 5X: filter ~2 s";
const PAGE_CHANGES: usize = 8;

/// Measures in a window of its own phone; `found` says how many operators each query has.
///
/// # Errors
/// What the window refuses.
pub async fn measure(
    out: &Path,
    programs: &Path,
    server: &Server,
    found: &[(String, u64)],
    figures: &mut Figures,
) -> Step<()> {
    let home = out.join("window");
    std::fs::create_dir_all(&home).map_err(|e| Stopped::at("window", e))?;
    let mut app = App::new(&programs.join("xunji-app"), &home).await?;
    app.set_env("XUNJI_SERVER_URL", format!("http://{}", server.address));
    app.set_env("XUNJI_ENROL_CODE", server.enrol_code(MAIN_STATION).await?);
    let window = app.open().await?;
    let page = window.page.clone();
    let (county, shop) = shop()?;
    // A row of the crowd: the whole register is here.
    until(&page, "", "$('tab-operators')").await?;
    until(&page, "$('tab-operators').click()", "$('operator-search')").await?;
    whole_register(&page, figures.operators).await?;
    pages(&page, figures).await?;
    searches(&page, found, figures).await?;
    cards(&page).await?;
    people(&page, &county).await?;
    taps(&page, &shop, figures).await?;
    window.close().await
}

fn shop() -> Step<(DemoCounty, Operator)> {
    let today = xunji_domain::time::Millis(crate::market::phone::now_ms()).date(480);
    let county = today.and_then(|day| DemoCounty::on(day).ok());
    let county = county.ok_or_else(|| Stopped("county".into()))?;
    let shop = county
        .operators
        .iter()
        .filter(|o| o.kind == OperatorKind::SmallRestaurant)
        .rfind(|o| Some(o.station) == county.station(MAIN_STATION).map(|s| s.id))
        .cloned()
        .ok_or_else(|| Stopped("no restaurant".into()))?;
    Ok((county, shop))
}

/// The count of the list, as a JavaScript expression.
const COUNT: &str = "Number(($('operator-count').textContent.match(/[0-9][0-9,]*/) || ['0'])[0].replaceAll(',', ''))";

async fn whole_register(page: &Page, operators: u64) -> Step<()> {
    let least = operators / 2;
    for _ in 0..10 {
        if until(page, "", &format!("{COUNT} > {least}")).await.is_ok() {
            return Ok(());
        }
        // The list is filled when it is opened.
        until(page, "$('tab-me').click()", "$('me-station')").await?;
        until(page, "$('tab-operators').click()", "$('operator-search')").await?;
    }
    Err(Stopped(
        "the window's phone has not the whole register".into(),
    ))
}

async fn pages(page: &Page, figures: &mut Figures) -> Step<()> {
    let mut took = Vec::new();
    for _ in 0..PAGE_CHANGES {
        for (tab, sign) in [
            ("today", "$('inspectors')"),
            ("operators", "$$('operator-row-').length > 0"),
            ("records", "$('filter-all')"),
            ("me", "$('me-station')"),
        ] {
            took.push(until(page, &format!("$('tab-{tab}').click()"), sign).await?);
        }
    }
    figures.add("page change, window", Some(200.0), COLLECT_OPEN, &took);
    Ok(())
}

async fn searches(page: &Page, found: &[(String, u64)], figures: &mut Figures) -> Step<()> {
    until(
        page,
        "$('tab-operators').click()",
        "$$('operator-row-').length > 0",
    )
    .await?;
    let mut took = Vec::new();
    for _ in 0..4 {
        for query in QUERIES {
            let total = found
                .iter()
                .find(|(q, _)| q == query)
                .map_or(0, |(_, n)| *n);
            let rows = if total == 0 { "=== 0" } else { "> 0" };
            let ready = format!("{COUNT} === {total} && $$('operator-row-').length {rows}");
            let typed = typed(query);
            took.push(until(page, &typed, &ready).await?);
        }
    }
    until(page, &typed(""), "$$('operator-row-').length > 0").await?;
    figures.add("search, window", Some(100.0), COLLECT_FILTER, &took);
    Ok(())
}

/// Puts a text into the search field as a keyboard's last key does.
fn typed(query: &str) -> String {
    format!(
        "const asked = $('operator-search');
         const field = asked.matches('input') ? asked : asked.querySelector('input');
         field.value = {};
         field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))",
        quoted(query)
    )
}

async fn people(page: &Page, county: &DemoCounty) -> Step<()> {
    until(page, "$('tab-today').click()", "$('inspectors-change')").await?;
    until(page, "$('inspectors-change').click()", "$('people-save')").await?;
    for name in ["检查员甲", "检查员乙"] {
        let person = county.person(name).map(|p| p.id.to_string());
        let person = person.ok_or_else(|| Stopped(format!("no {name}")))?;
        page.click(&format!("person-{person}")).await?;
    }
    page.click("people-save").await?;
    page.until_says("inspectors-names", "检查员甲").await
}

/// Three answers on every card: the way of answering whose controls are all on the page.
async fn cards(page: &Page) -> Step<()> {
    until(page, "$('tab-me').click()", "$('me-station')").await?;
    if page.count("answer-way-cards").await? > 0 {
        page.click("answer-way-cards").await?;
        page.until_is("answer-way-cards", "aria-pressed", "true")
            .await?;
    }
    Ok(())
}

async fn taps(page: &Page, shop: &Operator, figures: &mut Figures) -> Step<()> {
    until(page, "$('tab-operators').click()", "$('operator-search')").await?;
    // In a county of 20,000 the name is part of others' names.
    let row = format!("operator-row-{}", shop.id);
    until(page, &typed(&shop.name), &format!("$('{row}')")).await?;
    let open = format!("$('{row}').click()");
    let mut opened = vec![until(page, &open, "$('start-inspection')").await?];
    page.click("start-inspection").await?;
    page.until_at("/inspections/").await?;
    let list = for_kind(shop.kind).ok_or_else(|| Stopped("no checklist".into()))?;
    if let Some(first) = list.items.first() {
        let code = first.code.as_str();
        until(page, "", &format!("$('answer-fail-{code}')")).await?;
    }
    let mut took = Vec::new();
    for item in &list.items {
        for answer in ["fail", "pass"] {
            let code = item.code.as_str();
            let action = format!("$('answer-{answer}-{code}').click()");
            let seen = format!("$('item-{code}').dataset.answer === '{answer}'");
            took.push(until(page, &action, &seen).await?);
        }
    }
    figures.add("tap to visible state, window", Some(100.0), "–", &took);
    opened.retain(|ms| ms.is_finite());
    figures.add(
        "stall page opens, window",
        Some(200.0),
        COLLECT_OPEN,
        &opened,
    );
    Ok(())
}
