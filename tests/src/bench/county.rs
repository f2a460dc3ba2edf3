//! The county to measure with: a register of a county's size made by the server's own set-up, and a
//! queue of records signed by real phones and pushed as usual.

use crate::market::past::plan::{self, Plan};
use crate::market::past::play;
use crate::market::past::visit::Review;
use crate::market::phone::now_ms;
use crate::market::{Step, Stopped};
use std::path::{Path, PathBuf};

/// What is measured with.
#[derive(Clone, Debug)]
pub struct Size {
    /// Operators in the register, the demo's own included.
    pub operators: u32,
    /// Records in the queue; one more is made while measuring.
    pub records: usize,
}

/// The made county.
pub struct County {
    /// The server's data.
    pub data: PathBuf,
    /// Accounts of the console.
    pub accounts: String,
    /// Records that wait.
    pub waiting: u64,
}

/// Makes it in an empty folder.
///
/// # Errors
/// What server or phones refuse.
pub async fn make(out: &Path, programs: &Path, size: &Size) -> Step<County> {
    let today = xunji_domain::time::Millis(now_ms())
        .date(480)
        .ok_or_else(|| Stopped("today".into()))?;
    let mut plan = plan::write(today, 1, size.records)?;
    leave_unreviewed(&mut plan);
    let stage = play::Stage {
        out: out.to_owned(),
        programs: programs.to_owned(),
        seed: 1,
        crowd: size.operators.saturating_sub(60),
    };
    let summary = play::play(&stage, &plan).await?;
    if let Some(wrong) = summary.wrong.first() {
        return Err(Stopped(wrong.clone()));
    }
    let accounts = std::fs::read_to_string(out.join("accounts.txt"))
        .map_err(|e| Stopped::at("accounts", e))?;
    Ok(County {
        data: out.join("county"),
        accounts,
        waiting: summary.waiting,
    })
}

fn leave_unreviewed(plan: &mut Plan) {
    for visit in plan.mornings.iter_mut().flat_map(|m| &mut m.visits) {
        visit.review = Review::Waits;
    }
}
