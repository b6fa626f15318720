//! Files that the program writes: private from their first byte, whole or not there, never through a link.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use crate::support::daemon::Daemon;
use crate::support::mail::mail;
use crate::support::program::Program;
use crate::support::program::Ran;
use crate::support::small_disk::SmallDisk;

/// At which a backup is killed here.
pub const MOMENTS: [&str; 1] = ["backup.before_name"];

const CONFIG: &str = "[http]\nlisten = \"127.0.0.1:0\"\n[database]\nurl = \"sqlite:desk.db\"
[[smtp]]\nname = \"default\"\ndirectory = \"outgoing\"
[[queues]]\nslug = \"support\"\ntitle = \"Support\"\naddress = \"support@desk.test\"\n";

/// A desk with one ticket, whose mail has these attachments.
fn desk(names: &[&str]) -> Program {
    let program = Program::new();
    program.write("config.toml", CONFIG);
    done(&program, &["migrate"]);
    let request = mail("ann@customer.test", "Printer on fire");
    let request = names.iter().fold(request, |mail, name| mail.attachment(name, "text/plain", b"new"));
    let raw: Vec<u8> = request.into();
    let path = program.write("mail.eml", raw);
    done(&program, &["ingest", "--queue", "support", path.to_str().expect("its name is text")]);
    program
}

fn done(program: &Program, arguments: &[&str]) -> Ran {
    let ran = program.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    ran
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode()
        & 0o777
}

