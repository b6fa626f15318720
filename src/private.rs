//! Files that only their owner can read: whole under their name, or not there at all.
//!
//! Every file with mails, keys or passwords in it is written here. Follows no link that stands where a file
//! should, and says nothing about what is in one.

use std::fs;
use std::fs::DirBuilder;
use std::fs::File;
use std::fs::Permissions;
use std::fs::TryLockError;
use std::io;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

/// File systems count bytes, not characters.
const LONGEST_NAME: usize = 255;
/// An ending longer than this is no kind of file.
const LONGEST_ENDING: usize = 20;
/// Bytes of the final name in the temporary one.
const KEPT_OF_NAME: usize = 200;

/// What is done where something has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, link or file, and writing fails with `AlreadyExists`.
    Refused,
    /// The new file takes its place; where it is a link, the link's.
    Replaced,
}

/// A file that is being written beside its final name. Dropped before [`Beside::finish`], it is gone.
#[derive(Debug)]
pub struct Beside {
    file: File,
    path: PathBuf,
    target: PathBuf,
    existing: Existing,
    is_finished: bool,
}

/// Writes a whole file.
pub fn write(target: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let mut beside = Beside::begin(target, existing)?;
    beside.file.write_all(bytes)?;
    beside.finish()
}

/// Makes a directory that nobody else can look into, and those above it that are missing. One that is there
/// already keeps its mode.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Whether anybody but the owner can read what is there, a file or a directory; false where nothing is.
pub(crate) fn others_can_read(path: &Path) -> bool {
    mode(path).is_some_and(|mode| mode & 0o044 != 0)
}

/// Takes from a file the rights that another one does not give. Nothing happens where either is missing.
pub(crate) fn be_no_wider_than(model: &Path, path: &Path) -> io::Result<()> {
    let (Some(most), Some(now)) = (mode(model), mode(path)) else { return Ok(()) };
    let wider = now & 0o777 & !most;
    if wider == 0 { Ok(()) } else { fs::set_permissions(path, Permissions::from_mode(now & !wider)) }
}

/// A name that any file system takes and that shows what it is: no path, nothing invisible, nothing that turns
/// the direction of what follows. What is too long loses its middle, so that the ending stays.
pub fn file_name(number: usize, name: &str) -> String {
    let shown: String =
        name.chars().map(|c| if "/\\:".contains(c) { '_' } else { c }).filter(|c| shows(*c)).collect();
    let shown = shown.trim();
    // The number keeps equal names apart, and a name such as `.profile` from hiding.
    let whole = format!("{number}-{}", if shown.is_empty() { "file" } else { shown });
    shortened(&whole, LONGEST_NAME)
}

impl Beside {
    /// Makes the file, empty.
    pub fn begin(target: &Path, existing: Existing) -> io::Result<Self> {
        if existing == Existing::Refused && target.symlink_metadata().is_ok() {
            return Err(taken(target));
        }
        let path = beside(target)?;
        clear(&path)?;
        let file = File::options().write(true).create_new(true).mode(0o600).open(&path)?;
        file.try_lock().map_err(busy)?;
        Ok(Self { file, path, target: target.to_path_buf(), existing, is_finished: false })
    }

    /// Where it is until it is finished, for a library that writes by name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable and gives it its name.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        match self.existing {
            Existing::Replaced => fs::rename(&self.path, &self.target)?,
            Existing::Refused => rename_to_new(&self.path, &self.target)?,
        }
        self.is_finished = true;
        File::open(directory_of(&self.target))?.sync_all()
    }
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.is_finished {
            // What cannot be removed is removed by the next one of this name.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Gives a file a name that nothing has. A plain rename would replace what came there meanwhile.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken(to)),
        // Some file systems have no second names.
        Err(_) if to.symlink_metadata().is_ok() => Err(taken(to)),
        Err(_) => fs::rename(from, to),
    }
}

/// Removes what a process that was killed left; what a living one is writing is locked.
fn clear(path: &Path) -> io::Result<()> {
    let Ok(found) = path.symlink_metadata() else { return Ok(()) };
    if found.is_file() {
        File::open(path)?.try_lock().map_err(busy)?;
    }
    fs::remove_file(path)
}

fn beside(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or_else(|| io::Error::other("that is no name of a file"))?;
    let name = name.to_string_lossy();
    let kept = &name[..name.floor_char_boundary(KEPT_OF_NAME)];
    Ok(directory_of(target).join(format!(".{kept}.part")))
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn taken(path: &Path) -> io::Error {
    let what = match path.symlink_metadata() {
        Ok(found) if found.is_symlink() => "is a link, and nothing is written through one",
        _ => "exists, and stays as it is",
    };
    io::Error::new(io::ErrorKind::AlreadyExists, what)
}

fn busy(error: TryLockError) -> io::Error {
    match error {
        TryLockError::WouldBlock => {
            io::Error::new(io::ErrorKind::WouldBlock, "another process is writing it")
        }
        TryLockError::Error(error) => error,
    }
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|found| found.permissions().mode())
}

