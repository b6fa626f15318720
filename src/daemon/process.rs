//! Who this process is, and which others serve the same desk.
//!
//! Says who is surely dead, never who is only silent: a process that was stopped goes on where it was.

use std::path::Path;

use crate::ids::Ids;
use crate::store::processes::Known;
use crate::store::processes::Process;

/// This process, by a name that no other has.
pub(super) fn this(ids: &Ids) -> Process {
    let pid = std::process::id();
    Process { name: format!("{pid}-{}", ids.word()), host: host(), pid: pid.into() }
}

/// Whether a process of this machine is not there any more.
pub(super) fn is_gone(process: &Known) -> bool {
    process.host == host() && !Path::new("/proc").join(process.pid.to_string()).exists()
}

/// The machine, and the container in it: where a number of a process means one process.
fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let numbers = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{name} {}", numbers.display())
}
