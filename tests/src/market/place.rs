//! What the phones' receivers say at the stalls of the played market: a fix in a roofed hall, wide now and then, and none
//! at every sixth visit.

use super::script::Visit;
use serde_json::{Value, json};

/// A made-up market place, 1e-7 degrees.
const MARKET: (i64, i64) = (361_234_000, 1_175_678_000);
/// Between two stalls of a row, 1e-7 degrees: some metres.
const STALL: i64 = 700;

/// The receiver's word when a visit begins.
pub fn told(plan: &Visit) -> Value {
    let minute = plan.start / 60_000;
    if minute % 6 == 5 {
        return json!({"state": "nothing", "why": "not_found"});
    }
    json!({
        "state": "fix",
        "lat_e7": MARKET.0 + minute % 37 * STALL,
        "lon_e7": MARKET.1 + minute % 29 * STALL,
        "accuracy_cm": if minute % 7 == 0 { 6_500 } else { 600 + minute % 11 * 100 },
        "at": plan.start - 2_000,
        "source": "satellite",
    })
}
