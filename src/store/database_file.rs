//! The file of an embedded database, and those beside it: for their owner only, and the same file all the time.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

use crate::private;
use crate::private::Beside;
use crate::private::Existing;

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

/// Which file a name stood for when it was opened.
#[derive(Clone, Debug)]
pub struct DatabaseFile {
    path: PathBuf,
    device: u64,
    number: u64,
}

impl DatabaseFile {
    /// None for a database in memory.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let found = path.metadata().ok().filter(|_| is_file(path))?;
        Some(Self { path: path.to_path_buf(), device: found.dev(), number: found.ino() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Fails where the name stands for another file by now, or for none: what is written goes nowhere.
    pub(crate) fn require_in_place(&self) -> io::Result<()> {
        let found = self.path.metadata();
        match found {
            Ok(found) if found.dev() == self.device && found.ino() == self.number => Ok(()),
            Ok(_) => Err(io::Error::other("the database's file was replaced by another: restart helpdeskd")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(io::Error::other("the database's file was deleted: put it back, and restart helpdeskd"))
            }
            Err(error) => Err(error),
        }
    }
}

/// A database in memory has a name of another kind.
fn is_file(path: &Path) -> bool {
    path.to_str().is_none_or(|name| !name.starts_with("file:") && !name.starts_with(':'))
}

/// What stood beside another database of this name, before a restore, may be open to more people than this one.
pub(crate) fn keep_private(file: &Path) {
    for ending in ["-wal", "-shm"] {
        let mut beside = file.as_os_str().to_owned();
        beside.push(ending);
        // Who may not change them is told by `check`.
        let _ = private::be_no_wider_than(file, Path::new(&beside));
    }
}
