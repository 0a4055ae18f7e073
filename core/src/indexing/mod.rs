//! From folders to rows with thumbnails and vectors: what is there is compared with the catalogue, and what photos lack is
//! made.
//!
//! Reading order: [`reconcile`] compares, [`intake`] reads the start of new files, [`passes`] are what is made of a
//! photo, [`pipeline`] hands out what is left to do to [`worker`]s, [`progress`] says how far it is, [`indexer`] runs it all.
//! [`lookup`] reads files of no library.

pub(crate) mod indexer;
pub(crate) mod intake;
pub(crate) mod lookup;
pub(crate) mod passes;
mod pipeline;
mod progress;
mod queue;
pub(crate) mod reconcile;
pub(crate) mod regions;
mod worker;
