//! Passwords that somebody sets by command.

use serde_json::Value;

use crate::cli::init;
use crate::support::program::Program;

fn desk() -> Program {
    let program = Program::new();
    assert_eq!(program.run(&init::FLAGS).code, 0);
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
fn a_weak_password_is_for_the_jutda_api_alone_and_is_warned_of_unless_that_is_meant() {
    let program = desk();
    let add = ["user", "add", "--username", "susan", "--email", "susan@staff.test", "--password-stdin"];
    for password in ["\n", "rex\n"] {
        let ran = program.run_with(&add, password.as_bytes());
        assert_eq!(ran.code, 65, "{password:?}: {}", ran.err);
    }
    let ran = program.run_with(&add, b"fido\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("at least 12 characters. This one opens the Jutda API and nothing else"),
        "{}",
        ran.err
    );
    assert!(is_weak(&program, "susan"));
    let passwd = ["user", "passwd", "susan", "--password-stdin"];
    for common in ["passwordpassword\n", "susan@staff.test\n"] {
        let ran = program.run_with(&passwd, common.as_bytes());
        assert!(ran.err.contains("easy to guess"), "{common}: {}", ran.err);
        assert!(is_weak(&program, "susan"));
    }
    let ran = program.run_with(&passwd, b"four seagulls at the quay\n");
    assert_eq!((ran.code, ran.err.as_str(), is_weak(&program, "susan")), (0, "", false));
    let meant = [&passwd[..], &["--accept-weak-password"]].concat();
    let ran = program.run_with(&meant, b"fido\n");
    assert_eq!((ran.code, ran.err.as_str(), is_weak(&program, "susan")), (0, "", true));
    // The switch does not make a good password a bad one.
    assert_eq!(program.run_with(&meant, b"five seagulls there\n").code, 0);
    assert!(!is_weak(&program, "susan"));
}
