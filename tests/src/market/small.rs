//! A small day for tests: a fresh county, one or two phones with clear lines, a few visits.

use super::morning::Visited;
use super::noon::OnLine;
use super::phone::Phone;
use super::roll::Roll;
use super::script::{self, Script};
use super::server::Server;
use super::{Step, Stopped, json as js, morning};
use crate::link::Link;
use crate::link::{Line, Profile};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xunji_domain::county::{DemoCounty, MAIN_MARKET, MAIN_STATION};

/// Everything that runs.
pub struct SmallDay {
    /// County, phones and camera roll.
    pub out: PathBuf,
    /// Programs.
    pub programs: PathBuf,
    /// Server.
    pub server: Server,
    /// The day's script; visits are taken from its front.
    pub script: Script,
    /// What a phone's clock says when it is enrolled, ms UTC.
    pub begins: i64,
    /// Photos.
    pub roll: Roll,
    /// What was locked.
    pub visited: Vec<Visited>,
}

/// The folder in which cargo puts the programs of the workspace.
pub fn programs() -> Step<PathBuf> {
    let exe = std::env::current_exe().map_err(|e| Stopped::at("programs", e))?;
    let folder = exe.ancestors().find(|f| f.join("xunji-server").is_file());
    folder.map(Path::to_owned).ok_or_else(|| {
        Stopped("xunji-server is not built; `./x test` builds every program first".to_owned())
    })
}

/// The script of a fixed date: the same whenever a test runs.
pub fn script_of(seed: u64) -> Step<Script> {
    let today =
        chrono::NaiveDate::from_ymd_opt(2026, 10, 28).ok_or_else(|| Stopped("date".into()))?;
    script::write(today, seed)
}

/// Before the market opens, ms UTC.
pub(super) fn dawn(script: &Script) -> i64 {
    script.midnight + 5 * 3_600_000 + 20 * 60_000
}

impl SmallDay {
    /// A fresh county with a running server and `photos` drawn photos.
    pub async fn begin(out: &Path, seed: u64, photos: u64) -> Step<Self> {
        let script = script_of(seed)?;
        let dawn = dawn(&script);
        let (program, county) = (programs()?.join("xunji-server"), out.join("county"));
        Server::county(&program, &county, &out.join("accounts.txt"), dawn).await?;
        Self::on_county(out, script, seed, photos).await
    }

    /// The same on a county that lies in `out` already.
    pub async fn on_county(out: &Path, script: Script, seed: u64, photos: u64) -> Step<Self> {
        let program = programs()?.join("xunji-server");
        let begins = dawn(&script);
        let server = Server::start(&program, &out.join("county"), begins).await?;
        let roll = Roll::draw(&out.join("camera-roll"), seed, photos).await?;
        Self::beside(out, server, script, begins, roll)
    }

    /// The same beside a server that runs.
    ///
    /// # Errors
    /// The programs are not built.
    pub fn beside(
        out: &Path,
        server: Server,
        script: Script,
        begins: i64,
        roll: Roll,
    ) -> Step<Self> {
        Ok(Self {
            out: out.to_owned(),
            programs: programs()?,
            server,
            script,
            begins,
            roll,
            visited: Vec::new(),
        })
    }

    /// A phone that was enrolled and filled and has its two inspectors; its line is clear and up.
    pub async fn phone(&self, name: &str, inspectors: &[&str]) -> Step<OnLine> {
        let data = self.out.join("phones").join(name);
        let mut phone = Phone::start(name, &self.programs.join("xunji-headless"), &data).await?;
        phone.set_clock(self.begins).await?;
        let link = Link::start(0, self.server.address, 7)
            .await
            .map_err(|e| Stopped::at("line", e))?;
        link.set(Line::Up(Profile::CLEAR));
        let code = self.server.enrol_code(MAIN_STATION).await?;
        let url = format!("http://{}", link.address());
        phone
            .call(json!({"cmd": "enrol", "server_url": url, "code": code}))
            .await?;
        super::noon::sync(&mut phone, "pulled").await?;
        choose_inspectors(&mut phone, inspectors).await?;
        Ok(OnLine { phone, link })
    }

    /// Plays the visit at a position of the script on this phone.
    pub async fn visit(&mut self, phone: &mut Phone, at: usize) -> Step<Visited> {
        let mut plan = self
            .script
            .visits
            .get(at)
            .cloned()
            .ok_or_else(|| Stopped("visit".into()))?;
        plan.photos = plan.photos.min(2);
        let market = self.market()?;
        let done =
            morning::visit(phone, &mut self.roll, &market, &plan, None, &mut Vec::new()).await?;
        self.visited.push(done.clone());
        Ok(done)
    }

    /// Id of the main market.
    pub fn market(&self) -> Step<String> {
        let county = DemoCounty::on(self.script.day).map_err(|e| Stopped::at("county", e))?;
        let market = county.market(MAIN_MARKET).map(|m| m.id.to_string());
        market.ok_or_else(|| Stopped("market".into()))
    }

    /// Writes what the day made, for the audit.
    pub fn write_taken(&self) -> Step<()> {
        let records: Vec<Value> = self
            .visited
            .iter()
            .map(|v| json!({"id": v.id, "record_no": v.record_no}))
            .collect();
        let taken = json!({"photos": self.roll.taken, "records": records});
        std::fs::write(self.out.join("taken.json"), taken.to_string())
            .map_err(|e| Stopped::at("taken.json", e))
    }
}

/// Puts people into the head of 今日 by their names.
pub async fn choose_inspectors(phone: &mut Phone, names: &[&str]) -> Step<()> {
    let roster = phone.call(json!({"cmd": "roster"})).await?;
    let mut ids = Vec::new();
    for wanted in names {
        let found = js::list(&roster, "")?.iter().find(|p| p["name"] == *wanted);
        ids.push(
            found
                .map(|p| p["id"].clone())
                .ok_or_else(|| Stopped(format!("{wanted} is not in the roster")))?,
        );
    }
    phone
        .call(json!({"cmd": "set_inspectors", "ids": ids}))
        .await?;
    Ok(())
}
