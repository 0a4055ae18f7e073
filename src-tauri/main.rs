//! The program: a window without arguments, commands with them.

use std::process::ExitCode;

fn main() -> ExitCode {
    fotonovela::run()
}
