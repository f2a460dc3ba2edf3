//! A simulated county: two to eight phones and the server, the real code of both over real databases,
//! one thing at a time. Time, randomness and the network come from a seed, so that the same seed plays the
//! same day; afterwards the separate checker opens what is left.

pub mod chance;
pub mod checks;
pub mod clock;
pub mod deeds;
pub mod file;
pub mod healing;
pub mod heavy;
pub mod image;
pub mod leaving;
pub mod mirrors;
pub mod moving;
pub mod net;
pub mod play;
pub mod rotting;
pub mod slow;
pub mod spoilt;
pub mod trace;
pub mod wire;
pub mod world;
