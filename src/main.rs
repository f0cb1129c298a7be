//! The command line: arguments in, one call, exit code out.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
