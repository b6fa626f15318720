//! Opening an embedded database: none is made where none is wanted, and a marked file is known by its mark.

use std::fs;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use helpdeskd::store::db::Db;
use helpdeskd::store::db::open::OpenError;

#[tokio::test]
async fn a_database_that_must_be_there_is_not_made() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("desk.db");
    let url = format!("sqlite:{}", file.display());
    assert!(matches!(Db::open_there(&url, 1).await, Err(OpenError::NotThere(path)) if path == file));
    assert!(!file.exists());
    fs::write(&file, "").unwrap();
    assert!(matches!(Db::open_there(&url, 1).await, Err(OpenError::Empty(path)) if path == file));
    Db::open(&url, 1).await.unwrap().close().await;
    Db::open_there(&url, 1).await.unwrap().close().await;
}

#[tokio::test]
async fn a_marked_file_is_written_to_until_it_has_another_mark() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("desk.db");
    let url = format!("sqlite:{}", file.display());
    let mut db = Db::open(&url, 1).await.unwrap();
    let held = Arc::new(ManuallyDrop::new(File::open(&file).unwrap()));
    db.mark(&held, 7).await.unwrap();
    db.write().await.unwrap().rollback().await.unwrap();
    let mut mark = [0; 4];
    held.read_exact_at(&mut mark, 60).unwrap();
    assert_eq!(mark, [0, 0, 0, 7], "it is in the file itself, where SQLite has its user_version");
    File::options().write(true).open(&file).map(ManuallyDrop::new).unwrap().write_all_at(&[8], 63).unwrap();
    let refused = db.write().await.unwrap_err().to_string();
    assert!(refused.contains(&format!("{} was overwritten", file.display())), "{refused}");
    fs::remove_file(&file).unwrap();
    let refused = db.write().await.unwrap_err().to_string();
    assert!(refused.contains(&format!("{} was deleted", file.display())), "{refused}");
}
