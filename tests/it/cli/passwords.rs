//! Passwords that somebody sets by command.

use serde_json::Value;

use crate::support::program::Program;

const INIT: [&str; 11] = [
    "init",
    "--non-interactive",
    "--queue-address",
    "support@desk.test",
    "--no-imap",
    "--smtp-directory",
    "out",
    "--agent-email",
    "alice@staff.test",
    "--agent-name",
    "Alice Agent",
];

fn desk() -> Program {
    let program = Program::new();
    assert_eq!(program.run(&INIT).code, 0);
    program
}

/// Whether the password of this user is kept as a weak one.
fn is_weak(program: &Program, username: &str) -> bool {
    let users: Value =
        serde_json::from_str(&program.run(&["user", "list", "--json"]).out).expect("it is JSON");
    let found = users.as_array().and_then(|users| users.iter().find(|user| user["username"] == username));
    found.expect("there is such a user")["weak_password"].as_bool().expect("it is told")
}

#[test]
fn a_weak_password_is_taken_only_for_the_jutda_api_and_when_that_is_said() {
    let program = desk();
    let add = ["user", "add", "--username", "susan", "--email", "susan@staff.test", "--password-stdin"];
    for (password, words) in [
        ("fido\n", "at least 12 characters"),
        ("passwordpassword\n", "easy to guess"),
        ("susan@staff.test\n", "easy to guess"),
        ("\n", "at least 12 characters"),
    ] {
        let ran = program.run_with(&add, password.as_bytes());
        assert_eq!(ran.code, 65, "{password:?}: {}", ran.err);
        assert!(ran.err.contains(words) && ran.err.contains("--accept-weak-password"), "{}", ran.err);
    }
    let accepting = [&add[..], &["--accept-weak-password"]].concat();
    assert_eq!(program.run_with(&accepting, b"\n").code, 65, "none is no password");
    assert_eq!(program.run_with(&accepting, b"fido\n").code, 0);
    assert!(is_weak(&program, "susan"));
    let passwd = ["user", "passwd", "susan", "--password-stdin"];
    assert_eq!(program.run_with(&passwd, b"rex\n").code, 65);
    assert_eq!(program.run_with(&passwd, b"four seagulls at the quay\n").code, 0);
    assert!(!is_weak(&program, "susan"));
    // The switch does not make a good password a bad one.
    assert_eq!(
        program.run_with(&[&passwd[..], &["--accept-weak-password"]].concat(), b"five seagulls there\n").code,
        0
    );
    assert!(!is_weak(&program, "susan"));
}
