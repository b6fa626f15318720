//! The file of an embedded database, and those beside it: for their owner only, and the same file all the time.

use std::fs;
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::private;
use crate::private::Beside;
use crate::private::Existing;

/// Where the header of an SQLite file has its `user_version` (SQLite file format, 1.3): here the mark by which a daemon
/// knows its file.
const MARK_AT: u64 = 60;

/// A database file that stays open as long as the process lives: to close any descriptor of it would take SQLite's own
/// locks from this process.
pub(crate) type KeptOpen = Arc<ManuallyDrop<File>>;

/// Makes a new database file that only its owner can read: mails, keys and tokens stand in it as they are.
///
/// SQLite gives the files beside it the same permissions. An existing file keeps its own, and whatever is wrong
/// with the path is said when it is opened.
pub(crate) fn make_private(path: &Path) {
    if is_file(path) {
        let _ = File::options().write(true).create_new(true).mode(0o600).open(path);
    }
}

/// The file that an address such as `sqlite:desk.db` names; none for a database in memory, or of another kind.
pub(crate) fn of_url(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    if path.is_empty() || path == ":memory:" { None } else { Some(path.into()) }
}

/// Why a database file cannot be written, as far as the file system tells. Opens nothing that SQLite has open.
pub(crate) fn wrong(path: &Path) -> Option<&'static str> {
    match Beside::begin(path, Existing::Replaced).err()?.kind() {
        io::ErrorKind::ReadOnlyFilesystem => Some("its file system is read-only"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("its disk is full"),
        io::ErrorKind::PermissionDenied => Some("this user may not write in its directory"),
        _ => None,
    }
}

/// Takes the mark from a copy, which nobody has open: it is not the file that a daemon serves.
pub(crate) fn unmark(copy: &Path) -> io::Result<()> {
    File::options().write(true).open(copy)?.write_all_at(&[0; 4], MARK_AT)
}

/// Which file a name stood for when it was opened, and what is in it.
#[derive(Clone, Debug)]
pub struct DatabaseFile {
    path: PathBuf,
    device: u64,
    number: u64,
    content: Option<Content>,
}

/// The mark in the header of the file, read beside SQLite.
#[derive(Clone, Debug)]
struct Content {
    file: KeptOpen,
    mark: u32,
    /// What the file had before the mark was written to it.
    before: u32,
    /// Whether it was in the file itself: until then it may stand in the log beside it only.
    is_written: Arc<AtomicBool>,
}

/// What became of the file of an open database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    #[error("the database's file {0} was deleted")]
    Deleted(PathBuf),
    #[error("the database's file {0} was replaced by another")]
    Replaced(PathBuf),
    #[error("the database's file {0} was overwritten with other content")]
    Overwritten(PathBuf),
}

impl DatabaseFile {
    /// None for a database in memory.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let found = path.metadata().ok().filter(|_| is_file(path))?;
        let (device, number) = (found.dev(), found.ino());
        Some(Self { path: path.to_path_buf(), device, number, content: None })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// From now on the file must have this mark, which was written by SQLite after `before` was read.
    pub(crate) fn expect(&mut self, file: KeptOpen, mark: u32, before: u32) {
        self.content = Some(Content { file, mark, before, is_written: Arc::default() });
    }

    /// Fails where the name stands for another file by now, or for none, or where the file has another content: what is
    /// written goes nowhere, or into somebody else's database.
    pub(crate) fn require_in_place(&self) -> io::Result<()> {
        match self.path.metadata() {
            Ok(found) if found.dev() == self.device && found.ino() == self.number => {}
            Ok(_) => return Err(io::Error::other(Lost::Replaced(self.path.clone()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(io::Error::other(Lost::Deleted(self.path.clone())));
            }
            Err(error) => return Err(error),
        }
        match &self.content {
            Some(content) if !content.is_there() => {
                Err(io::Error::other(Lost::Overwritten(self.path.clone())))
            }
            _ => Ok(()),
        }
    }

    /// Where the content of a deleted file can still be had, as long as this process lives.
    pub(crate) fn remains_at(&self) -> Option<String> {
        let number = self.content.as_ref()?.file.as_raw_fd();
        Some(format!("/proc/{}/fd/{number}", std::process::id()))
    }

    /// Takes the log of the lost file away from the one that has its name now, lest SQLite writes it into that. Says where
    /// it is, if there is anything in it.
    pub(crate) fn set_log_aside(&self, now: i64) -> io::Result<Option<PathBuf>> {
        let (log, aside) = (beside(&self.path, "-wal"), beside(&self.path, &format!("-wal.lost-{now}")));
        // Only an index of the log.
        let _ = fs::remove_file(beside(&self.path, "-shm"));
        match log.metadata() {
            Ok(found) if found.len() > 0 => fs::rename(log, &aside).map(|()| Some(aside)),
            Ok(_) => fs::remove_file(log).map(|()| None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Content {
    /// Whatever else cannot be read is for SQLite to tell.
    fn is_there(&self) -> bool {
        match mark_of(&self.file) {
            Ok(found) if found == self.mark => {
                self.is_written.store(true, Ordering::Relaxed);
                true
            }
            Ok(found) => found == self.before && !self.is_written.load(Ordering::Relaxed),
            Err(error) => error.kind() != io::ErrorKind::UnexpectedEof,
        }
    }
}

/// The mark that a file has now; 0 is none.
pub(crate) fn mark_of(file: &File) -> io::Result<u32> {
    let mut mark = [0; 4];
    file.read_exact_at(&mut mark, MARK_AT)?;
    Ok(u32::from_be_bytes(mark))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A database in memory has a name of another kind.
fn is_file(path: &Path) -> bool {
    path.to_str().is_none_or(|name| !name.starts_with("file:") && !name.starts_with(':'))
}

/// What stood beside another database of this name, before a restore, may be open to more people than this one.
pub(crate) fn keep_private(file: &Path) {
    for ending in ["-wal", "-shm"] {
        // Who may not change them is told by `check`.
        let _ = private::be_no_wider_than(file, &beside(file, ending));
    }
}
