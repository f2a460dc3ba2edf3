//! The network of a simulation: per phone a link that is up or down, and one set of dice for what goes
//! wrong with a request.

use super::chance::Chance;
use super::clock::Truth;
use super::slow::{Slow, Way};
use super::spoilt::Spoilt;
use super::trace::Trace;
use super::wire;
use axum::Router;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use xunji_device::transport::{Answer, Exchange, Failure, Request, Transport};
use xunji_server::storage::CommitPoint;

/// Requests that are kept to arrive once more, later than others.
const STALE: usize = 4;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    Passes,
    /// It reaches nobody.
    Lost,
    /// The server gets so many thousandths of its body.
    Cut(u64),
    /// The server does it; the answer is lost.
    AnswerLost,
    /// The server gets it twice; the second answer comes back.
    Repeated,
    /// It arrives, and an older one arrives after it once more.
    Reordered,
    /// The server dies on the way: its commit ends at some point.
    ServerDies,
    /// The server gets so many bytes of its body.
    CutAt(u64),
    /// Somebody else answers, or the answer is spoilt on its way.
    Spoilt(Spoilt),
}

/// What all links of a simulation share.
pub struct Net {
    inner: Mutex<Inner>,
    trace: Trace,
    truth: Truth,
    die_at: Arc<AtomicUsize>,
}

struct Inner {
    router: Option<Router>,
    up: Vec<bool>,
    /// One in so many requests goes wrong; 0 is fair weather.
    rough: u64,
    chance: Chance,
    stale: VecDeque<Request>,
    dying: bool,
    cut: u64,
    fates: u64,
    /// What befalls every request of a step, until it is taken back.
    always: Option<(&'static str, Fate)>,
    /// Bytes of files after which the link breaks once.
    cut_after: Option<u64>,
    /// Bytes of files that reached the server.
    delivered: u64,
    /// Bytes of files that left the phones, every time they did.
    spent: u64,
    /// Of these, those that came with a creation whose answer was lost.
    unanswered: u64,
    /// A link in virtual time instead of dice for what a request takes.
    slow: Option<Slow>,
}

impl Net {
    /// Links to a server, all up, in fair weather. `die_at` tells the server at which point of a commit it
    /// dies.
    pub fn new(
        router: Router,
        phones: usize,
        chance: Chance,
        truth: &Truth,
        die_at: &Arc<AtomicUsize>,
    ) -> Arc<Self> {
        Arc::new(Self {
            inner: Mutex::new(Inner {
                router: Some(router),
                up: vec![true; phones],
                rough: 0,
                chance,
                stale: VecDeque::new(),
                dying: false,
                cut: 0,
                fates: 0,
                always: None,
                cut_after: None,
                delivered: 0,
                spent: 0,
                unanswered: 0,
                slow: None,
            }),
            trace: Trace::default(),
            truth: Arc::clone(truth),
            die_at: Arc::clone(die_at),
        })
    }

    /// The server was started anew, or is gone.
    pub fn serve(&self, router: Option<Router>) {
        let mut inner = self.inner();
        inner.router = router;
        inner.dying = false;
    }

    /// One phone's link.
    pub fn set_up(&self, phone: usize, up: bool) {
        if let Some(link) = self.inner().up.get_mut(phone) {
            *link = up;
        }
    }

    /// One more phone, whose link is up.
    pub fn add_phone(&self) {
        self.inner().up.push(true);
    }

    /// One in so many requests goes wrong; 0 is fair weather.
    pub fn set_rough(&self, one_in: u64) {
        self.inner().rough = one_in;
    }

