//! One turn: rows, plan, one request, facts.

use super::engine::Engine;
use super::{compare, drafts, hello, pull, push, rows, upload};
use crate::api::ApiError;
use crate::device::Device;
use crate::leaving;
use crate::sync::errors::{After, Fault};
use crate::sync::plan::{Goal, Reason, Step, plan, reached};
use std::time::{Duration, Instant};
use xunji_protocol::steps::drafts::{DraftCopy, FetchRequest};

/// A request without an end in sight is given up after this long even when nothing limits the run.
const LONGEST: Duration = Duration::from_secs(600);

/// The engine with what runs it.
pub(super) struct Machine {
    runtime: tokio::runtime::Runtime,
    engine: Engine,
}

/// What one turn did.
#[derive(Debug)]
pub(super) enum Turn {
    /// The goal stood before anything was done.
    Reached,
    /// A request passed.
    Passed,
    /// Nothing can be done now.
    Idle(Reason),
    /// A request failed.
    Failed(Fault),
    /// The time was over in the middle of a request.
    TimeUp,
}

/// One turn of the device's engine; the lock is held for one request. `until` cancels a request that is
/// under way by then.
pub(super) fn turn(device: &Device, goal: Option<Goal>, until: Option<Instant>) -> Turn {
    with_machine(device, |machine| machine.turn(device, goal, until)).unwrap_or_else(Turn::Failed)
}

/// Fetches the copy of a draft for a person who waits for it; after the request under way.
///
/// # Errors
/// The network's and the server's word.
pub(crate) fn fetch_draft(device: &Device, asked: FetchRequest) -> Result<DraftCopy, ApiError> {
    let fetched = with_machine(device, |machine| {
        let engine = &mut machine.engine;
        machine.runtime.block_on(async {
            let fetched = fetch_once(device, engine, asked).await;
            match fetched.as_ref().map_err(Fault::after) {
                Err(After::NewToken) => {
                    engine.token = None;
                    fetch_once(device, engine, asked).await
                }
                _ => fetched,
            }
        })
    });
    fetched
        .and_then(|fetched| fetched)
        .map_err(|fault| drafts::as_error(&fault))
}

async fn fetch_once(
    device: &Device,
    engine: &mut Engine,
    asked: FetchRequest,
) -> Result<DraftCopy, Fault> {
    if engine.token.is_none() {
        hello::act(device, engine).await?;
    }
    drafts::fetch(device, engine, asked).await
}

fn with_machine<T>(device: &Device, act: impl FnOnce(&mut Machine) -> T) -> Result<T, Fault> {
    let mut held = device.sync.machine();
    let machine = match held.as_mut() {
        Some(machine) => machine,
        None => held.insert(Machine::start(device)?),
    };
    Ok(act(machine))
}

impl Machine {
    fn start(device: &Device) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Fault::Local(e.to_string()))?;
        Ok(Self {
            runtime,
            engine: Engine::new(device.sync.stopwatch()),
        })
    }

    fn turn(&mut self, device: &Device, goal: Option<Goal>, until: Option<Instant>) -> Turn {
        self.engine.pull_due |= device.sync.take_news_due();
        let looked = drafts::look(device, &mut self.engine);
        let rows = match looked.and_then(|()| rows::load(device, &self.engine)) {
            Ok(rows) => rows,
            Err(fault) => return self.failed(device, fault),
        };
        let step = plan(&rows, self.engine.size.bytes());
        if goal.is_some_and(|goal| reached(&rows, goal)) {
            if let Step::Wait(_) = step {
                device.sync.set_status(|s| s.step = step);
            }
            self.let_leave(device);
            return Turn::Reached;
        }
        device.sync.set_status(|s| s.step = step);
        if let Step::Wait(reason) = step {
            if rows.files.is_empty() {
                device.sync.originals_done();
            }
            self.let_leave(device);
            return Turn::Idle(reason);
        }
        match self.act_until(device, step, until) {
            None => Turn::TimeUp,
            Some(Err(fault)) => self.failed(device, fault),
            Some(Ok(())) => {
                let traffic = self.engine.traffic;
                device
                    .sync
                    .set_status(|s| (s.fault, s.traffic) = (None, traffic));
                Turn::Passed
            }
        }
    }

    /// Once after each hello: only what the server says there can let anything go.
    fn let_leave(&mut self, device: &Device) {
        if !std::mem::take(&mut self.engine.leave_due) {
            return;
        }
        if let Err(error) = leaving::run(device) {
            tracing::warn!(code = error.code, "nothing left this phone");
        }
    }

    fn failed(&mut self, device: &Device, fault: Fault) -> Turn {
        match fault.after() {
            After::NewToken => self.engine.token = None,
            // A cut was halved where it was seen; a word about size is obeyed here.
            After::Halve if fault == Fault::TooLarge => {
                self.engine.size = self.engine.size.unfinished()
            }
            _ => {}
        }
        let traffic = self.engine.traffic;
        device
            .sync
            .set_status(|s| (s.fault, s.traffic) = (Some(fault.clone()), traffic));
        Turn::Failed(fault)
    }

    fn act_until(
        &mut self,
        device: &Device,
        step: Step,
        until: Option<Instant>,
    ) -> Option<Result<(), Fault>> {
        let left = until.map_or(LONGEST, |at| at.saturating_duration_since(Instant::now()));
        let engine = &mut self.engine;
        let done = self
            .runtime
            .block_on(async { tokio::time::timeout(left, act(device, engine, step)).await });
        if done.is_err()
            && let Step::Upload { file, .. } = step
        {
            self.engine
                .uploads
                .insert(file.sha256, upload::unsure(file.at));
        }
        done.ok()
    }
}

async fn act(device: &Device, engine: &mut Engine, step: Step) -> Result<(), Fault> {
    match step {
        Step::Hello => hello::act(device, engine).await,
        Step::Push { log, first, count } => push::act(device, engine, log, first, count).await,
        Step::Pull { max_bytes } => pull::act(device, engine, max_bytes).await,
        Step::Compare => compare::act(device, engine).await,
        Step::CopyDraft { draft } => drafts::copy(device, engine, draft).await,
        Step::Offers => drafts::offers(device, engine).await,
        Step::Upload { file, len } => upload::act(device, engine, file, len).await,
        Step::Wait(_) => Ok(()),
    }
}
