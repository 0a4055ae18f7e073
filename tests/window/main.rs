//! The window end to end: the real program in its real web view, on a screen of its own, through WebDriver.
//!
//!     npm --prefix ui run build
//!     scripts/with-screen.sh cargo test --features custom-protocol --test window -- --test-threads=1
//!
//! With `FOTONOVELA_SHOTS=DIR` the way through the window leaves screenshots of its main states, and a test that
//! fails leaves one of where it stood.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "../fake_service/mod.rs"]
mod fake_service;

mod photos;
#[path = "../support/python.rs"]
mod python;
mod screen;
mod site;
mod stage;
mod support;

mod clipboard;
mod closing;
mod crash;
mod errors;
mod folders;
mod keyboard;
mod keys;
mod lockdown;
mod locked;
mod outside;
mod problems;
mod scale;
mod scenarios;
mod settings;
mod watching;
mod whole_way;
