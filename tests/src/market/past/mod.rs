//! 120 visits before the county's first day, so that previous answers, repeat offenders and rates are
//! real: planned from a seed, played by real phones, sent through the ordinary push and reviewed at
//! the console. Nothing is written into the server's database by hand.

pub mod calendar;
mod camera;
mod chance;
mod compose;
mod evening;
mod on_site;
mod papers;
mod pen;
pub mod plan;
pub mod play;
mod shown;
#[cfg(test)]
mod tests;
pub mod visit;
mod words;