fn names(directory: &Path) -> Vec<String> {
    let listed = fs::read_dir(directory).expect("the directory is listed");
    let mut names: Vec<String> =
        listed.map(|entry| entry.expect("it is listed").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_for_its_owner_only_and_so_is_what_is_restored_from_it() {
    let program = desk(&[]);
    done(&program, &["backup", "copy.db"]);
    assert_eq!(mode(&program.path("copy.db")), 0o600);
    let restored = Program::new();
    restored.write("config.toml", CONFIG);
    fs::copy(program.path("copy.db"), restored.path("desk.db")).unwrap();
    // What was left of the database before.
    for stale in ["desk.db-wal", "desk.db-shm"] {
        restored.write(stale, "");
        fs::set_permissions(restored.path(stale), fs::Permissions::from_mode(0o644)).unwrap();
    }
    let serving = Daemon::launch(&mut restored.command(&["serve"]));
    serving.until_logged("serving on");
    let modes = ["desk.db", "desk.db-wal", "desk.db-shm"].map(|name| mode(&restored.path(name)));
    assert_eq!(modes, [0o600; 3], "{modes:?}");
    serving.stop();
}

#[test]
fn a_backup_replaces_nothing_and_follows_no_link() {
    let program = desk(&[]);
    program.write("victim", "old");
    symlink(program.path("victim"), program.path("link")).unwrap();
    symlink(program.path("nowhere"), program.path("dangling")).unwrap();
    for name in ["victim", "link", "dangling"] {
        let ran = program.run(&["backup", name]);
        assert_eq!(ran.code, 65, "{name}: {ran:?}");
        assert!(ran.err.contains("exists") || ran.err.contains("is a link"), "{}", ran.err);
    }
    assert_eq!((program.read("victim").as_str(), program.path("nowhere").exists()), ("old", false));
    assert!(program.files().iter().all(|name| !name.contains("part")), "{:?}", program.files());
}

#[test]
fn a_backup_that_was_killed_leaves_no_file_of_its_name_and_the_next_one_works() {
    let program = desk(&[]);
    let killed = program.command(&["backup", "copy.db"]).env("HELPDESKD_CRASH", MOMENTS[0]).status().unwrap();
    assert_eq!((killed.signal(), program.path("copy.db").exists()), (Some(9), false));
    done(&program, &["backup", "copy.db"]);
    let before = program.files();
    assert!(
        before.contains(&"copy.db".to_owned()) && !before.iter().any(|name| name.contains("part")),
        "{before:?}"
    );
}

#[test]
fn a_backup_onto_a_full_disk_leaves_no_file_of_its_name_and_the_next_one_works() {
    let (program, disk) = (desk(&[]), SmallDisk::mount(4));
    disk.fill();
    let copy = disk.path("copy.db");
    let ran = program.run(&["backup", copy.to_str().unwrap()]);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert_eq!(names(&disk.path("")), ["filler"]);
    disk.free();
    done(&program, &["backup", copy.to_str().unwrap()]);
    assert_eq!(names(&disk.path("")), ["copy.db"]);
}

#[test]
fn exported_attachments_are_private_and_any_name_fits() {
    let long = format!("{}.pdf", "ü".repeat(190));
    let program = desk(&[&long, "same.txt", "same.txt", "../../etc/passwd", ".profile", "gpj.\u{202e}exe"]);
    done(&program, &["ticket", "show", "1", "--export", "made/below"]);
    let made = program.path("made/below");
    let found = names(&made);
    assert_eq!(found.len(), 6, "{found:?}");
    for name in &found {
        assert_eq!(
            (mode(&made.join(name)), fs::read(made.join(name)).unwrap().as_slice()),
            (0o600, &b"new"[..])
        );
        assert!(name.len() <= 255 && !name.chars().any(|c| c.is_control() || c == '\u{202e}'), "{name:?}");
    }
    assert!(found[0].starts_with("1-ü") && found[0].ends_with("ü.pdf"), "{found:?}");
    assert_eq!((mode(&made), mode(&program.path("made"))), (0o700, 0o700));
}

#[test]
fn an_export_replaces_nothing_and_follows_no_link() {
    let program = desk(&["fire.txt"]);
    program.write("victim", "old");
    fs::create_dir(program.path("planted")).unwrap();
    symlink(program.path("victim"), program.path("planted/1-fire.txt")).unwrap();
    fs::create_dir(program.path("elsewhere")).unwrap();
    symlink(program.path("elsewhere"), program.path("way")).unwrap();
    for directory in ["planted", "way"] {
        let ran = program.run(&["ticket", "show", "1", "--export", directory]);
        assert_eq!(ran.code, 65, "{ran:?}");
        assert!(ran.err.contains("is a link"), "{}", ran.err);
    }
    assert_eq!((program.read("victim").as_str(), names(&program.path("elsewhere")).len()), ("old", 0));
    done(&program, &["ticket", "show", "1", "--export", "twice"]);
    let again = program.run(&["ticket", "show", "1", "--export", "twice"]);
    assert!(again.code == 65 && again.err.contains("1-fire.txt exists"), "{again:?}");
}

#[test]
fn check_names_what_others_can_read_and_what_to_do() {
    let program = desk(&[]);
    let quiet = program.run(&["check"]).out;
    assert!(!quiet.contains("can read it") && !quiet.contains("can look into"), "{quiet}");
    program.write("outgoing/1.eml", "a mail");
    program.write("url", "sqlite:desk.db");
    program.write("config.toml", CONFIG.replace("\"sqlite:desk.db\"", "\"file:url\""));
    for (name, mode) in [("desk.db", 0o644), ("outgoing", 0o755), ("url", 0o644)] {
        fs::set_permissions(program.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let told = program.run(&["check"]).out;
    for words in
        ["chmod 600 desk.db", "others on this machine can look into", "chmod -R go-rwx", "holds a secret"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// A shell that lets everybody read new files makes no difference.
#[test]
fn the_mask_of_the_shell_opens_nothing() {
    let program = desk(&["fire.txt"]);
    let config = program.path("config.toml");
    let script = "umask 000; \"$0\" --config \"$1\" backup copy.db && \"$0\" --config \"$1\" ticket show 1 --export out";
    let shell = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_helpdeskd")])
        .arg(&config)
        .current_dir(program.path(""))
        .output()
        .unwrap();
    assert!(shell.status.success(), "{}", String::from_utf8_lossy(&shell.stderr));
    for (name, wanted) in [("copy.db", 0o600), ("out", 0o700), ("out/1-fire.txt", 0o600)] {
        assert_eq!(mode(&program.path(name)), wanted, "{name}");
    }
}