    /// What befalls every request of a step (`sync/push`, `files` …); `None` ends it.
    pub fn set_always(&self, fate: Option<(&'static str, Fate)>) {
        self.inner().always = fate;
    }

    /// Breaks the link once, when so many more bytes of files have arrived.
    pub fn cut_after(&self, bytes: u64) {
        self.inner().cut_after = Some(bytes);
    }

    /// Every link has this rate and this signal.
    pub fn set_slow(&self, slow: Slow) {
        self.inner().slow = Some(slow);
    }

    /// Bytes of files that reached the server.
    pub fn delivered(&self) -> u64 {
        self.inner().delivered
    }

    /// Bytes of files that left the phones, every time they did.
    pub fn spent(&self) -> u64 {
        self.inner().spent
    }

    /// Bytes of files that left the phones along with creations whose answer never came: the phone does not know
    /// where that upload is, and sends its beginning again. After every other break it asks how far the file is.
    pub fn unanswered(&self) -> u64 {
        self.inner().unanswered
    }

    /// Whether the server was to die during the last request.
    pub fn take_dying(&self) -> bool {
        std::mem::take(&mut self.inner().dying)
    }

    /// Requests that were cut or lost their answer.
    pub fn cuts(&self) -> u64 {
        self.inner().cut
    }

    /// Requests that did not simply pass.
    pub fn fates(&self) -> u64 {
        self.inner().fates
    }

    /// Adds to the trace.
    pub fn note(&self, what: &str) {
        let now = self.truth.load(Ordering::Relaxed);
        self.trace.note(&format!("{now} {what}\n"));
    }

    /// The hash of everything that was noted.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meet(&self, phone: usize, request: &Request) -> (Fate, Option<Router>) {
        let mut inner = self.inner();
        let size = request.body.len() as u64;
        let way = match inner.slow {
            Some(slow) => slow.way(self.truth.load(Ordering::Relaxed), size),
            // Every request takes a while; a slow one lets a token age.
            None => Way::Through(40 + i64::try_from(inner.chance.below(2_000)).unwrap_or(0)),
        };
        let (Way::Through(took) | Way::NoSignal(took) | Way::Ends(took, _)) = way;
        self.truth.fetch_add(took, Ordering::Relaxed);
        let up = inner.up.get(phone).copied().unwrap_or(false);
        let fate = match way {
            _ if !up || inner.router.is_none() => Fate::Lost,
            Way::NoSignal(_) => Fate::Lost,
            // The body is whole at the server, and the answer finds no signal.
            Way::Ends(_, sent) if sent == size => Fate::AnswerLost,
            Way::Ends(_, sent) => Fate::CutAt(sent),
            Way::Through(_) => inner.fate_of(request),
        };
        inner.spend(request, fate);
        inner.fates += u64::from(fate != Fate::Passes);
        inner.cut += u64::from(!matches!(
            fate,
            Fate::Passes | Fate::Repeated | Fate::Reordered
        ));
        (fate, inner.router.clone())
    }

    /// The server dies with the request under way; gives the point of its commit.
    fn doomed(&self) -> usize {
        let mut inner = self.inner();
        inner.dying = true;
        inner.chance.index(CommitPoint::ALL.len())
    }

    fn kept(&self, request: &Request) -> Option<Request> {
        let mut inner = self.inner();
        inner.stale.push_back(request.clone());
        if inner.stale.len() > STALE {
            inner.stale.pop_front();
        }
        let at = inner.chance.below(STALE as u64);
        inner.stale.get(usize::try_from(at).unwrap_or(0)).cloned()
    }

    async fn carry(&self, phone: usize, request: Request) -> Result<Answer, Failure> {
        let (fate, router) = self.meet(phone, &request);
        let said = format!(
            "{phone} {} {} {fate:?}",
            request.method,
            step_of(&request.path)
        );
        let (Some(router), false) = (router, fate == Fate::Lost) else {
            self.note(&said);
            return Err(Failure::Unreachable);
        };
        let answer = self.deliver(&router, fate, request).await;
        let status = answer.as_ref().map_or(0, |a| a.status);
        self.note(&format!("{said} {status}"));
        answer
    }

