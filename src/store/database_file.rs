//! The file of an embedded database, and those beside it: for their owner only. Opens none of them.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::private;

/// Makes a new database file that only its owner can read: mails, keys and tokens stand in it as they are.
///
/// SQLite gives the files beside it the same permissions. An existing file keeps its own, and whatever is wrong
/// with the path is said when it is opened.
pub(crate) fn make_private(path: &Path) {
    // A database in memory has a name of another kind.
    let is_file = path.to_str().is_none_or(|name| !name.starts_with("file:") && !name.starts_with(':'));
    if is_file {
        let _ = File::options().write(true).create_new(true).mode(0o600).open(path);
    }
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
