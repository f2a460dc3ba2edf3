//! Row 8: an original that is cut at every 64 KiB edge and between them, both sides started anew after
//! each cut.

use super::trials;
use crate::market::{Step, Stopped};
use crate::reliability::{Count, Plan, Row};
use crate::sim::file::{noise, queue};
use crate::sim::image::Image;
use crate::sim::world::World;
use xunji_device::runner::Took;
use xunji_device::sync::plan::Goal;
use xunji_protocol::digest::Digest;

/// The row.
pub const ROW: Row = Row {
    key: "8",
    fault: "original cut at every 64 KiB edge and at random bytes, both restarted",
    trials: 1_000,
    whole: 1_000,
    short: 96,
    run,
};

const EDGE: u64 = 65_536;
/// A 3 MB photo.
const SIZE: usize = 3_000_017;
/// Turns after which an upload that is not through never will be.
const MOST_TURNS: usize = 400;

fn run(plan: &Plan) -> Step<Count> {
    let image = Image::make()?;
    let mut count = Count::default();
    for (nth, seed) in (0..).zip(plan.seed..) {
        if count.trials >= plan.trials {
            break;
        }
        let (file, again) = trials::repeated(&image, nth, || one_file(&image, seed))?;
        count.add(file);
        let again = again.map(|again| format!("seed {seed}: {again}"));
        count.wrong.extend(again);
    }
    Ok(count)
}

fn one_file(image: &Image, seed: u64) -> Step<Count> {
    let mut world = World::begin(image, seed, 1)?;
    let bytes = noise(&mut world.chance, SIZE);
    let home = world.slot(0)?.home.clone();
    let sha256 = queue(world.phone(0)?, &home, &bytes)?;
    let mut count = Count::default();
    let mut next = EDGE;
    while next < SIZE as u64 {
        let at = match count.trials % 2 {
            0 => next,
            _ => next - world.chance.below(EDGE),
        };
        world
            .net
            .cut_after(at.saturating_sub(world.net.delivered()));
        if until_cut(&mut world)? {
            count.trials += 1;
        }
        world.kill_phone(0)?;
        world.restart_server()?;
        next += EDGE / 2;
    }
    world.net.cut_after(u64::MAX);
    arrive(&mut world)?;
    let delivered = world.net.delivered();
    if delivered != bytes.len() as u64 {
        count.wrong.push(format!(
            "seed {seed}: {delivered} bytes arrived of a file of {}",
            bytes.len()
        ));
    }
    if stored(&world, sha256)? != bytes {
        count.lost += 1;
        count
            .wrong
            .push(format!("seed {seed}: the file is not the same"));
    }
    Ok(count)
}

/// Turns until the link breaks; `false` when the file was through before.
fn until_cut(world: &mut World) -> Step<bool> {
    world.phone(0)?.sync().sync_now(true);
    for _ in 0..MOST_TURNS {
        match world.turn(0, Goal::All)? {
            Took::Failed(_) => return Ok(true),
            Took::Reached => return Ok(false),
            Took::Passed | Took::Waits(_) => {}
        }
    }
    Err(Stopped("the link was never cut".to_owned()))
}

fn arrive(world: &mut World) -> Step<()> {
    world.phone(0)?.sync().sync_now(true);
    for _ in 0..MOST_TURNS {
        if world.turn(0, Goal::All)? == Took::Reached {
            return Ok(());
        }
    }
    Err(Stopped("the file never arrived".to_owned()))
}

fn stored(world: &World, sha256: Digest) -> Step<Vec<u8>> {
    use std::io::Read as _;
    let doing = |e: &dyn std::fmt::Display| Stopped::at("stored file", e);
    let mut bytes = Vec::new();
    if let Some(mut file) = world.server()?.blobs.open(sha256).map_err(|e| doing(&e))? {
        file.read_to_end(&mut bytes).map_err(|e| doing(&e))?;
    }
    Ok(bytes)
}
