//! One direction of one connection: taken in at the line's rate, handed over after its delay.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};

use super::fault::{Direction, Passage};
use super::pace::chunk_len;
use super::profile::Profile;
use super::shared::Shared;

/// The sending side was reset; what it had put on the line before was still handed over.
#[derive(Debug)]
pub(super) struct SourceBroken;

struct Chunk {
    bytes: Vec<u8>,
    due: Instant,
}

/// Bytes on their way. Bounded, so that a receiver that does not read stops the sender; never so
/// tightly that the delay would limit the rate.
struct Flight {
    bytes: AtomicUsize,
    landed: Notify,
}

/// Carries one direction to its end. A clean end of the source is passed on as a clean end. A
/// receiver that went away ends this direction quietly: the other one will notice by itself,
/// after having carried what its source still said (an early 413, for one).
pub(super) async fn pump(
    source: ReadHalf<'_>,
    target: WriteHalf<'_>,
    shared: &Shared,
    direction: Direction,
) -> Result<(), SourceBroken> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let flight = Flight {
        bytes: AtomicUsize::new(0),
        landed: Notify::new(),
    };
    let taking = take_in(source, sender, shared, direction, &flight);
    let handing = hand_over(target, receiver, shared, direction, &flight);
    tokio::pin!(taking, handing);
    tokio::select! {
        taken = &mut taking => { handing.await; taken }
        () = &mut handing => Ok(()),
    }
}

async fn take_in(
    mut source: ReadHalf<'_>,
    line: mpsc::UnboundedSender<Chunk>,
    shared: &Shared,
    direction: Direction,
    flight: &Flight,
) -> Result<(), SourceBroken> {
    let mut buffer = vec![0_u8; chunk_len(u64::MAX)];
    // A line that has gone down resets the connection: the pump is dropped, not ended.
    while let Some(profile) = shared.profile().await {
        if flight.bytes.load(Ordering::Relaxed) > most_in_flight(profile) {
            flight.landed.notified().await;
            continue;
        }
        let room = buffer
            .get_mut(..chunk_len(profile.rate_bps))
            .unwrap_or_default();
        let taken = source.read(room).await.map_err(|_| SourceBroken)?;
        let Some(bytes) = buffer.get(..taken).filter(|bytes| !bytes.is_empty()) else {
            return Ok(());
        };
        // The wait for these bytes may have been long: the line may be another by now.
        let Some(profile) = shared.profile().await else {
            break;
        };
        let left_at = shared.reserve(direction, taken, profile.rate_bps);
        sleep_until(left_at).await;
        shared.count(|stats| match direction {
            Direction::Up => stats.bytes_up += taken as u64,
            Direction::Down => stats.bytes_down += taken as u64,
        });
        flight.bytes.fetch_add(taken, Ordering::Relaxed);
        let due = left_at.max(Instant::now()) + Duration::from_millis(profile.delay_ms) / 2;
        if line
            .send(Chunk {
                bytes: bytes.to_vec(),
                due,
            })
            .is_err()
        {
            return Ok(());
        }
    }
    Err(SourceBroken)
}

async fn hand_over(
    mut target: WriteHalf<'_>,
    mut line: mpsc::UnboundedReceiver<Chunk>,
    shared: &Shared,
    direction: Direction,
    flight: &Flight,
) {
    while let Some(chunk) = line.recv().await {
        sleep_until(chunk.due).await;
        let passage = shared.pass(direction, chunk.bytes.len());
        let through = match passage {
            Passage::Whole => chunk.bytes.as_slice(),
            Passage::CutAfter(len) => chunk.bytes.get(..len).unwrap_or_default(),
        };
        if target.write_all(through).await.is_err() {
            return;
        }
        shared.count(|stats| match direction {
            Direction::Up => stats.delivered_up += through.len() as u64,
            Direction::Down => stats.delivered_down += through.len() as u64,
        });
        if passage != Passage::Whole {
            shared.cut();
            return std::future::pending().await;
        }
        flight.bytes.fetch_sub(chunk.bytes.len(), Ordering::Relaxed);
        flight.landed.notify_one();
    }
    target.shutdown().await.ok();
}

/// Twice what the line holds, and a floor for lines without delay.
fn most_in_flight(profile: Profile) -> usize {
    let on_the_way = u128::from(profile.rate_bps) * u128::from(profile.delay_ms) / 8_000;
    usize::try_from(on_the_way)
        .unwrap_or(usize::MAX / 2)
        .saturating_mul(2)
        .max(64 * 1024)
}
