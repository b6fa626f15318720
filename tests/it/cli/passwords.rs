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
fn a_weak_password_is_refused_unless_it_is_meant_for_the_jutda_api_alone() {
    let program = desk();
    let add = ["user", "add", "--username", "susan", "--email", "susan@staff.test", "--password-stdin"];
    for password in ["\n", "rex\n"] {
        let ran = program.run_with(&add, password.as_bytes());
        assert_eq!(ran.code, 65, "{password:?}: {}", ran.err);
    }
    let way = "--accept-weak-password takes it for the Jutda API and nothing else";
    let ran = program.run_with(&add, b"fido\n");
    assert_eq!(ran.code, 65, "{}", ran.err);
    assert!(ran.err.contains("at least 12 characters") && ran.err.contains(way), "{}", ran.err);
    assert!(!program.run(&["user", "list"]).out.contains("susan"), "nobody was added");
    let meant = [&add[..], &["--accept-weak-password"]].concat();
    let ran = program.run_with(&meant, b"fido\n");
    assert_eq!((ran.code, ran.err.as_str(), is_weak(&program, "susan")), (0, "", true));
    let passwd = ["user", "passwd", "susan", "--password-stdin"];
    for common in ["passwordpassword\n", "susan@staff.test\n"] {
        let ran = program.run_with(&passwd, common.as_bytes());
        assert_eq!(ran.code, 65, "{common}: {}", ran.err);
        assert!(ran.err.contains("easy to guess") && ran.err.contains(way), "{common}: {}", ran.err);
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

/// There is no switch for it: an agent of a new desk answers mail and uses all doors.
#[test]
fn a_new_desks_agent_has_no_weak_password() {
    let program = Program::new();
    let flags = [&init::FLAGS[..], &["--agent-username", "ali", "--agent-password-stdin"]].concat();
    for weak in [&b"fido\n"[..], b"passwordpassword\n"] {
        let ran = program.run_with(&flags, weak);
        assert_eq!(ran.code, 65, "{}", ran.err);
        assert!(!program.path("config.toml").exists(), "nothing was begun");
    }
    assert_eq!(program.run_with(&flags, b"open wide, sesame\n").code, 0);
}
