//! The command line as scripts use it: the real program, its exit codes and what it prints.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "../fake_service/mod.rs"]
mod fake_service;
#[path = "../core/harm.rs"]
mod harm;
#[path = "../support/mod.rs"]
mod support;

mod comic;
mod decoders;
mod doctor;
mod hostile;
mod index;
mod killed;
mod program;
mod similar;
mod store;
mod thumbnail;