    async fn deliver(
        &self,
        router: &Router,
        fate: Fate,
        request: Request,
    ) -> Result<Answer, Failure> {
        let old = self.kept(&request);
        match fate {
            Fate::Passes | Fate::Lost => wire::ask(router, request, None).await,
            Fate::Cut(share) => {
                let bytes = request.body.len() * usize::try_from(share).unwrap_or(0) / 1000;
                let _ = wire::ask(router, request, Some(bytes)).await;
                Err(Failure::Cut)
            }
            Fate::CutAt(bytes) => {
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
                let _ = wire::ask(router, request, Some(bytes)).await;
                Err(Failure::Cut)
            }
            Fate::Spoilt(how) => how.answer(router, request).await,
            Fate::AnswerLost => {
                let _ = wire::ask(router, request, None).await;
                Err(Failure::Cut)
            }
            Fate::Repeated => {
                let _ = wire::ask(router, request.clone(), None).await;
                wire::ask(router, request, None).await
            }
            Fate::Reordered => {
                let answer = wire::ask(router, request, None).await;
                if let Some(old) = old {
                    let _ = wire::ask(router, old, None).await;
                }
                answer
            }
            Fate::ServerDies => {
                let point = self.doomed();
                self.die_at.store(point, Ordering::Relaxed);
                let _ = wire::ask(router, request, None).await;
                self.die_at.store(usize::MAX, Ordering::Relaxed);
                Err(Failure::Cut)
            }
        }
    }
}

impl Inner {
    fn spend(&mut self, request: &Request, fate: Fate) {
        if step_of(&request.path) != "files" {
            return;
        }
        let size = request.body.len() as u64;
        let sent = match fate {
            Fate::Lost => return,
            Fate::Cut(share) => size * share / 1000,
            Fate::CutAt(bytes) => bytes.min(size),
            Fate::Repeated => size * 2,
            _ => size,
        };
        self.spent += sent;
        let answered = matches!(fate, Fate::Passes | Fate::Repeated | Fate::Reordered);
        if request.method == "POST" && !answered {
            self.unanswered += sent;
        }
    }

    fn fate_of(&mut self, request: &Request) -> Fate {
        let step = step_of(&request.path);
        if let Some((befallen, fate)) = self.always
            && befallen == step
        {
            return fate;
        }
        if step != "files" || request.body.is_empty() {
            return self.draw();
        }
        let size = request.body.len() as u64;
        let cut = self.cut_after.filter(|left| *left < size);
        match (cut, &mut self.cut_after) {
            (Some(left), after) => {
                *after = None;
                self.delivered += left;
                return Fate::CutAt(left);
            }
            (None, Some(left)) => *left -= size,
            (None, None) => {}
        }
        self.delivered += size;
        self.draw()
    }

    fn draw(&mut self) -> Fate {
        if self.rough == 0 || !self.chance.one_in(self.rough) {
            return Fate::Passes;
        }
        match self.chance.below(8) {
            0 => Fate::Lost,
            1..=3 => Fate::Cut(self.chance.below(1001)),
            4 => Fate::AnswerLost,
            5 => Fate::Repeated,
            6 => Fate::Reordered,
            _ => Fate::ServerDies,
        }
    }
}

/// The step a path belongs to, without the ids in it: they differ from county to county.
fn step_of(path: &str) -> &str {
    let known = [
        "sync/hello",
        "sync/push",
        "sync/pull",
        "sync/compare",
        "sync/records",
        "sync/drafts",
        "files",
        "blobs",
        "enrol",
    ];
    known
        .into_iter()
        .find(|step| path.contains(step))
        .unwrap_or("other")
}

/// One phone's end of the net.
pub struct Link {
    /// The net.
    pub net: Arc<Net>,
    /// Whose.
    pub phone: usize,
}

impl Transport for Link {
    fn exchange(&self, request: Request) -> Exchange<'_> {
        Box::pin(self.net.carry(self.phone, request))
    }
}
