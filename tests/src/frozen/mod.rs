//! Counties with their phones as an earlier program left them, in `tests/frozen`: what every later program must
//! take over. A set is made once by `./x freeze` with the program of its day, and never again.

pub mod day;
pub mod kept;
pub mod older;
pub mod pack;
#[cfg(test)]
mod tests;

use crate::market::{Step, Stopped};
use crate::sim::deeds::Deeds;
use kept::Kept;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use xunji_device::store::door::FileOf as _;
use xunji_device::store::local::LocalFile;
use xunji_device::store::mirror::MirrorFile;
use xunji_server::storage::NEWEST_STEP;

/// The last steps of the three databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// `local.db`.
    pub local: usize,
    /// `mirror.db`.
    pub mirror: usize,
    /// `county.db`.
    pub server: usize,
}

/// The schemas that phones and servers may hold, oldest first. The last one is this program's; every one before
/// it has its set. Whoever adds a step freezes first (`./x freeze`) and then adds a line. The last line alone may
/// be changed in place, as long as nobody outside this checkout has a database of it.
pub const SCHEMAS: &[Schema] = &[schema(3, 3, 9), schema(6, 4, 12)];

const fn schema(local: usize, mirror: usize, server: usize) -> Schema {
    Schema {
        local,
        mirror,
        server,
    }
}

impl Schema {
    /// That of this program.
    pub fn present() -> Self {
        schema(LocalFile::STEPS.len(), MirrorFile::STEPS.len(), NEWEST_STEP)
    }

    /// Name of its folder.
    pub fn name(self) -> String {
        format!(
            "local{}-mirror{}-server{}",
            self.local, self.mirror, self.server
        )
    }
}

/// What a set says of itself, `told.json`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// Its schema.
    pub schema: Schema,
    /// The simulated time at which it was frozen, milliseconds UTC.
    pub at: i64,
    /// What the phones had acknowledged.
    pub deeds: Deeds,
    /// The record whose amendment is under way, and the item that was sent back.
    pub returned: (String, serde_json::Value),
    /// What lay on each phone beside that.
    pub kept: Vec<Kept>,
}

/// A set on the disk.
#[derive(Clone, Debug)]
pub struct Set {
    /// Its schema.
    pub schema: Schema,
    folder: PathBuf,
}

/// `tests/frozen` of the checkout, asked for while running: several checkouts may share what cargo built.
pub fn home() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), PathBuf::from);
    let mut folders = own.ancestors().map(|top| top.join("tests/frozen"));
    folders
        .find(|folder| folder.is_dir())
        .unwrap_or_else(|| "tests/frozen".into())
}

/// The sets that are there, oldest first.
pub fn sets() -> Vec<Set> {
    let sets = SCHEMAS.iter().map(|schema| Set {
        schema: *schema,
        folder: home().join(schema.name()),
    });
    sets.filter(|set| set.folder.is_dir()).collect()
}

impl Set {
    /// Lays its server and its phones into a folder as they were left: `server`, `phone0`, `phone1` …
    ///
    /// # Errors
    /// The set is not whole.
    pub fn thaw(&self, to: &Path) -> Step<Told> {
        let told = std::fs::read(self.folder.join(TOLD)).map_err(|e| Stopped::at(TOLD, e))?;
        let told: Told = serde_json::from_slice(&told).map_err(|e| Stopped::at(TOLD, e))?;
        let phones = (0..told.kept.len()).map(crate::sim::image::phone_name);
        for home in phones.chain([SERVER.to_owned()]) {
            let packed = self.folder.join(format!("{home}.tar.gz"));
            pack::unpack(&packed)?.write(&to.join(&home))?;
        }
        Ok(told)
    }
}

/// Name of the server's folder in a set.
pub const SERVER: &str = "server";
const TOLD: &str = "told.json";

/// Freezes the county of [`day`] as this program leaves it. A set that is there stays as it is.
///
/// # Errors
/// There is one already; the day did not come to its end.
pub fn freeze() -> Step<PathBuf> {
    let schema = Schema::present();
    let folder = home().join(schema.name());
    if folder.exists() {
        return Err(Stopped(format!(
            "{} is there, and a frozen set is never made again",
            folder.display()
        )));
    }
    let left = day::played()?;
    let doing = |e: std::io::Error| Stopped::at(&folder.display().to_string(), e);
    std::fs::create_dir_all(&folder).map_err(doing)?;
    for (name, home) in &left.homes {
        pack::pack(home, &folder.join(format!("{name}.tar.gz")))?;
    }
    let told = Told {
        schema,
        at: left.at,
        deeds: left.deeds,
        returned: left.returned,
        kept: left.kept,
    };
    let json = serde_json::to_vec_pretty(&told).map_err(|e| Stopped::at(TOLD, e))?;
    std::fs::write(folder.join(TOLD), json).map_err(doing)?;
    Ok(folder)
}
