//! The `sandbox` program: one bare DHIS2 (`sandbox --version 2.42 --port 8242 --empty`),
//! or a pair with sample data (`sandbox demo --destination 2.42 --source 2.41`).

fn main() -> std::process::ExitCode {
    tributary_sandbox::command::run()
}
