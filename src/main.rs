//! The `helpdeskd` program.

fn main() -> std::process::ExitCode {
    helpdeskd::cli::main()
}