fn shows(c: char) -> bool {
    // Marks, embeddings, overrides and isolates (UAX #9), and what has no width.
    let turns = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_control() && !turns
}

fn shortened(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let at = name.rfind('.').filter(|at| name.len() - at <= LONGEST_ENDING).unwrap_or(name.len());
    let (stem, ending) = name.split_at(at);
    let kept = &stem[..stem.floor_char_boundary(most - ending.len())];
    format!("{}{ending}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_gets_no_more_rights_than_another_has() {
        let home = tempfile::tempdir().unwrap();
        let (model, wide) = (home.path().join("model"), home.path().join("wide"));
        write(&model, b"", Existing::Refused).unwrap();
        be_no_wider_than(&model, &wide).unwrap();
        fs::write(&wide, "").unwrap();
        fs::set_permissions(&wide, Permissions::from_mode(0o644)).unwrap();
        assert!(
            others_can_read(&wide) && !others_can_read(&model) && !others_can_read(&home.path().join("none"))
        );
        be_no_wider_than(&model, &wide).unwrap();
        assert_eq!(mode_of(&wide), 0o600);
    }

    fn mode_of(path: &Path) -> u32 {
        mode(path).unwrap() & 0o777
    }

    fn names(directory: &Path) -> Vec<String> {
        let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_private_while_it_is_written_and_afterwards() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("secret");
        let mut beside = Beside::begin(&target, Existing::Refused).unwrap();
        assert_eq!((mode_of(beside.path()), target.exists()), (0o600, false));
        beside.write_all(b"x").unwrap();
        beside.finish().unwrap();
        assert_eq!((mode_of(&target), fs::read(&target).unwrap()), (0o600, b"x".to_vec()));
        assert_eq!(names(home.path()), ["secret"]);
        let below = home.path().join("a/b");
        make_directory(&below).unwrap();
        assert_eq!((mode_of(&below), mode_of(&home.path().join("a"))), (0o700, 0o700));
    }

    #[test]
    fn nothing_is_written_through_a_link_or_onto_a_file() {
        let home = tempfile::tempdir().unwrap();
        let (victim, link, nowhere) =
            (home.path().join("victim"), home.path().join("link"), home.path().join("nowhere"));
        fs::write(&victim, "old").unwrap();
        symlink(&victim, &link).unwrap();
        symlink(home.path().join("not there"), &nowhere).unwrap();
        for target in [&victim, &link, &nowhere] {
            let error = write(target, b"new", Existing::Refused).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "{error}");
        }
        assert_eq!(fs::read(&victim).unwrap(), b"old");
        // A link in the place of a file that is replaced goes, and not what it leads to.
        write(&link, b"new", Existing::Replaced).unwrap();
        assert_eq!(
            (fs::read(&victim).unwrap(), fs::read(&link).unwrap()),
            (b"old".to_vec(), b"new".to_vec())
        );
        assert_eq!(names(home.path()), ["link", "nowhere", "victim"]);
    }

    #[test]
    fn what_came_to_the_name_meanwhile_stays() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("file");
        let beside = Beside::begin(&target, Existing::Refused).unwrap();
        fs::write(&target, "another's").unwrap();
        assert_eq!(beside.finish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(
            (fs::read(&target).unwrap(), names(home.path())),
            (b"another's".to_vec(), vec!["file".to_owned()])
        );
    }

    #[test]
    fn what_a_killed_process_left_is_in_nobodys_way_and_a_link_there_is_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let (target, victim) = (home.path().join("file"), home.path().join("victim"));
        fs::write(&victim, "old").unwrap();
        fs::write(home.path().join(".file.part"), "half").unwrap();
        write(&target, b"whole", Existing::Refused).unwrap();
        fs::remove_file(&target).unwrap();
        symlink(&victim, home.path().join(".file.part")).unwrap();
        write(&target, b"whole", Existing::Refused).unwrap();
        assert_eq!(
            (fs::read(&target).unwrap(), fs::read(&victim).unwrap()),
            (b"whole".to_vec(), b"old".to_vec())
        );
        let _writing = Beside::begin(&home.path().join("other"), Existing::Refused).unwrap();
        let second = Beside::begin(&home.path().join("other"), Existing::Refused).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn a_name_fits_in_bytes_and_keeps_its_ending() {
        let long = file_name(12, &format!("{}.pdf", "ü".repeat(190)));
        assert!(long.len() <= LONGEST_NAME && long.starts_with("12-ü") && long.ends_with("ü.pdf"), "{long}");
        assert!(file_name(1, &"ü".repeat(300)).len() <= LONGEST_NAME);
        assert!(file_name(1, &format!("a.{}", "b".repeat(400))).len() <= LONGEST_NAME);
        for (given, name) in [
            ("../../etc/passwd", "1-.._.._etc_passwd"),
            (".profile", "1-.profile"),
            ("C:\\x.txt", "1-C__x.txt"),
            ("gpj.\u{202e}exe\n\u{200f}", "1-gpj.exe"),
            (" \0 ", "1-file"),
            ("", "1-file"),
        ] {
            assert_eq!(file_name(1, given), name);
        }
    }
}
