//! Erasing somebody, killed in the middle: the next run goes on, and nothing of them is left.

use std::fs;
use std::os::unix::process::ExitStatusExt;

use crate::support::mail::mail;
use crate::support::program::Program;

/// At which it is killed here.
pub const MOMENTS: [&str; 1] = ["erase.after_step"];

const CONFIG: &str = "[database]\nurl = \"sqlite:desk.db\"
[[smtp]]\nname = \"default\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n";
const ERASE: [&str; 4] = ["user", "erase", "ann@customer.test", "--yes"];

fn done(program: &Program, arguments: &[&str]) {
    let ran = program.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
}

#[test]
fn erasing_that_was_killed_goes_on_with_the_next_run() {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    done(&program, &["migrate"]);
    for n in 1..=3 {
        let request = mail("Ann Lee <ann@customer.test>", "Printer").text(&format!("It burns in room {n}."));
        let raw: Vec<u8> = request.into();
        let path = program.write("mail.eml", raw);
        done(&program, &["ingest", "--queue", "support", path.to_str().expect("its name is text")]);
    }
    for nth in 1..=3 {
        let moment = format!("{}:{nth}", MOMENTS[0]);
        let killed = program.command(&ERASE).env("HELPDESKD_CRASH", moment).status().expect("it runs");
        assert_eq!(killed.signal(), Some(9), "at the step {nth} of a run");
    }
    done(&program, &ERASE);
    done(&program, &["verify"]);
    for name in program.files().iter().filter(|name| name.starts_with("desk.db")) {
        let bytes = fs::read(program.path(name)).expect("it is read");
        let text = String::from_utf8_lossy(&bytes);
        for trace in ["ann@customer.test", "Ann Lee", "It burns in room"] {
            assert!(!text.contains(trace), "{trace} is in {name}");
        }
    }
}
