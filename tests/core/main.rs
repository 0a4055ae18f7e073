//! Suites of the core, by capability. One binary, so that it links once.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod bindings;
mod comic;
