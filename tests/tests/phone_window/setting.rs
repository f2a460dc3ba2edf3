//! A county, a window that enrols with it, and the steps every test here walks.

use std::path::{Path, PathBuf};
use xunji_domain::county::{DemoCounty, MAIN_STATION};
use xunji_tests::market::Step;
use xunji_tests::market::console::Console;
use xunji_tests::market::phone::now_ms;
use xunji_tests::market::small::SmallDay;
use xunji_tests::window::{App, Page};

/// Two operators, by the first letters of their names.
pub const FIRST: &str = "ltgjsjg";
pub const SECOND: &str = "lt";

pub struct Setting {
    pub day: SmallDay,
    pub app: App,
    pub people: [String; 2],
}

pub async fn setting(folder: &Path, seed: u64) -> Step<Setting> {
    let day = SmallDay::begin(folder, seed, 2).await?;
    let county = DemoCounty::on(day.script.day).unwrap();
    let people = ["检查员甲", "检查员乙"].map(|name| county.person(name).unwrap().id.to_string());
    let home = folder.join("window");
    std::fs::create_dir_all(&home).unwrap();
    let mut app = App::new(&day.programs.join("xunji-app"), &home).await?;
    let morning = day.script.midnight + 6 * 3_600_000;
    app.set_env("XUNJI_SERVER_URL", format!("http://{}", day.server.address));
    app.set_env(
        "XUNJI_ENROL_CODE",
        day.server.enrol_code(MAIN_STATION).await?,
    );
    app.set_env("XUNJI_CLOCK_OFFSET_MS", (morning - now_ms()).to_string());
    Ok(Setting { day, app, people })
}

impl Setting {
    pub fn photo(&self, number: usize) -> PathBuf {
        let roll = self.day.out.join("camera-roll");
        roll.join(format!("photo-{number:03}.jpg"))
    }

    /// The register is here and both inspectors are chosen.
    pub async fn on_duty(&self, page: &Page) -> Step<()> {
        page.until_says("market-today", "柳汀大集").await?;
        page.click("inspectors-change").await?;
        for person in &self.people {
            page.click(&format!("person-{person}")).await?;
        }
        page.click("people-save").await?;
        page.until_says("inspectors-names", "检查员乙").await
    }

    /// Begins the visit of the first operator found; gives its id.
    pub async fn begin(&self, page: &Page, letters: &str) -> Step<String> {
        self.operator(page, letters).await?;
        page.click("start-inspection").await?;
        page.until_at("/inspections/").await?;
        page.click("notice-given").await?;
        page.until_is("notice-given", "aria-pressed", "true")
            .await?;
        let path = page.path().await?;
        Ok(path.split('/').nth(2).unwrap().to_owned())
    }

    /// The page of the first operator found.
    pub async fn operator(&self, page: &Page, letters: &str) -> Step<()> {
        page.click("tab-operators").await?;
        // What was searched for last stands there still.
        page.keys("operator-search", "\u{e009}a\u{e000}").await?;
        page.keys("operator-search", letters).await?;
        page.find_first("operator-row-").await?.click().await?;
        page.until_at("/operators/").await
    }

    /// From the operator's page: nobody was there, the shortest way to a record that is final.
    pub async fn nobody_there(&self, page: &Page) -> Step<()> {
        page.click("not-inspected").await?;
        page.keys("not-inspected-reason", "今日未出摊").await?;
        page.click("not-inspected-save").await?;
        page.click("to-sign").await?;
        page.click("party-absent").await?;
        page.until_says("party-state", "现场无人").await?;
        for person in &self.people {
            let key = format!("sign-person-{person}");
            page.click(&key).await?;
            page.sign().await?;
            page.until_says(&key, "已签").await?;
        }
        page.click("finish").await?;
        page.until_says("locked-number", "LT-").await
    }

    /// The record as the console's page has it, once it is there.
    pub async fn at_the_desk(&self, id: &str) -> Step<serde_json::Value> {
        let base = format!("http://{}", self.day.server.address);
        let accounts = std::fs::read_to_string(self.day.out.join("accounts.txt")).unwrap();
        let console = Console::sign_in(&base, &accounts, "所长甲").await?;
        for _ in 0..200 {
            if let Ok(page) = console.get(&format!("/api/console/records/{id}")).await {
                return Ok(page);
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        console.get(&format!("/api/console/records/{id}")).await
    }
}
