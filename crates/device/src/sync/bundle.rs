//! Which piece goes into which volume of a bundle. Pure.
//!
//! What is written down is small and matters most: as long as it is not more than a quarter of a volume, every
//! volume holds all of it, so that any one that arrives brings every record. Files stand in one volume each.

use xunji_protocol::bundle::room_for;
use xunji_protocol::limits::MAX_BUNDLE_HEADER;

/// What one volume holds, by the places in the lists that were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Segments and bodies.
    pub text: Vec<usize>,
    /// Pictures.
    pub files: Vec<usize>,
}

impl Volume {
    /// Bytes of content, by the lists that it was filled from.
    pub fn bytes(&self, text: &[u64], files: &[u64]) -> u64 {
        let of = |places: &[usize], sizes: &[u64]| -> u64 {
            places.iter().filter_map(|at| sizes.get(*at)).sum()
        };
        of(&self.text, text) + of(&self.files, files)
    }
}

/// Fills volumes of at most `limit` bytes; the lists give bytes of content, in the order of sending. A piece
/// that is larger than a volume gets one of its own, which is then larger too: nothing is ever cut.
pub fn volumes(text: &[u64], files: &[u64], limit: u64) -> Vec<Volume> {
    let room = limit.saturating_sub(MAX_BUNDLE_HEADER as u64 + room_for(0));
    let all = text
        .iter()
        .fold(0_u64, |sum, size| sum.saturating_add(room_for(*size)));
    let mut packing = Packing::new(room);
    if all <= room / 4 {
        packing.begin_each_with((0..text.len()).collect(), all);
    } else {
        for (at, size) in text.iter().enumerate() {
            packing.make_room(room_for(*size));
            packing.now.text.push(at);
        }
    }
    for (at, size) in files.iter().enumerate() {
        packing.make_room(room_for(*size));
        packing.now.files.push(at);
    }
    packing.finish()
}

struct Packing {
    room: u64,
    /// What every volume begins with.
    common: Volume,
    common_used: u64,
    done: Vec<Volume>,
    now: Volume,
    used: u64,
}

impl Packing {
    fn new(room: u64) -> Self {
        Self {
            room,
            common: Volume::default(),
            common_used: 0,
            done: Vec::new(),
            now: Volume::default(),
            used: 0,
        }
    }

    fn begin_each_with(&mut self, text: Vec<usize>, used: u64) {
        self.common.text = text;
        self.common_used = used;
        self.now = self.common.clone();
        self.used = used;
    }

    fn make_room(&mut self, size: u64) {
        if self.used.saturating_add(size) > self.room && self.used > self.common_used {
            let full = std::mem::replace(&mut self.now, self.common.clone());
            self.done.push(full);
            self.used = self.common_used;
        }
        self.used = self.used.saturating_add(size);
    }

    fn finish(mut self) -> Vec<Volume> {
        if self.now != Volume::default() {
            self.done.push(self.now);
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KB: u64 = 1024;
    const MB: u64 = 1024 * KB;

    fn volume(text: &[usize], files: &[usize]) -> Volume {
        Volume {
            text: text.to_vec(),
            files: files.to_vec(),
        }
    }

    #[test]
    fn a_small_bundle_is_one_volume_and_nothing_is_none() {
        assert_eq!(volumes(&[], &[], 95 * MB), vec![]);
        let all = volumes(&[40 * KB, 10 * KB], &[3 * MB], 95 * MB);
        assert_eq!(all, vec![volume(&[0, 1], &[0])]);
        assert_eq!(volumes(&[KB], &[], 95 * MB), vec![volume(&[0], &[])]);
    }

    #[test]
    fn every_volume_holds_all_that_is_written_down() {
        let all = volumes(&[100 * KB], &[4 * MB, 4 * MB, 4 * MB, 4 * MB], 10 * MB);
        assert_eq!(all, vec![volume(&[0], &[0, 1]), volume(&[0], &[2, 3])]);
        let bytes = all[1].bytes(&[100 * KB], &[MB, MB, 4 * MB, 3 * MB]);
        assert_eq!(bytes, 100 * KB + 7 * MB);
    }

    #[test]
    fn much_text_is_spread_in_order_and_before_the_pictures() {
        let all = volumes(&[MB, MB, MB], &[MB], 2 * MB + 100 * KB);
        assert_eq!(all, vec![volume(&[0, 1], &[]), volume(&[2], &[0])]);
    }

    #[test]
    fn a_picture_larger_than_a_volume_stands_alone() {
        let all = volumes(&[], &[KB, 20 * MB, KB], 10 * MB);
        assert_eq!(
            all,
            vec![volume(&[], &[0]), volume(&[], &[1]), volume(&[], &[2])]
        );
        let all = volumes(&[KB], &[20 * MB], 10 * MB);
        assert_eq!(all, vec![volume(&[0], &[0])]);
    }
}
