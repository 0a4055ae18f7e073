//! Decoding in processes of its own, where foreign bytes can do no harm: a crash, a hang or a blow-up costs one file.
//!
//! ```text
//! this process                                     worker: the same program, `fotonovela decode-worker`
//! Decoders --lends--> Decoder --Job: bytes------->  decode, turn, shrink, encode (worker.rs)
//!                      child.rs <----DecodeOutput-   no files, no network, bounded memory and time (limits.rs)
//! ```
//! Bytes go in and small pictures come out (`wire.rs`); the worker never learns where a file lies.

#[cfg(target_os = "linux")]
mod calls;
mod child;
mod job;
#[cfg(target_os = "linux")]
mod landlock;
mod limits;
mod pool;
pub mod wire;
pub mod worker;

pub use child::Decoder;
pub use job::{DecodeOrder, DecodeOutput, EncodedImage, Encoding, FileDescription, FilePart, Job, Program};
pub use limits::Limits;
pub use pool::Decoders;
