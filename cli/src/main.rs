//! The program `kaohe`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser as _;
use kaohe_cli::{arguments::Arguments, commands};

fn main() -> ExitCode {
    commands::run(&Arguments::parse())
}
