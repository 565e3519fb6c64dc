//! `xunhe`: the command line. Everything else is in the library.

use std::process::ExitCode;
use xunhe_server::config::{self, Command};
use xunhe_server::{ops, run};

fn main() -> ExitCode {
    match config::parse(std::env::args_os()) {
        Ok(Command::Serve(flags)) => run::serve(&flags),
        Ok(Command::Operate(operation)) => ops::run(&operation),
        Err(text) => {
            let code = if text.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
            // Nothing is left to be done if the terminal is gone.
            let _ = text.print();
            code
        }
    }
}
