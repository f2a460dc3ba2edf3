//! Row R43: while a phone was off, a bit of some page of its own database flipped. What still reads goes on in
//! a new file, on a new log; what does not is declared, and the damaged file lies as it was in quarantine.

use super::rotten_byte::{forget, says_so};
use super::trials;
use crate::market::Step;
use crate::reliability::Row;
use crate::sim::checks::{self, Found};
use crate::sim::deeds::Deeds;
use crate::sim::image::{Image, duty};
use crate::sim::play::{burst, settle};
use crate::sim::world::World;

/// The row.
pub const ROW: Row = Row {
    key: "R43",
    fault: "a rotted page of the phone's own database",
    trials: 100,
    whole: 200,
    short: 8,
    run: |plan| trials::each(plan, one),
};

/// The phone it happens to.
const PHONE: usize = 0;
/// Deeds before it.
const DEEDS: usize = 4;

fn one(image: &Image, seed: u64) -> Step<Found> {
    let mut world = World::begin(image, seed, 2)?;
    let (mut deeds, mut found) = (Deeds::default(), Found::default());
    duty(world.phone(PHONE)?)?;
    for _ in 0..DEEDS {
        deeds.visit(&mut world, PHONE)?;
        deeds.register(&world, PHONE)?;
    }
    burst(&mut world, 0)?;
    for _ in 0..DEEDS {
        deeds.visit(&mut world, PHONE)?;
        deeds.register(&world, PHONE)?;
    }
    let mut unread = 0;
    for _ in 0..=world.chance.below(2) {
        for change in world.rot_page(PHONE)? {
            if !change.received {
                forget(&mut deeds, &change.body);
            }
            unread += 1;
        }
        deeds.register(&world, PHONE)?;
        deeds.visit(&mut world, PHONE)?;
    }
    settle(&mut world)?;
    says_so(&world, unread, &mut found)?;
    checks::shows_all(&world, &deeds, &mut found)?;
    let (_folder, server, homes) = world.closed();
    found.wrong.extend(super::disks::verified(&server));
    checks::on_disks(&server, &homes, &deeds, &mut found)?;
    Ok(found)
}
