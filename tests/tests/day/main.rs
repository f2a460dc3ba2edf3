//! Real phones, a real server and the separate checker: what survives a kill, and what turns red.

mod audit_red;
mod kills;
mod words;
