//! How long the pages of a full county take. By hand: `cargo test -p xunji-tests --test console measure -- --ignored --nocapture`.

use super::desk::Desk;
use super::visits::{NOON, bring, by_the_others, careful, days_before, register, stall};
use std::time::Instant;
use xunji_tests::conformance::Backend;

#[test]
#[ignore = "prints times; asserts nothing"]
#[allow(clippy::print_stdout, reason = "the times are what it is for")]
fn times_of_a_queue_with_two_hundred_records() {
    let backend = Backend::disk();
    let server = backend.server_showing(NOON);
    let mut phone = backend.phone(&server, 1);
    register(&backend, &server, &mut phone);
    for n in 0..320_usize {
        let failed: &[&str] = if n % 3 == 0 { &["TD4.1", "TD6.2"] } else { &[] };
        let visit = careful(&backend, &stall(&backend, n % 20), n as u128 + 1, failed);
        let visit = if n % 2 == 0 {
            by_the_others(&backend, visit)
        } else {
            visit
        };
        bring(
            &server,
            &mut phone,
            days_before(visit, 90 - n as i64 * 90 / 320),
        );
    }
    let desk = Desk::of(&backend, &server, "所长甲");
    let id = desk.get("/api/console/queue").json()["rows"][0]["id"].clone();
    let pages = [
        "/api/console/queue".to_owned(),
        format!("/api/console/records/{}", id.as_str().unwrap()),
        "/api/console/statistics?from=2026-07-27&to=2026-10-25".to_owned(),
        "/api/console/records?limit=50".to_owned(),
        "/api/console/operators?limit=50".to_owned(),
        "/api/console/search?query=lt".to_owned(),
    ];
    for path in pages {
        let mut times: Vec<u128> = (0..5)
            .map(|_| {
                let begun = Instant::now();
                assert_eq!(desk.get(&path).status, 200);
                begun.elapsed().as_millis()
            })
            .collect();
        times.sort_unstable();
        println!("{:>5} ms  {path}", times[2]);
    }
}
