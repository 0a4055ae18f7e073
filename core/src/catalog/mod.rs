//! The truth about the library, in SQLite. One writer; thumbnails and vector stores can be rebuilt from here.
//!
//! Reading order: [`files`] applies what a walk or the watcher saw, [`missing`] asks before many are forgotten, [`pairs`]
//! says which files are one photo and [`resolve`] what it shows, [`passes`] says what is left to do, [`work`] hands it out and takes results,
//! [`layout`] and [`photos`] are what the window shows, [`marks`] keeps what the person marked, [`subjects`] what they answered, [`albums`] what they gathered, [`edits`] what they did,
//! [`changes`] is the log of all that, [`regions`] are parts of photos, [`embeddings`] feeds the vector stores, [`folders`],
//! [`others`] counts what is no photo, [`look_alikes`] says which of two copies is better, [`comics`] with the [`ledger`] of requests and the [`tray`] of the next one.

mod album_edits;
mod albums;
mod changes;
mod comics;
mod connection;
mod damage;
mod edits;
mod embeddings;
mod files;
mod filters;
mod folders;
mod layout;
mod ledger;
mod look_alikes;
mod marks;
mod missing;
mod names;
mod open;
mod others;
mod pairs;
mod passes;
mod photos;
mod rebuild;
mod regions;
mod repair;
mod resolve;
mod salvage;
mod steps;
mod subjects;
mod tray;
mod user_data;
mod wording;
mod work;

pub use comics::NewVersion;
pub use connection::{Catalog, now_ms};
pub(crate) use damage::is_busy;
pub use edits::Edited;
pub use embeddings::EmbeddedPoint;
pub use files::{Applied, KnownFile, Probe, ProbeResult, SeenFile};
pub use folders::Root;
pub(crate) use folders::deepest;
pub use ledger::{Bill, NewRequest};
pub use look_alikes::ComparedPhoto;
pub use missing::Vanished;
pub use passes::{PassCount, Stage};
pub use rebuild::{Mishap, Rebuilt};
pub use regions::NewRegion;
pub use wording::PhotoText;
pub use work::{Counts, FileId, Finished, Outcome, WorkItem};
