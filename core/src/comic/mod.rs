//! From chosen photos and a prompt to a drawn comic.
//!
//! Reading order: [`prepare`] makes the pictures that leave the machine, [`prompt`] the text, [`cost`] estimates the
//! price, [`plan`] puts them together, [`studio`] draws and keeps, [`providers`] send them and read the stream.

pub mod cost;
pub mod export;
mod plan;
pub mod prepare;
pub mod prompt;
pub mod providers;
pub mod studio;
