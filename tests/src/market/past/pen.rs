//! Signatures as a pen leaves them: two to four strokes that run to the right, each person's and
//! each day's a little different.

use crate::link::schedule::SplitMix;
use serde_json::{Value, json};

/// The strokes of one signature: `[x0, y0, dx, dy, …]` in 1/1000 of the pad's width.
pub fn signature(seed: u64) -> Value {
    let mut random = SplitMix::new(seed);
    let strokes = random.between(2, 4);
    let step = |random: &mut SplitMix, low: i64, high: i64| {
        low + i64::try_from(random.between(0, high.abs_diff(low))).unwrap_or(0)
    };
    let mut x = step(&mut random, 120, 180);
    let drawn: Vec<Value> = (0..strokes)
        .map(|_| {
            let y = step(&mut random, 170, 260);
            let mut line = vec![x, y];
            for turn in 0..random.between(8, 16) {
                let (dx, sign) = (step(&mut random, 4, 22), if turn % 2 == 0 { -1 } else { 1 });
                line.extend([dx, sign * step(&mut random, 12, 46)]);
                x += dx;
            }
            x += step(&mut random, 15, 45);
            json!(line)
        })
        .collect();
    Value::Array(drawn)
}
