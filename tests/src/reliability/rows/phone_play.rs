//! A phone process that is cut short while it saves, takes a photo over, or syncs, and what it shows then.

use super::power::Power;
use crate::link::Link;
use crate::link::schedule::SplitMix;
use crate::market::json as js;
use crate::market::phone::Phone;
use crate::market::small::SmallDay;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan};
use crate::sim::deeds::{PEN, picture};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// A record is closed after so many kills, so that sync always has something under way.
const KILLS_A_RECORD: u64 = 20;
/// So many different disks are made of one power cut, and each is looked at.
const IMAGES: u32 = 4;

/// What a row with processes runs on.
pub fn runtime() -> Step<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Stopped::at("runtime", e))
}

/// What the phone has acknowledged of the record in work.
#[derive(Default)]
struct Kept {
    id: String,
    items: Vec<String>,
    answers: BTreeMap<String, String>,
    photos: BTreeSet<String>,
}

/// A phone that works, is cut short, and is looked at.
pub struct Play {
    day: SmallDay,
    phone: Phone,
    _link: Link,
    random: SplitMix,
    count: Count,
    operators: Vec<Value>,
    kept: Kept,
    /// Photos of closed records.
    closed: Vec<String>,
    records: Vec<Value>,
    /// When a kill is a power cut: the disk that loses what was not synced.
    power: Option<Power>,
}

impl Play {
    /// A fresh county and a phone with its first draft.
    pub async fn begin(plan: &Plan) -> Step<Self> {
        let day = SmallDay::begin(&plan.out, plan.seed, 0).await?;
        let line = day.phone("team1", &["检查员甲", "检查员乙"]).await?;
        let mut phone = line.phone;
        let page = phone
            .call(json!({"cmd": "operators", "query": "", "limit": 50, "offset": 0}))
            .await?;
        let mut play = Self {
            operators: js::list(&page, "/rows")?.to_vec(),
            day,
            phone,
            _link: line.link,
            random: SplitMix::new(plan.seed),
            count: Count::default(),
            kept: Kept::default(),
            closed: Vec::new(),
            records: Vec::new(),
            power: None,
        };
        play.draft(0).await?;
        Ok(play)
    }

    /// From now on a kill is a power cut.
    pub async fn on_a_disk_that_loses(mut self, plan: &Plan) -> Step<Self> {
        self.phone.kill().await?;
        let power = Power::watch(&self.phone.data, &plan.out.join("disk"))?;
        self.phone.env = power.env();
        self.power = Some(power);
        self.phone.open().await?;
        Ok(self)
    }

    /// Every trial, then the comparison of the disks.
    pub async fn played_through(mut self, plan: &Plan) -> Step<Count> {
        for trial in 1..=plan.trials {
            self.one_kill().await?;
            self.count.trials += 1;
            if trial % KILLS_A_RECORD == 0 || trial == plan.trials {
                self.close().await?;
                self.draft(trial / KILLS_A_RECORD).await?;
            }
        }
        self.end().await
    }

    async fn draft(&mut self, nth: u64) -> Step<()> {
        let at = usize::try_from(nth).unwrap_or(0) % self.operators.len().max(1);
        let operator = self.operators.get(at).map(|row| row["id"].clone());
        let draft = self
            .phone
            .call(json!({"cmd": "start_inspection", "operator": operator}))
            .await?;
        let list = self
            .phone
            .call(json!({"cmd": "checklist", "id": draft["checklist_id"]}))
            .await?;
        let items = js::list(&list, "/items")?;
        self.kept = Kept {
            id: js::text(&draft, "/id")?.to_owned(),
            items: items
                .iter()
                .map(|i| i["code"].as_str().unwrap_or_default().to_owned())
                .collect(),
            ..Kept::default()
        };
        Ok(())
    }

    /// Two saves that are acknowledged, then one thing that is cut short.
    async fn one_kill(&mut self) -> Step<()> {
        for _ in 0..2 {
            let (item, answer) = self.tap();
            self.phone.call(self.tapping(&item, &answer)).await?;
            self.kept.answers.insert(item, answer);
        }
        let mut undecided = None;
        self.acknowledged()?;
        match self.random.between(0, 2) {
            0 => {
                let (item, answer) = self.tap();
                self.phone.send(self.tapping(&item, &answer)).await?;
                undecided = Some((item, answer));
            }
            1 => self.photograph().await?,
            _ => {
                let sync = json!({"cmd": "sync_run", "until": "all", "max_ms": 2_000, "originals_now": true});
                self.phone.send(sync).await?;
            }
        }
        let wait = self.random.between(0, 250);
        tokio::time::sleep(Duration::from_millis(wait)).await;
        self.phone.kill().await?;
        let Some(mut power) = self.power.take() else {
            self.phone.open().await?;
            return self.look(undecided.as_ref()).await;
        };
        let cut = power.cut()?;
        for at in 0..IMAGES {
            if at > 0 {
                self.phone.kill().await?;
            }
            power.put(&cut, &mut self.random)?;
            self.phone.open().await?;
            // What one cut kept of a tap that was not acknowledged, the next one may have lost.
            let before = self.kept.answers.clone();
            self.look(undecided.as_ref()).await?;
            if at + 1 < IMAGES {
                self.kept.answers = before;
            }
        }
        self.power = Some(power);
        Ok(())
    }

