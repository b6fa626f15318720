//! A file system of its own on a file, which fails as one on a broken disk does: it is read-only from then on, also for
//! whoever has its files open.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// Mounted as long as this value lives. Needs root, as Postfix does.
#[derive(Debug)]
pub struct LoopDisk(TempDir);

impl LoopDisk {
    pub fn mount(megabytes: u64) -> Self {
        let disk = Self(tempfile::tempdir().expect("a directory is made"));
        let image = File::create(disk.image()).expect("the file is made");
        image.set_len(megabytes << 20).expect("it has a size");
        run(&["mkfs.ext4", "-q"], &[&disk.image()]);
        std::fs::create_dir(disk.place()).expect("a directory is made");
        disk.attach();
        run(&["chmod", "0777"], &[&disk.place()]);
        disk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.place().join(name)
    }

    /// As after an error of the disk.
    pub fn fail(&self) {
        run(&["mount", "-o", "remount,abort"], &[&self.place()]);
    }

    /// The same disk after a restart of the machine. Nobody may have a file of it open.
    pub fn mended(self) -> Self {
        run(&["umount"], &[&self.place()]);
        self.attach();
        self
    }

    fn attach(&self) {
        run(&["mount", "-o", "loop"], &[&self.image(), &self.place()]);
    }

    fn image(&self) -> PathBuf {
        self.0.path().join("image")
    }

    fn place(&self) -> PathBuf {
        self.0.path().join("place")
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        // Lazily: a daemon of a failed test may still have files open.
        run(&["umount", "--lazy"], &[&self.place()]);
    }
}

fn run(words: &[&str], places: &[&Path]) {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let words: Vec<&str> = if is_root { words.to_vec() } else { [&["sudo", "-n"], words].concat() };
    let output = Command::new(words[0]).args(&words[1..]).args(places).output().expect("the program exists");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}
