//! The draw for 批量通过. It follows from the day and the list alone: opening the page again draws the
//! same records, anybody can draw again from what was kept, and who signs a record cannot know the
//! rest of the list.

use crate::ids::{InspectionId, StationId};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

/// One of so many records is drawn.
const ONE_OF: usize = 5;

/// A list and its draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// SHA-256 of day, station and list, hex: names the batch.
    pub batch: String,
    /// The records to open, in the order of the list.
    pub sample: Vec<InspectionId>,
}

/// How many of a list are drawn: a fifth, rounded up, so that no batch goes unseen.
pub fn sample_size(records: usize) -> usize {
    records.div_ceil(ONE_OF)
}

/// Draws from records and the versions that stand. The order of the list does not matter.
pub fn draw(day: NaiveDate, station: StationId, records: &[(InspectionId, String)]) -> Draw {
    let mut sorted: Vec<_> = records.iter().collect();
    sorted.sort();
    let mut list = Sha256::new();
    list.update(format!("xunji batch 1\n{day}\n{station}\n"));
    for (id, version) in sorted {
        list.update(format!("{id} {version}\n"));
    }
    let digest = list.finalize();
    let rank = |id: &InspectionId| {
        Sha256::new()
            .chain_update(digest)
            .chain_update(id.as_bytes())
            .finalize()
    };
    let mut ranked: Vec<_> = records.iter().map(|(id, _)| (rank(id), *id)).collect();
    ranked.sort();
    ranked.truncate(sample_size(records.len()));
    Draw {
        batch: hex::encode(digest),
        sample: records
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| ranked.iter().any(|(_, drawn)| drawn == id))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 10, n).unwrap()
    }

    fn list(n: u128) -> Vec<(InspectionId, String)> {
        (1..=n)
            .map(|i| (InspectionId(Uuid::from_u128(i)), format!("{i:064x}")))
            .collect()
    }

    const STATION: StationId = StationId(Uuid::from_u128(7));

    #[test]
    fn a_fifth_rounded_up() {
        let sizes = [0, 1, 5, 6, 7, 10, 11].map(sample_size);
        assert_eq!(sizes, [0, 1, 1, 2, 2, 2, 3]);
    }

    #[test]
    fn the_same_list_on_the_same_day_is_the_same_draw_in_any_order() {
        let (list, mut turned) = (list(9), list(9));
        turned.reverse();
        let (one, other) = (
            draw(day(14), STATION, &list),
            draw(day(14), STATION, &turned),
        );
        assert_eq!(one.batch, other.batch);
        let mut sample = other.sample;
        sample.reverse();
        assert_eq!(one.sample, sample);
    }

    #[test]
    fn day_station_and_versions_are_part_of_it() {
        let first = draw(day(14), STATION, &list(9));
        let mut amended = list(9);
        amended[3].1 = "f".repeat(64);
        for other in [
            draw(day(15), STATION, &list(9)),
            draw(day(14), StationId(Uuid::from_u128(8)), &list(9)),
            draw(day(14), STATION, &amended),
            draw(day(14), STATION, &list(8)),
        ] {
            assert_ne!(first.batch, other.batch);
        }
    }

    #[test]
    fn over_many_days_every_place_of_the_list_is_drawn_about_equally() {
        let mut drawn = [0_u32; 5];
        for n in 0..1000 {
            let on = day(1) + chrono::Duration::days(n);
            let place = draw(on, STATION, &list(5)).sample[0].0.as_u128() - 1;
            drawn[usize::try_from(place).unwrap()] += 1;
        }
        // 200 each; five standard deviations are 63.
        assert!(drawn.iter().all(|n| (137..=263).contains(n)), "{drawn:?}");
    }

    proptest! {
        #[test]
        fn the_sample_is_of_the_list_and_as_large_as_said(n in 0_u128..60) {
            let list = list(n);
            let drawn = draw(day(14), STATION, &list);
            prop_assert_eq!(drawn.sample.len(), sample_size(list.len()));
            prop_assert!(drawn.sample.iter().all(|id| list.iter().any(|(known, _)| known == id)));
        }
    }
}
