//! Row R40: records of a phone's mirror are lost, altered, misfiled, or stand with a revision that nothing
//! later would replace. The phone compares with the server and fetches what differs; its own unsent work is
//! untouched.

use super::trials;
use crate::market::Step;
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, duty};
use crate::sim::mirrors::differences;
use crate::sim::play::{burst, settle};
use crate::sim::world::World;

/// The row.
pub const ROW: Row = Row {
    key: "R40",
    fault: "records of the mirror lost, altered, misfiled or unreplaceable",
    trials: 100,
    whole: 200,
    short: 8,
    run: |plan| trials::each(plan, one),
};

const PHONES: usize = 3;
/// Deeds of each phone before a mirror is spoilt, and as many beside unsent ones.
const DEEDS: usize = 4;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, PHONES)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    settle(&mut world)?;
    for phone in 0..PHONES {
        duty(world.phone(phone)?)?;
    }
    for _ in 0..2 {
        work(&mut world, &mut deeds)?;
        let phone = world.chance.index(PHONES);
        // Unsent work lies beside what is spoilt.
        deeds.one(&mut world, phone)?;
        world.spoil_mirror(phone)?;
        settle(&mut world)?;
    }
    checks::on_phones(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    for (phone, home) in homes.iter().enumerate() {
        let wrong = differences(&server, home)?;
        found.lost += wrong.len() as u64;
        let said = wrong
            .into_iter()
            .map(|wrong| format!("phone {phone}: {wrong}"));
        found.wrong.extend(said);
    }
    Ok(found)
}

fn work(world: &mut World, deeds: &mut Deeds) -> Step<()> {
    for _ in 0..DEEDS {
        for phone in 0..PHONES {
            deeds.one(world, phone)?;
            burst(world, phone)?;
        }
    }
    settle(world)
}
