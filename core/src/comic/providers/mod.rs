//! Services that draw.

pub mod openai;
