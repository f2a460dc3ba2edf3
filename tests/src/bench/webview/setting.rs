//! A phone with a county's register and one inspection begun, filled by the real programs; nobody answers it afterwards,
//! as at a market without signal.

use super::Small;
use crate::market::noon::sync;
use crate::market::phone::{Phone, now_ms};
use crate::market::server::{Opening, Server};
use crate::market::small::choose_inspectors;
use crate::market::{Step, Stopped, json as js};
use serde_json::json;
use std::path::PathBuf;
use xunji_domain::checklist::for_kind;
use xunji_domain::county::{DemoCounty, MAIN_STATION};
use xunji_domain::operator::Operator;
use xunji_domain::words::OperatorKind;

/// The phone.
pub struct Filled {
    /// Its folder.
    pub phone: PathBuf,
    /// The inspection that was begun.
    pub draft: String,
    /// The codes of its checklist.
    pub items: Vec<String>,
}

/// Makes county and phone.
pub async fn fill(small: &Small) -> Step<Filled> {
    let (program, county) = (
        small.programs.join("xunji-server"),
        small.out.join("county"),
    );
    let opening = Opening {
        on: None,
        crowd: small.operators.saturating_sub(60),
    };
    let accounts = small.out.join("accounts.txt");
    Server::county_opening(&program, &county, &accounts, now_ms(), &opening).await?;
    let mut server = Server::start(&program, &county, now_ms()).await?;
    let data = small.out.join("phone");
    let mut phone = Phone::start("small", &small.programs.join("xunji-headless"), &data).await?;
    let code = server.enrol_code(MAIN_STATION).await?;
    let url = format!("http://{}", server.address);
    phone
        .call(json!({"cmd": "enrol", "server_url": url, "code": code}))
        .await?;
    sync(&mut phone, "pulled").await?;
    choose_inspectors(&mut phone, &["检查员甲", "检查员乙"]).await?;
    phone
        .call(json!({"cmd": "set_answer_way", "way": "cards"}))
        .await?;
    let shop = restaurant()?;
    let draft = phone
        .call(json!({"cmd": "start_inspection", "operator": shop.id}))
        .await?;
    let draft = js::text(&draft, "/id")?.to_owned();
    phone
        .call(json!({"cmd": "notice", "inspection": draft, "given": true}))
        .await?;
    phone.kill().await?;
    server.kill().await?;
    let list = for_kind(shop.kind).ok_or_else(|| Stopped("no checklist".into()))?;
    let items = list.items.iter().map(|item| item.code.as_str().to_owned());
    Ok(Filled {
        phone: data,
        draft,
        items: items.collect(),
    })
}

fn restaurant() -> Step<Operator> {
    let today = xunji_domain::time::Millis(now_ms()).date(480);
    let county = today.and_then(|day| DemoCounty::on(day).ok());
    let county = county.ok_or_else(|| Stopped("county".into()))?;
    let station = county.station(MAIN_STATION).map(|s| s.id);
    let mut shops = county.operators.iter();
    let shop =
        shops.find(|o| o.kind == OperatorKind::SmallRestaurant && Some(o.station) == station);
    shop.cloned().ok_or_else(|| Stopped("no restaurant".into()))
}
