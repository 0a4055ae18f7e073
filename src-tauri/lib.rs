//! The shell: plugs the core into a window and a command line, and knows nothing that either could share.

mod cli;
#[cfg_attr(not(target_os = "linux"), path = "clipboard_of_page.rs")]
mod clipboard;
mod commands;
mod error;
mod events;
mod protocol;
mod texts;
mod window;

use std::process::ExitCode;

use clap::Parser;
use fotonovela_core::library::{Options, default_data_folder};
use fotonovela_core::platform::resources;

/// Runs a command, or opens the window.
pub fn run() -> ExitCode {
    let arguments = cli::Arguments::parse();
    if let Some(cli::Command::DecodeWorker) = arguments.command {
        return cli::decode_worker();
    }
    start_log();
    match &arguments.command {
        Some(command) => cli::run(&arguments, command),
        None => window::open(&arguments),
    }
}

/// What a library is opened with: the folder that was chosen, or the system's own place for data.
fn options(arguments: &cli::Arguments) -> fotonovela_core::error::Result<Options> {
    let data = arguments.library.clone().map_or_else(default_data_folder, Ok)?;
    let store = arguments.store.as_deref().map(str::parse).transpose()?;
    Ok(Options { store, ..Options::new(data, resources::folder()) })
}

/// Warnings and errors go to stderr; FOTONOVELA_LOG asks for more, such as `fotonovela_core=debug`.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("FOTONOVELA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
