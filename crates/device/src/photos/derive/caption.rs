//! What stands in the watermark.

use xunji_protocol::digest::Digest;

/// The watermark's words, ready for people.
#[derive(Clone, Debug)]
pub struct Caption {
    /// 单位.
    pub unit: String,
    /// When the photo was taken over, in the station's zone.
    pub time: String,
    /// Market or address.
    pub place: String,
    /// Record number.
    pub record_no: String,
    /// SHA-256 of the original.
    pub original: Digest,
    /// 导入: chosen from the gallery.
    pub imported: bool,
}

impl Caption {
    /// What follows the unit, in the order of importance for a reader who asks where and when.
    pub fn facts(&self) -> Vec<String> {
        let hash: String = self.original.to_hex().chars().take(8).collect();
        let number = format!("记录 {}", self.record_no);
        let all = [
            self.time.clone(),
            self.place.clone(),
            number,
            format!("原片 {hash}"),
        ];
        all.into_iter()
            .filter(|fact| !fact.trim().is_empty())
            .collect()
    }
}
