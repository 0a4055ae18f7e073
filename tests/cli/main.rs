//! The command line as scripts use it: the real program, its exit codes and what it prints.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "../stores/authority.rs"]
mod authority;
#[path = "../fake_service/mod.rs"]
mod fake_service;
#[path = "../core/harm.rs"]
mod harm;
#[path = "../stores/servers.rs"]
#[allow(dead_code, reason = "the tests of stores use the rest")]
mod servers;
#[path = "../support/mod.rs"]
mod support;

mod album;
mod comic;
mod decoders;
mod doctor;
mod duplicates;
mod hostile;
mod index;
mod info;
mod killed;
mod models;
mod moves;
mod program;
mod rows;
mod similar;
mod snapshots;
mod store;
mod subject;
mod thumbnail;
mod undo;
