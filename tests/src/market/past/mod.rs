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
pub mod words;

pub use compose::midnight;

/// One of the reasons for which a record goes back: for a test that needs one on a day without.
///
/// # Errors
/// When the built-in words hold none.
pub fn some_return() -> crate::market::Step<words::ReturnWords> {
    let words = words::Words::read()?;
    let first = words.returns.into_iter().next();
    first.ok_or_else(|| crate::market::Stopped("past.toml holds no returns".into()))
}
