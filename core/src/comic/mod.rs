//! From chosen photos and a prompt to a drawn comic.
//!
//! Reading order: [`prepare`] makes the pictures that leave the machine, [`prompt`] the text, together an
//! [`order`]; [`plan`] says how a [`provider`] will be asked, [`studio`] has it drawn and `keep` keeps it in the `folder`, [`providers`] send it and
//! read the stream.

pub mod export;
mod folder;
mod keep;
pub mod order;
mod plan;
pub mod prepare;
pub mod prompt;
pub mod provider;
pub mod providers;
pub mod studio;
