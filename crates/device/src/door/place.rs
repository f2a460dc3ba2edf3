//! Where a visit begins. The receiver is asked in the background when an inspection was begun, for a few minutes at
//! most, and what it says goes to the core as an ordinary command. Never at any other time: this makes no track.

use super::Door;
use crate::api::{ApiError, Command};
use crate::usecases::position::Told;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use xunji_domain::ids::InspectionId;
use xunji_domain::place::{GOOD_CM, NoFix};

/// How long one question to the receiver may take. Without a network a cold receiver needs minutes.
const ONE_LOOK: Duration = Duration::from_secs(30);
/// How long it is asked in all.
const ENOUGH: Duration = Duration::from_secs(180);
/// Between two questions.
const REST: Duration = Duration::from_secs(1);

/// Counts visits: whoever begins the next one has left the place of the last.
#[derive(Debug, Default)]
pub(super) struct Visits(AtomicU64);

/// Asks the receiver on a thread of its own, when the core would still take a fix. Nothing waits for it.
pub(super) fn look(door: &Arc<Door>, begun: &Value) {
    let wanted = begun.pointer("/position/ask").and_then(Value::as_bool) == Some(true);
    let id = begun.get("id").and_then(Value::as_str);
    let Some(inspection) = id.filter(|_| wanted).and_then(|id| id.parse().ok()) else {
        return;
    };
    let asking = Asking {
        door: Arc::clone(door),
        inspection,
        visit: door.asking.0.fetch_add(1, Ordering::SeqCst) + 1,
        ends: Instant::now() + ENOUGH,
    };
    let thread = std::thread::Builder::new().name("position".to_owned());
    if let Err(error) = thread.spawn(move || asking.run()) {
        tracing::warn!(%error, "no position is asked for");
    }
}

/// One visit whose place is looked for.
struct Asking {
    door: Arc<Door>,
    inspection: InspectionId,
    visit: u64,
    ends: Instant,
}

impl Asking {
    fn run(&self) {
        if self.tell(Told::Asking {}).is_err() {
            return;
        }
        let mut why = NoFix::NotFound;
        while self.goes_on() {
            match self.look() {
                Look::Done => return,
                Look::Rough | Look::Nothing(NoFix::NotFound) => std::thread::sleep(REST),
                Look::Nothing(said) => {
                    why = said;
                    break;
                }
            }
        }
        // Nobody asks any more. Where a rough fix was taken it stands.
        let _ = self.tell(Told::Nothing { why });
    }

    fn look(&self) -> Look {
        let within = ONE_LOOK.min(self.left());
        let said = self.door.host.position(&self.door.phone, within);
        let fix = match said {
            Ok(fix) => fix,
            Err(why) => return Look::Nothing(why),
        };
        let good = fix.accuracy_cm <= GOOD_CM;
        match self.tell(Told::Fix(fix)) {
            Ok(()) if !good => Look::Rough,
            // A receiver without a fix says that it is nowhere; its next word may be better.
            Err(error) if error.code == "position_unsound" => Look::Nothing(NoFix::NotFound),
            Ok(()) | Err(_) => Look::Done,
        }
    }

    fn tell(&self, told: Told) -> Result<(), ApiError> {
        let inspection = self.inspection;
        let said = self.door.phone.call(Command::Position { inspection, told });
        match said {
            Ok(_) => {
                self.door.host.tell();
                Ok(())
            }
            Err(error) => {
                // Neither place nor record in a log line.
                tracing::info!(code = error.code, "a position was not taken");
                Err(error)
            }
        }
    }

    fn goes_on(&self) -> bool {
        self.door.asking.0.load(Ordering::SeqCst) == self.visit && self.left() > Duration::ZERO
    }

    fn left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }
}

/// Degrees as they are recorded. Nothing that is no number gets through: it becomes 0, which is no place.
#[expect(clippy::cast_possible_truncation, reason = "rounded; far below 2^53")]
pub fn e7(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}

/// Metres as they are recorded, never smaller than said.
#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded up; a circle on Earth"
)]
pub fn cm(metres: f64) -> i64 {
    (metres * 100.0).ceil() as i64
}

/// What came of one question.
enum Look {
    /// A good fix stands, or the core takes none any more.
    Done,
    /// A fix stands that may get better.
    Rough,
    /// There was none.
    Nothing(NoFix),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_receiver_become_whole_ones() {
        assert_eq!(
            (e7(36.123_456_7), e7(-117.567_890_1)),
            (361_234_567, -1_175_678_901)
        );
        assert_eq!((e7(f64::NAN), cm(f64::NAN)), (0, 0));
        assert_eq!((cm(8.001), cm(-1.0)), (801, -100));
    }
}