    /// What was acknowledged until here survives any cut after here.
    fn acknowledged(&mut self) -> Step<()> {
        self.power.as_mut().map_or(Ok(()), Power::acknowledged)
    }

    fn tap(&mut self) -> (String, String) {
        let at = self
            .random
            .between(0, self.kept.items.len().saturating_sub(1) as u64);
        let item = self.kept.items.get(usize::try_from(at).unwrap_or(0));
        let answer = match self.random.between(0, 2) {
            0 => "pass",
            1 => "fail",
            _ => "not_applicable",
        };
        (item.cloned().unwrap_or_default(), answer.to_owned())
    }

    fn tapping(&self, item: &str, answer: &str) -> Value {
        json!({"cmd": "answer", "inspection": self.kept.id, "item": item, "answer": answer,
            "shown_ms": 900, "answered_by": "card"})
    }

    /// The file is in the camera's folder before the kill: it is found again whenever the kill comes.
    async fn photograph(&mut self) -> Step<()> {
        let bytes = picture(self.random.next_u64())?;
        let expected = self
            .phone
            .call(json!({"cmd": "expect_photo", "inspection": self.kept.id,
                "purpose": {"kind": "storefront"}}))
            .await?;
        let path = Path::new(js::text(&expected, "/folder")?).join("IMG.jpg");
        std::fs::write(&path, &bytes).map_err(|e| Stopped::at("camera", e))?;
        if let Some(power) = &mut self.power {
            power.somebody_wrote(&path, &bytes)?;
        }
        self.kept.photos.insert(hex::encode(Sha256::digest(&bytes)));
        self.acknowledged()?;
        self.phone
            .send(json!({"cmd": "take_over", "photo": expected["photo"], "path": path, "origin": "camera"}))
            .await?;
        Ok(())
    }

    async fn look(&mut self, undecided: Option<&(String, String)>) -> Step<()> {
        let draft = self
            .phone
            .call(json!({"cmd": "draft", "id": self.kept.id}))
            .await?;
        if let Some((item, answer)) = undecided
            && draft["answers"][item]["answer"] == **answer
        {
            self.kept.answers.insert(item.clone(), answer.clone());
        }
        for (item, answer) in &self.kept.answers {
            if draft["answers"][item]["answer"] != **answer {
                self.count.lost += 1;
                let found = &draft["answers"][item]["answer"];
                self.count
                    .wrong
                    .push(format!("{item} was {answer}, is {found}"));
            }
        }
        let photos = js::list(&draft, "/photos")?;
        for sha in &self.kept.photos {
            match photos.iter().filter(|p| p["sha256"] == **sha).count() {
                1 => {}
                0 => {
                    self.count.lost += 1;
                    self.count.wrong.push(format!("photo {sha} is not there"));
                }
                more => self.count.doubled += more as u64 - 1,
            }
        }
        Ok(())
    }

    /// Ends the record the shortest way, so that the next one can begin.
    async fn close(&mut self) -> Step<()> {
        let id = self.kept.id.clone();
        self.phone
            .call(json!({"cmd": "notice", "inspection": id, "given": true}))
            .await?;
        self.phone
            .call(json!({"cmd": "not_inspected", "inspection": id, "reason": "未营业"}))
            .await?;
        self.phone
            .call(json!({"cmd": "party_absent", "inspection": id}))
            .await?;
        let draft = self.phone.call(json!({"cmd": "draft", "id": id})).await?;
        for person in js::list(&draft, "/inspectors")? {
            let sign = json!({"cmd": "sign_inspector", "inspection": id, "person": person["id"], "strokes": PEN});
            self.phone.call(sign).await?;
        }
        self.phone
            .call(json!({"cmd": "finish", "inspection": id}))
            .await?;
        self.records
            .push(json!({"id": id, "record_no": draft["record_no"]}));
        self.closed.extend(std::mem::take(&mut self.kept.photos));
        Ok(())
    }

    /// Everything is sent, and the separate checker compares the disks.
    async fn end(mut self) -> Step<Count> {
        self.phone
            .call(json!({"cmd": "sync_run", "until": "all", "max_ms": 600_000, "originals_now": true}))
            .await?;
        if let Some(power) = &self.power {
            power.until_idle().await?;
        }
        self.phone.kill().await?;
        if let Some(power) = &self.power {
            self.count.wrong.extend(power.saw_everything()?);
        }
        self.day.server.kill().await?;
        let taken = json!({"photos": self.closed, "records": self.records});
        let found = super::disks::compared(
            &taken,
            &self.day.out.join("county"),
            &[self.phone.data.clone()],
        )?;
        self.count.add(found);
        Ok(self.count)
    }
}
