//! A phone of ours, enrolled at our server, whose files go to a server of somebody else.

use super::county::County;
use super::{NodeServer, expect};
use crate::link::{Direction, Line, Link, Profile};
use crate::market::{Step, Stopped};
use crate::sim::chance::Chance;
use crate::sim::checks::Found;
use crate::sim::file::{noise, queue};
use crate::sim::image::{call, copy};
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use xunji_device::clock::{SystemClock, SystemEntropy};
use xunji_device::keystore::FileKeyStore;
use xunji_device::runner::{Took, run_until, sync_state, take_turn};
use xunji_device::sync::plan::Goal;
use xunji_device::transport::http::HttpTransport;
use xunji_device::transport::{Answer, Exchange, Failure, Request, Transport};
use xunji_device::{Device, Parts};
use xunji_domain::county::MAIN_STATION;
use xunji_protocol::steps::files::{OFFSET, PATH};
use xunji_protocol::version;

/// What happens on the way of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journey {
    /// Nothing.
    Whole,
    /// The line is cut while the upload is created.
    CutInCreation,
    /// The line is cut later.
    Cut,
    /// The phone is closed in the middle and opened again from its folder.
    PhoneRestarted,
    /// The server is killed in the middle and started again on its uploads.
    ServerRestarted,
}

/// Bytes of a file.
const LEAST: u64 = 500_001;
const MORE: u64 = 400_000;
/// Headers, and at a cut what was in flight: never the file from its beginning.
const BESIDE: u64 = 300_000;
/// A file that is not there by then never will be.
const PATIENCE: Duration = Duration::from_secs(60);
/// After a turn that failed or had nothing to do.
const PAUSE: Duration = Duration::from_millis(50);

/// A phone that was enrolled and filled and then closed, and the server its copies send to.
pub struct Peer {
    folder: PathBuf,
    uploads: PathBuf,
    node: NodeServer,
    phones: u64,
}

/// What the phone asked the foreign server, and what was answered.
#[derive(Clone, Debug)]
struct Asked {
    method: &'static str,
    /// Where its bytes begin.
    from: Option<u64>,
    /// Where the server said that the upload stands; `None` without an answer.
    stands: Option<u64>,
}

type Heard = Arc<Mutex<Vec<Asked>>>;

impl Peer {
    /// Starts the foreign server and fills a phone.
    ///
    /// # Errors
    /// The foreign server is not installed; the phone was not filled.
    pub async fn begin(county: &County, folder: &Path) -> Step<Self> {
        let uploads = folder.join("node-uploads");
        std::fs::create_dir_all(&uploads).map_err(|e| Stopped::at("uploads", e))?;
        let peer = Self {
            folder: folder.to_owned(),
            node: NodeServer::start(&uploads).await?,
            uploads,
            phones: 0,
        };
        let code = county.server.enrol_code(MAIN_STATION).await?;
        let server = format!("http://{}", county.server.address);
        let ways = TwoWays::new(
            county.server.address,
            county.server.address,
            Heard::default(),
        )?;
        let home = peer.home();
        aside(move || {
            std::fs::create_dir_all(&home).map_err(|e| Stopped::at("phone", e))?;
            let device = open(&home, ways)?;
            let enrol = json!({"cmd": "enrol", "server_url": server, "code": code});
            call(&device, enrol)?;
            let report =
                run_until(&device, Goal::Pulled, 60_000).map_err(|e| Stopped(e.sentence))?;
            match report.reached {
                true => Ok(()),
                false => Err(Stopped("the phone was not filled".to_owned())),
            }
        })
        .await?;
        Ok(peer)
    }

    fn home(&self) -> PathBuf {
        self.folder.join("phone")
    }

