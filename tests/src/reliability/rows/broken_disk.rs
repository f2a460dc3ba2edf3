//! Row 5: at call n of a flow the disk refuses: EIO, no space, or half of the bytes and then no space. What
//! is refused is said, what was acknowledged stays, and when the disk is well again the same process goes
//! on without being started anew. On a disk on which only nothing can grow, a visit is written to its end.

use super::phone_play::runtime;
use crate::disk::{Recorder, Refusal};
use crate::link::schedule::SplitMix;
use crate::market::json as js;
use crate::market::noon::OnLine;
use crate::market::small::SmallDay;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::deeds::{PEN, picture};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// The row.
pub const ROW: Row = Row {
    key: "5",
    fault: "disk of phone or server full or broken at call n",
    trials: 400,
    whole: 3_000,
    short: 18,
    run: |plan| runtime()?.block_on(play(plan)),
};

/// Calls of the longest flow: n goes up to here.
const CALLS: u64 = 60;
/// Flows: an answer, a photo, the closing, sync on the phone's disk, sync on the server's.
const FLOWS: u64 = 5;
/// From one n to the next. It has no factor in common with their number, so that every n comes, and a short form
/// looks at calls all over a flow.
const STRIDE: u64 = 7;
/// How a disk fails; in every fourth trial it is full.
const REFUSALS: [Refusal; 3] = [Refusal::Broken, Refusal::Full, Refusal::Short];

struct Play {
    day: SmallDay,
    line: OnLine,
    phone_disk: Recorder,
    server_disk: Recorder,
    random: SplitMix,
    seed: u64,
    count: Count,
    photos: Vec<String>,
    records: Vec<Value>,
    /// Commands that a bad disk refused.
    refused: u64,
}

/// Flow and call of a trial: every call of every flow, with each refusal, within 1,200 trials.
fn place(seed: u64, trial: u64) -> (u64, u64) {
    let turn = trial / 4;
    let nth = (turn / FLOWS * STRIDE + seed) % CALLS + 1;
    (turn % FLOWS, nth)
}

async fn play(plan: &Plan) -> Step<Count> {
    let mut play = Play::begin(plan).await?;
    for trial in 0..plan.trials {
        let how = usize::try_from(trial % 4).unwrap_or(0);
        match REFUSALS.get(how) {
            Some(how) => play.trial(trial, *how).await?,
            None => play.crowded(trial).await?,
        }
        play.count.trials += 1;
    }
    play.end().await
}

impl Play {
    async fn begin(plan: &Plan) -> Step<Self> {
        let mut day = SmallDay::begin(&plan.out, plan.seed, 0).await?;
        let mut line = day.phone("team1", &["检查员甲", "检查员乙"]).await?;
        line.phone.kill().await?;
        day.server.kill().await?;
        let phone_disk = Recorder::new(&line.phone.data, &plan.out.join("phone-disk"))?;
        let server_disk = Recorder::new(&day.out.join("county"), &plan.out.join("server-disk"))?;
        line.phone.env = phone_disk.env().to_vec();
        day.server.env = server_disk.env().to_vec();
        day.server.open().await?;
        line.link.set_upstream(day.server.address);
        line.phone.open().await?;
        Ok(Self {
            day,
            line,
            phone_disk,
            server_disk,
            random: SplitMix::new(plan.seed),
            seed: plan.seed,
            count: Count::default(),
            photos: Vec::new(),
            records: Vec::new(),
            refused: 0,
        })
    }

    /// One record from its first tap to its receipts; the disk fails in one of its flows.
    async fn trial(&mut self, trial: u64, how: Refusal) -> Step<()> {
        let (flow, nth) = place(self.seed, trial);
        let draft = self.draft(trial).await?;
        let id = js::text(&draft, "/id")?.to_owned();
        let list = json!({"cmd": "checklist", "id": draft["checklist_id"]});
        let list = self.line.phone.call(list).await?;
        self.bad_when(flow == 0, nth % 12 + 1, how)?;
        self.answer(&id, &list["items"][0]["code"]).await?;
        self.bad_when(flow == 1, nth, how)?;
        self.photograph(&id).await?;
        self.bad_when(flow == 2, nth, how)?;
        self.close(&id, &draft).await?;
        self.bad_when(flow == 3, nth, how)?;
        if flow == 4 {
            self.server_disk.refuse(nth, how)?;
        }
        self.sync(trial).await
    }

    async fn answer(&mut self, id: &str, item: &Value) -> Step<()> {
        let answer = json!({"cmd": "answer", "inspection": id, "item": item, "answer": "pass", "shown_ms": 900,
            "answered_by": "card"});
        self.done(answer).await.map(|_| ())
    }

    /// A visit on a full disk, with notes on every item; only the photo, which needs a file, is taken before. Nothing
    /// of it may be refused, and it is there after a kill and a start on the same disk.
    async fn crowded(&mut self, trial: u64) -> Step<()> {
        let before = self.refused;
        let draft = self.draft(trial).await?;
        let id = js::text(&draft, "/id")?.to_owned();
        self.photograph(&id).await?;
        let list = json!({"cmd": "checklist", "id": draft["checklist_id"]});
        let list = self.line.phone.call(list).await?;
        self.phone_disk.refuse(1, Refusal::Crowded)?;
        for item in js::list(&list, "/items")? {
            self.answer(&id, &item["code"]).await?;
        }
        self.line.phone.kill().await?;
        self.line.phone.open().await?;
        if self.refused == before {
            self.close(&id, &draft).await?;
        }
        if self.refused > before {
            let wrong = format!("trial {trial}: a save was refused on a full disk");
            self.count.wrong.push(wrong);
        }
        self.sync(trial).await
    }

