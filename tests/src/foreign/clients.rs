//! A foreign client sends one file to our server.

use super::county::{County, File};
use super::{Client, expect};
use crate::link::Direction;
use crate::market::Step;
use crate::sim::chance::Chance;
use crate::sim::checks::Found;
use serde_json::{Value, json};

/// How it sends it, and what happens on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In one piece.
    Whole,
    /// The first bytes with the creation, the rest in pieces.
    Along,
    /// The line is cut, and the client tries again by itself.
    Cut,
    /// It is given up, and another process goes on.
    Resumed,
    /// A piece with a checksum is altered on its way.
    Altered,
    /// It is given up and taken back.
    TakenBack,
    /// It is taken back when it is whole and receipted.
    TakenBackWhole,
}

/// Bytes of a file: several pieces for who cuts it into pieces, one request for who does not.
const LEAST: u64 = 500_001;
const MORE: u64 = 400_000;
/// The line is cut within the bytes of the first request that carries any, so far from its beginning that the server
/// has read some of them.
const READ: u64 = 250_000;
/// So far from the end of a file it may still be given up or cut.
const END: u64 = 50_000;

/// Plays one meeting.
///
/// # Errors
/// The client did not do its job, or the server is not there.
pub async fn meet(county: &County, client: Client, way: Way, dice: &mut Chance) -> Step<Found> {
    let size = LEAST + dice.below(MORE);
    let file = county.file(dice, size)?;
    let one = Sending {
        county,
        client,
        file,
    };
    let mut found = Found::default();
    match way {
        Way::Whole => one.whole(&mut found).await?,
        Way::Along => one.along(dice, &mut found).await?,
        Way::Cut => one.cut(dice, &mut found).await?,
        Way::Resumed => one.resumed(dice, &mut found).await?,
        Way::Altered => one.altered(dice, &mut found).await?,
        Way::TakenBack => one.taken_back(dice, &mut found).await?,
        Way::TakenBackWhole => one.taken_back_whole(&mut found).await?,
    }
    Ok(found)
}

struct Sending<'a> {
    county: &'a County,
    client: Client,
    file: File,
}

impl Sending<'_> {
    fn len(&self) -> u64 {
        self.file.bytes.len() as u64
    }

    async fn ask(&self, how: Value) -> Step<Value> {
        self.county.ask(self.client, &self.file, how).await
    }

    async fn received(&self, said: &Value, found: &mut Found) -> Step<()> {
        self.county.received(&self.file, said, found).await
    }

    async fn whole(&self, found: &mut Found) -> Step<()> {
        let said = self.ask(json!({"how": "whole"})).await?;
        self.received(&said, found).await?;
        sent(&said, &[0], found);
        Ok(())
    }

    async fn along(&self, dice: &mut Chance, found: &mut Found) -> Step<()> {
        let piece = piece(dice);
        let said = self.ask(json!({"how": "along", "at": piece})).await?;
        self.received(&said, found).await?;
        let later: Vec<u64> = self.offsets(piece).skip(1).collect();
        sent(&said, &later, found);
        Ok(())
    }

    async fn cut(&self, dice: &mut Chance, found: &mut Found) -> Step<()> {
        let after = READ + dice.below(self.len() - READ - END);
        self.county.link.cut_after(Direction::Up, after);
        let said = self.ask(json!({"how": "patient"})).await?;
        self.received(&said, found).await?;
        // What was still on its way through the server when the client asked is sent again.
        let patches = patches(&said);
        let goes_on =
            matches!(patches.as_slice(), [Some(0), Some(from)] if (1..=after).contains(from));
        expect(found, goes_on, || {
            format!("cut after {after} bytes it sent from {patches:?}")
        });
        Ok(())
    }

    async fn resumed(&self, dice: &mut Chance, found: &mut Found) -> Step<()> {
        let (half, at) = self.half(dice).await?;
        let stands = self.county.offset(&half).await?;
        expect(found, stands == Some(at), || {
            format!("given up at {at} it stands at {stands:?}")
        });
        let job = json!({"how": "resume", "upload": half["url"]});
        let said = self.ask(job).await?;
        self.received(&said, found).await?;
        sent(&said, &[at], found);
        Ok(())
    }

    /// A piece that was altered on its way is refused and comes again; none of it is in the file.
    async fn altered(&self, dice: &mut Chance, found: &mut Found) -> Step<()> {
        let piece = piece(dice);
        let said = self.ask(json!({"how": "checksum", "at": piece})).await?;
        self.received(&said, found).await?;
        let again: Vec<u64> = std::iter::once(0).chain(self.offsets(piece)).collect();
        sent(&said, &again, found);
        let mut statuses = vec![204; again.len()];
        statuses.splice(..1, [460]);
        expect(found, said["statuses"] == json!(statuses), || {
            format!("was answered {}", said["statuses"])
        });
        Ok(())
    }

    async fn taken_back(&self, dice: &mut Chance, found: &mut Found) -> Step<()> {
        let (half, _) = self.half(dice).await?;
        self.take_back(&half, found).await
    }

    /// What was receipted stays, also when its upload is taken back.
    async fn taken_back_whole(&self, found: &mut Found) -> Step<()> {
        let whole = self.ask(json!({"how": "whole"})).await?;
        self.take_back(&whole, found).await?;
        self.received(&whole, found).await
    }

    async fn half(&self, dice: &mut Chance) -> Step<(Value, u64)> {
        let at = END + dice.below(self.len() - 2 * END);
        let half = self.ask(json!({"how": "half", "at": at})).await?;
        Ok((half, at))
    }

    async fn take_back(&self, upload: &Value, found: &mut Found) -> Step<()> {
        let job = json!({"how": "terminate", "upload": upload["url"]});
        let said = self.ask(job).await?;
        expect(found, said.get("error").is_none(), || said.to_string());
        let stands = self.county.offset(upload).await?;
        expect(found, stands.is_none(), || {
            format!("taken back it stands at {stands:?}")
        });
        Ok(())
    }

    /// Where the pieces of the file begin.
    fn offsets(&self, piece: u64) -> impl Iterator<Item = u64> {
        let len = self.len();
        (0..)
            .map(move |n| n * piece)
            .take_while(move |at| *at < len)
    }
}

fn piece(dice: &mut Chance) -> u64 {
    100_000 + dice.below(150_000)
}

/// Holds that just these requests carried bytes.
fn sent(said: &Value, expected: &[u64], found: &mut Found) {
    let patches = patches(said);
    let same = patches
        .iter()
        .copied()
        .eq(expected.iter().map(|at| Some(*at)));
    expect(found, same, || {
        format!("sent from {patches:?} instead of {expected:?}")
    });
}

/// The offsets of the requests that carried bytes.
fn patches(said: &Value) -> Vec<Option<u64>> {
    let requests = said["requests"].as_array().into_iter().flatten();
    requests
        .filter_map(|request| request.as_str()?.strip_prefix("PATCH"))
        .map(|offset| offset.trim().parse().ok())
        .collect()
}