    /// A copy of the phone sends one file.
    ///
    /// # Errors
    /// The file never arrived; a program does not start.
    pub async fn meet(
        &mut self,
        county: &County,
        journey: Journey,
        dice: &mut Chance,
    ) -> Step<Found> {
        self.phones += 1;
        let home = self.folder.join(format!("phone{}", self.phones));
        copy(&self.home(), &home)?;
        let size = LEAST + dice.below(MORE);
        let bytes = noise(dice, usize::try_from(size).unwrap_or(0));
        let link = Link::start(0, self.address(), 10).await;
        let link = link.map_err(|e| Stopped::at("line", e))?;
        link.set(Line::Up(Profile::CLEAR));
        let mut phone = Sender {
            ours: county.server.address,
            home,
            link,
            heard: Heard::default(),
            device: None,
        };
        phone.open().await?;
        phone.queue(bytes.clone()).await?;
        if let Some(after) = journey.cut(size, dice) {
            phone.link.cut_after(Direction::Up, after);
        }
        let mut found = Found::default();
        if journey.ends_somebody() {
            phone.until_cut().await?;
            let before = phone.heard().len();
            self.restart(journey, &mut phone).await?;
            phone.until_arrived(&self.uploads, &bytes).await?;
            goes_on(&phone.heard().split_off(before), &mut found);
        } else {
            phone.until_arrived(&self.uploads, &bytes).await?;
        }
        phone.holds(journey, size, &mut found).await?;
        phone.close().await?;
        let _ = std::fs::remove_dir_all(&phone.home);
        Ok(found)
    }

    async fn restart(&mut self, journey: Journey, phone: &mut Sender) -> Step<()> {
        if journey == Journey::PhoneRestarted {
            phone.close().await?;
            return phone.open().await;
        }
        self.node.kill().await?;
        self.node = NodeServer::start(&self.uploads).await?;
        phone.link.set_upstream(self.address());
        Ok(())
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.node.port))
    }
}

impl Journey {
    fn ends_somebody(self) -> bool {
        matches!(self, Self::PhoneRestarted | Self::ServerRestarted)
    }

    /// Bytes after which the line is cut.
    fn cut(self, size: u64, dice: &mut Chance) -> Option<u64> {
        match self {
            Self::Whole => None,
            // Within what our phone sends along with a creation.
            Self::CutInCreation => Some(2_000 + dice.below(10_000)),
            _ => Some(150_000 + dice.below(size - 300_000)),
        }
    }
}

/// After a restart the phone asks first, and goes on where it is told that the upload stands.
fn goes_on(asked: &[Asked], found: &mut Found) {
    let mut answered = asked.iter().filter(|one| one.stands.is_some());
    let first = answered.next();
    let stands = first.filter(|one| one.method == "HEAD");
    let stands = stands.and_then(|one| one.stands).unwrap_or(0);
    let next = asked.iter().find(|one| one.from.is_some());
    let next = next.and_then(|one| one.from);
    let anew = asked.iter().any(|one| one.method == "POST");
    expect(found, stands > 0 && next == Some(stands) && !anew, || {
        format!("after the restart it did not go on where it was: {asked:?}")
    });
}

/// A running phone.
struct Sender {
    ours: SocketAddr,
    home: PathBuf,
    /// The line its files go over.
    link: Link,
    heard: Heard,
    device: Option<Arc<Device>>,
}

impl Sender {
    async fn open(&mut self) -> Step<()> {
        let ways = TwoWays::new(self.ours, self.link.address(), Arc::clone(&self.heard))?;
        let home = self.home.clone();
        let device = aside(move || {
            let device = open(&home, ways)?;
            device.sync().sync_now(true);
            Ok(device)
        });
        self.device = Some(Arc::new(device.await?));
        Ok(())
    }

    async fn close(&mut self) -> Step<()> {
        let device = self.device.take();
        aside(move || {
            drop(device);
            Ok(())
        })
        .await
    }

    fn device(&self) -> Step<Arc<Device>> {
        let device = self.device.as_ref().map(Arc::clone);
        device.ok_or_else(|| Stopped("the phone is closed".to_owned()))
    }

