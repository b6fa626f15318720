//! A file system of a few megabytes that a test can fill.

use std::fs;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// Mounted as long as this value lives. Needs root, as Postfix does.
#[derive(Debug)]
pub struct SmallDisk(TempDir);

impl SmallDisk {
    pub fn mount(megabytes: usize) -> Self {
        let place = tempfile::tempdir().expect("a directory is made");
        let options = format!("size={megabytes}m,mode=0777");
        run(&["mount", "-t", "tmpfs", "-o", &options, "tmpfs"], place.path());
        Self(place)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Leaves not a byte.
    pub fn fill(&self) {
        let mut filler = File::create(self.path("filler")).expect("the file is made");
        for size in [64 * 1024, 1024, 1] {
            while filler.write(&vec![b'x'; size]).is_ok_and(|written| written > 0) {}
        }
    }

    /// Nobody can write to it, nor make a file on it, while nothing of it is open for that.
    pub fn read_only(&self) {
        run(&["mount", "-o", "remount,ro"], self.0.path());
    }

    pub fn writable(&self) {
        run(&["mount", "-o", "remount,rw"], self.0.path());
    }

    pub fn free(&self) {
        fs::remove_file(self.path("filler")).expect("the file is there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a daemon of a failed test may still have files open.
        run(&["umount", "--lazy"], self.0.path());
    }
}

fn run(words: &[&str], place: &Path) {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let words: Vec<&str> = if is_root { words.to_vec() } else { [&["sudo", "-n"], words].concat() };
    let output = Command::new(words[0]).args(&words[1..]).arg(place).output().expect("the program exists");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}
