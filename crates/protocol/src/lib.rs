//! The wire contract, pure: envelopes and bodies, canonical bytes, hash chain, signatures,
//! receipts, verdicts, feeds, framing, bundles, keys in escrow, limits, versions and problem codes. No HTTP, SQL or async.

pub mod body;
pub mod bundle;
pub mod canonical;
pub mod digest;
pub mod envelope;
pub mod escrow;
pub mod feed;
pub mod frame;
pub mod guard;
pub mod keys;
pub mod kinds;
pub mod limits;
pub mod log;
pub mod problem;
pub mod receipt;
pub mod schema;
pub mod segment;
pub mod state;
pub mod steps;
pub mod summary;
pub mod verdict;
pub mod version;

#[cfg(test)]
mod tests;
