//! Suites of the core, by capability. One binary, so that it links once.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod albums;
mod bindings;
mod colors;
mod comic;
mod damage;
mod decode;
mod decoders;
mod edits;
mod effort;
mod faults;
mod favourites;
mod follow;
mod formats;
#[path = "../../fuzz/targets.rs"]
mod fuzz_targets;
mod fuzzed;
mod harm;
mod home;
mod layout;
mod light;
mod look_alikes;
mod metadata;
mod migrations;
mod modules;
mod options;
mod pairs;
mod passes;
mod places;
mod problem_codes;
mod raw;
mod regions;
mod scan;
mod settings;
mod similar;
mod subjects;
mod takeout;
mod tidy;
mod tiff;
mod tray;
mod vanish;
mod warnings;
mod watch;
mod words;
