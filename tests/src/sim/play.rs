//! One seed, played to its end.

use super::checks::{self, Found};
use super::deeds::{Deeds, own_shown};
use super::image::Image;
use super::mirrors::differences;
use super::world::World;
use crate::market::{Step, Stopped};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use xunji_device::runner::Took;
use xunji_device::sync::plan::{Goal, Reason};

/// So far ahead is a phone whose year was set wrong.
pub const TEN_YEARS_MS: i64 = 10 * 365 * 24 * 60 * 60 * 1000;
/// Moves of one play.
const MOVES: usize = 60;
/// Turns after which a phone that does not come to its goal never will.
const MOST_TURNS: usize = 500;

/// What a play gave.
#[derive(Debug)]
pub struct Played {
    /// Hash of everything that happened.
    pub trace: String,
    /// What the checks found.
    pub found: Found,
    /// Requests that were cut.
    pub cuts: u64,
    /// Requests that did not simply pass.
    pub fates: u64,
    /// Phones and servers that died.
    pub kills: u64,
    /// Acknowledged deeds.
    pub deeds: u64,
}

/// Which faults the dice may draw.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// One in so many requests goes wrong; 0 for none.
    pub rough: u64,
    /// Phones and server are killed, and power is cut.
    pub kills: bool,
    /// Links go down for a while.
    pub partitions: bool,
    /// Phones' clocks are set wrong.
    pub clocks: bool,
}

/// Everything at once.
pub const ALL: Faults = Faults {
    rough: 4,
    kills: true,
    partitions: true,
    clocks: true,
};

