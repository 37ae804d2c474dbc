use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|a| a == "__cas") {
        return proofread::cas::worker::run();
    }
    ExitCode::SUCCESS
}