    fn bad_when(&self, now: bool, nth: u64, how: Refusal) -> Step<()> {
        if now {
            return self.phone_disk.refuse(nth, how);
        }
        self.phone_disk.heal()
    }

    async fn draft(&mut self, trial: u64) -> Step<Value> {
        let page = self
            .line
            .phone
            .call(json!({"cmd": "operators", "query": "", "limit": 50, "offset": 0}))
            .await?;
        let rows = js::list(&page, "/rows")?;
        let at = usize::try_from(trial).unwrap_or(0) % rows.len().max(1);
        let operator = rows.get(at).map(|row| row["id"].clone());
        self.line
            .phone
            .call(json!({"cmd": "start_inspection", "operator": operator}))
            .await
    }

    /// A command that a bad disk may refuse. Then the disk is healed, and the same process takes it.
    async fn done(&mut self, command: Value) -> Step<Value> {
        match self.line.phone.attempt(command.clone()).await? {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.refused += 1;
                if error["sentence"].as_str().unwrap_or_default().is_empty() {
                    let wrong = format!("refused without a sentence: {error}");
                    self.count.wrong.push(wrong);
                }
                self.phone_disk.heal()?;
                match self.line.phone.attempt(command.clone()).await? {
                    Ok(answer) => Ok(answer),
                    Err(still) => Err(Stopped(format!(
                        "{command} was refused ({error}), and on a well disk again: {still}"
                    ))),
                }
            }
        }
    }

    async fn photograph(&mut self, id: &str) -> Step<()> {
        let bytes = picture(self.random.next_u64())?;
        let expect =
            json!({"cmd": "expect_photo", "inspection": id, "purpose": {"kind": "storefront"}});
        let expected = self.done(expect).await?;
        let path = Path::new(js::text(&expected, "/folder")?).join("IMG.jpg");
        std::fs::write(&path, &bytes).map_err(|e| Stopped::at("camera", e))?;
        self.done(json!({"cmd": "take_over", "photo": expected["photo"], "path": path, "origin": "camera"}))
            .await?;
        let sha = hex::encode(Sha256::digest(&bytes));
        let draft = self
            .line
            .phone
            .call(json!({"cmd": "draft", "id": id}))
            .await?;
        let photos = js::list(&draft, "/photos")?;
        match photos
            .iter()
            .filter(|photo| photo["sha256"] == *sha)
            .count()
        {
            1 => self.photos.push(sha),
            0 => {
                self.count.lost += 1;
                self.count
                    .wrong
                    .push(format!("photo {sha} is not in its draft"));
            }
            more => self.count.doubled += more as u64 - 1,
        }
        Ok(())
    }

    async fn close(&mut self, id: &str, draft: &Value) -> Step<()> {
        let mut commands = vec![
            json!({"cmd": "notice", "inspection": id, "given": true}),
            json!({"cmd": "not_inspected", "inspection": id, "reason": "未营业"}),
            json!({"cmd": "party_absent", "inspection": id}),
        ];
        for person in js::list(draft, "/inspectors")? {
            commands.push(json!({"cmd": "sign_inspector", "inspection": id, "person": person["id"], "strokes": PEN}));
        }
        commands.push(json!({"cmd": "finish", "inspection": id}));
        for command in commands {
            self.done(command).await?;
        }
        self.records
            .push(json!({"id": id, "record_no": draft["record_no"]}));
        Ok(())
    }

    /// Sends on a disk that may be bad; then both disks are well, and everything arrives.
    async fn sync(&mut self, trial: u64) -> Step<()> {
        let first =
            json!({"cmd": "sync_run", "until": "all", "max_ms": 600, "originals_now": true});
        let _ = self.line.phone.attempt(first).await?;
        self.phone_disk.heal()?;
        self.server_disk.heal()?;
        if trial % 10 == 9 {
            return self.arrives().await;
        }
        Ok(())
    }

    /// Everything arrives, in the same processes.
    async fn arrives(&mut self) -> Step<()> {
        let all =
            json!({"cmd": "sync_run", "until": "all", "max_ms": 30_000, "originals_now": true});
        let state = self.line.phone.call(all).await?;
        if state["reached"] == true {
            return Ok(());
        }
        Err(Stopped(format!("the phone stands still: {state}")))
    }

    async fn end(mut self) -> Step<Count> {
        let all =
            json!({"cmd": "sync_run", "until": "all", "max_ms": 600_000, "originals_now": true});
        self.line.phone.call(all).await?;
        self.line.phone.kill().await?;
        self.day.server.kill().await?;
        if self.refused == 0 {
            self.count
                .wrong
                .push("the disk never refused anything".into());
        }
        let taken = json!({"photos": self.photos, "records": self.records});
        let county = self.day.out.join("county");
        let found = super::disks::compared(&taken, &county, &[self.line.phone.data.clone()])?;
        self.count.add(found);
        Ok(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_call_of_every_flow_meets_every_refusal() {
        let refused = (0..1_200).filter(|trial| trial % 4 < 3);
        let met: BTreeSet<(u64, (u64, u64))> =
            refused.map(|trial| (trial % 4, place(1, trial))).collect();
        assert_eq!(met.len() as u64, 3 * FLOWS * CALLS);
    }
}