/// Plays a seed.
///
/// # Errors
/// A phone refused what it should take, or did not come to an end: as bad as a loss.
pub fn play(image: &Image, seed: u64, faults: Faults) -> Step<Played> {
    let phones = 2 + usize::try_from(seed % 7).unwrap_or(0).min(6);
    let mut world = World::begin(image, seed, phones)?;
    world.net.set_rough(faults.rough);
    let mut deeds = Deeds::default();
    let mut kept: Vec<Option<PathBuf>> = vec![None; phones];
    for _ in 0..MOVES {
        one_move(&mut world, &mut deeds, &mut kept, faults)?;
    }
    let mut found = Found::default();
    mirrors_hold(&mut world, &mut found)?;
    settle(&mut world)?;
    checks::on_phones(&world, &deeds, &mut found)?;
    let (trace, kills) = (world.net.trace().now(), world.kills);
    let (cuts, fates) = (world.net.cuts(), world.net.fates());
    let (folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    drop(folder);
    let count = deeds.registered.len() + deeds.written.len() + deeds.records.len();
    Ok(Played {
        trace,
        found,
        cuts,
        fates,
        kills,
        deeds: count as u64,
    })
}

/// Pulled and not compared, every mirror is the server's states and every cursor its feeds' heads. What comparing had
/// to put right during the play was wrong before.
fn mirrors_hold(world: &mut World, found: &mut Found) -> Step<()> {
    right_clocks(world)?;
    fair_until(world, Goal::Pulled)?;
    for phone in 0..world.phones() {
        let home = world.slot(phone)?.home.clone();
        for wrong in differences(world.server_home(), &home)? {
            found.lost += 1;
            found.wrong.push(format!("phone {phone}: {wrong}"));
        }
    }
    if world.mended > 0 {
        let said = format!("comparing put {} records right", world.mended);
        found.wrong.push(said);
    }
    Ok(())
}

fn one_move(
    world: &mut World,
    deeds: &mut Deeds,
    kept: &mut [Option<PathBuf>],
    faults: Faults,
) -> Step<()> {
    let phone = world.chance.index(world.phones());
    let minutes = i64::try_from(world.chance.below(8)).unwrap_or(0);
    world.truth.fetch_add(minutes * 60_000, Ordering::Relaxed);
    match world.chance.below(16) {
        0..=5 => deeds.one(world, phone),
        6..=11 => burst(world, phone),
        12 if faults.partitions => {
            let up = world.chance.one_in(2);
            world.net.note(&format!("phone {phone} link {up}"));
            world.net.set_up(phone, up);
            Ok(())
        }
        13 if faults.kills => {
            let before = own_shown(world, deeds, phone)?;
            die(world, phone, kept)?;
            let after = own_shown(world, deeds, phone)?;
            // A mirror that went back may show an own write that a colleague's had replaced.
            if !before.iter().all(|shown| after.contains(shown)) {
                let said =
                    format!("phone {phone} showed {before:?} before a kill, {after:?} after it");
                deeds.wrong.push(said);
            }
            Ok(())
        }
        14 if faults.kills && world.chance.one_in(2) => world.restart_server(),
        15 if faults.clocks => set_clock(world, phone),
        _ => burst(world, phone),
    }
}

/// Some turns of one phone's sync, with or without originals.
///
/// # Errors
/// Those of the phone's store.
pub fn burst(world: &mut World, phone: usize) -> Step<()> {
    let originals = world.chance.one_in(3);
    world.phone(phone)?.sync().sync_now(originals);
    for _ in 0..=world.chance.below(12) {
        match world.turn(phone, Goal::All)? {
            Took::Reached | Took::Waits(_) => break,
            Took::Passed | Took::Failed(_) => {}
        }
    }
    Ok(())
}

/// A kill, or a power cut that takes the mirror back to where it was kept.
fn die(world: &mut World, phone: usize, kept: &mut [Option<PathBuf>]) -> Step<()> {
    let Some(place) = kept.get_mut(phone) else {
        return Ok(());
    };
    match place.take() {
        Some(mirror) if world.chance.one_in(2) => world.cut_power(phone, &mirror),
        _ => {
            world.kill_phone(phone)?;
            *place = Some(world.keep_mirror(phone)?);
            Ok(())
        }
    }
}

/// 1970, an hour off, or right again. Ten years ahead before the first contact of a boot no phone can tell
/// from ten years in a drawer: its cards are over.
fn set_clock(world: &mut World, phone: usize) -> Step<()> {
    let now = world.truth.load(Ordering::Relaxed);
    let choices = [-now, 3_600_000, -3_600_000, 0];
    let wrong_by = choices
        .get(world.chance.index(choices.len()))
        .copied()
        .unwrap_or(0);
    world.net.note(&format!("phone {phone} clock {wrong_by}"));
    world.slot(phone)?.clock.set_wrong_by(wrong_by);
    Ok(())
}

/// [`fair`], with clocks that are right.
///
/// # Errors
/// A phone does not come to its end.
pub fn settle(world: &mut World) -> Step<()> {
    right_clocks(world)?;
    fair(world)
}

fn right_clocks(world: &World) -> Step<()> {
    for phone in 0..world.phones() {
        world.slot(phone)?.clock.set_wrong_by(0);
    }
    Ok(())
}

/// Fair weather until every phone has sent and seen everything; twice, because the second phone's
/// change is the first one's news.
///
/// # Errors
/// A phone does not come to its end.
pub fn fair(world: &mut World) -> Step<()> {
    fair_until(world, Goal::All)
}

fn fair_until(world: &mut World, goal: Goal) -> Step<()> {
    world.net.set_rough(0);
    for phone in 0..world.phones() {
        world.net.set_up(phone, true);
    }
    for _ in 0..2 {
        for phone in 0..world.phones() {
            arrive(world, phone, goal)?;
        }
    }
    Ok(())
}

fn arrive(world: &mut World, phone: usize, goal: Goal) -> Step<()> {
    world.phone(phone)?.sync().sync_now(goal == Goal::All);
    let mut last = None;
    for _ in 0..MOST_TURNS {
        match world.turn(phone, goal)? {
            Took::Reached => return Ok(()),
            Took::Waits(Reason::NotEnrolled) => break,
            other => last = Some(other),
        }
    }
    Err(Stopped(format!(
        "phone {phone} does not come to its end: {last:?}"
    )))
}