    fn heard(&self) -> Vec<Asked> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }

    async fn queue(&self, bytes: Vec<u8>) -> Step<()> {
        let (device, home) = (self.device()?, self.home.clone());
        aside(move || queue(&device, &home, &bytes).map(drop)).await
    }

    async fn until_cut(&self) -> Step<()> {
        self.turns(|| self.link.stats().cuts > 0).await
    }

    async fn until_arrived(&self, uploads: &Path, bytes: &[u8]) -> Step<()> {
        self.turns(|| is_among(uploads, bytes)).await
    }

    async fn turns(&self, done: impl Fn() -> bool) -> Step<()> {
        let began = Instant::now();
        while !done() {
            if began.elapsed() > PATIENCE {
                let state = sync_state(&*self.device()?).map_err(|e| Stopped(e.sentence))?;
                return Err(Stopped(format!("{state:?} {:?}", self.heard())));
            }
            let device = self.device()?;
            let turn =
                move || take_turn(&device, Goal::All, &mut None).map_err(|e| Stopped(e.sentence));
            match aside(turn).await? {
                Took::Passed => {}
                Took::Reached | Took::Waits(_) | Took::Failed(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        Ok(())
    }

    async fn holds(&self, journey: Journey, size: u64, found: &mut Found) -> Step<()> {
        let passed = self.link.stats();
        let cuts = u64::from(journey != Journey::Whole);
        expect(found, passed.cuts == cuts, || {
            format!("{} cuts instead of {cuts}", passed.cuts)
        });
        let up = passed.delivered_up;
        expect(found, up < size + BESIDE, || {
            format!("{up} bytes went up for a file of {size}")
        });
        // Their server gives no receipts of ours: to the phone nothing has been received.
        let device = self.device()?;
        let state = aside(move || sync_state(&device).map_err(|e| Stopped(e.sentence)));
        expect(found, !state.await?.all_received, || {
            "a file counts as received without a receipt".to_owned()
        });
        Ok(())
    }
}

/// Everything to our server but files. Theirs does not speak our header, without which the phone takes no
/// answer for one of its server: it is added here.
struct TwoWays {
    ours: HttpTransport,
    theirs: HttpTransport,
    heard: Heard,
}

impl TwoWays {
    fn new(ours: SocketAddr, theirs: SocketAddr, heard: Heard) -> Step<Self> {
        let way = |address: SocketAddr| {
            HttpTransport::new(&format!("http://{address}")).map_err(|e| Stopped::at("http", e))
        };
        Ok(Self {
            ours: way(ours)?,
            theirs: way(theirs)?,
            heard,
        })
    }

    fn note(&self, asked: Asked) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(asked);
    }

    async fn files(&self, request: Request) -> Result<Answer, Failure> {
        let (method, from) = (request.method, offset_of(&request));
        let answer = self.theirs.exchange(request).await;
        let stands = answer.as_ref().ok().and_then(|a| a.header(OFFSET));
        self.note(Asked {
            method,
            from,
            stands: stands.and_then(|offset| offset.parse().ok()),
        });
        let mut answer = answer?;
        let spoken = version::CURRENT.to_string();
        answer.headers.push((version::HEADER.to_owned(), spoken));
        Ok(answer)
    }
}

impl Transport for TwoWays {
    fn exchange(&self, request: Request) -> Exchange<'_> {
        if request.path.starts_with(PATH) {
            Box::pin(self.files(request))
        } else {
            self.ours.exchange(request)
        }
    }
}

/// Where the bytes of a request begin.
fn offset_of(request: &Request) -> Option<u64> {
    let header = request.headers.iter().find(|(name, _)| *name == OFFSET);
    header.and_then(|(_, offset)| offset.parse().ok())
}

fn open(home: &Path, ways: TwoWays) -> Step<Device> {
    let clock = SystemClock::start(&SystemEntropy).map_err(|e| Stopped::at("clock", e))?;
    let parts = Parts {
        clock: Arc::new(clock),
        entropy: Arc::new(SystemEntropy),
        keys: Arc::new(FileKeyStore::at(home.join("key"))),
    };
    let device = Device::open(home, parts).map_err(|e| Stopped::at("phone", e))?;
    device.sync().use_transport(Arc::new(ways));
    Ok(device)
}

/// A phone has a runtime of its own, which is neither asked nor ended inside another.
async fn aside<T: Send + 'static>(act: impl FnOnce() -> Step<T> + Send + 'static) -> Step<T> {
    let done = tokio::task::spawn_blocking(act).await;
    done.map_err(|e| Stopped::at("phone", e))?
}

/// Whether a file of the folder holds just these bytes.
fn is_among(folder: &Path, bytes: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let files = entries.filter_map(Result::ok).map(|entry| entry.path());
    files
        .filter(|path| path.metadata().is_ok_and(|m| m.len() == bytes.len() as u64))
        .any(|path| std::fs::read(path).is_ok_and(|found| found == bytes))
}
