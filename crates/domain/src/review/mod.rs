//! 审核: which records of a batch a reviewer must open before he approves the others, and the ready
//! reasons for 退回. Pure.

mod draw;
mod reasons;

pub use draw::{Draw, draw, sample_size};
pub use reasons::{ReasonError, ReturnReason, return_reasons};
