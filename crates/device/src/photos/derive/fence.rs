//! The last fence around decoders: a panic or an endless loop over hostile bytes costs one photo
//! its copy and nothing else.

use std::sync::mpsc;
use std::time::Duration;

/// Runs `work` on a thread of its own. `None` when it panicked or took longer than `limit`; a
/// thread that does not come back is left to end by itself, since none can be stopped from outside.
pub fn fenced<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (send, receive) = mpsc::sync_channel(1);
    let spawned = std::thread::Builder::new()
        .name("decode".to_owned())
        .spawn(move || {
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            // Nobody listens any more after the limit.
            let _ = send.send(done.ok());
        });
    spawned.ok()?;
    receive.recv_timeout(limit).ok().flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    #[test]
    fn a_panic_and_a_hang_cost_only_the_result() {
        assert_eq!(fenced(Duration::from_secs(60), || 7), Some(7));
        assert_eq!(
            fenced::<u8>(Duration::from_secs(60), || panic!("hostile bytes")),
            None
        );
        let hang = || {
            std::thread::sleep(Duration::from_secs(3600));
            1
        };
        assert_eq!(fenced(Duration::from_millis(20), hang), None);
    }
}
