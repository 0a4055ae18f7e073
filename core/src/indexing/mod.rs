//! From folders to rows with thumbnails and vectors: what is there is compared with the catalogue, and what photos lack is
//! made.
//!
//! Reading order: [`reconcile`] compares, [`intake`] reads the start of new files, [`pipeline`] hands out what is left to
//! do to [`worker`]s, [`progress`] says how far it is, [`indexer`] runs it all.

pub(crate) mod indexer;
pub(crate) mod intake;
mod pipeline;
mod progress;
pub(crate) mod reconcile;
mod worker;
