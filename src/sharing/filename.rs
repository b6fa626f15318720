//! A file name from outside made harmless to store, to show and to offer for saving.
//!
//! Does not look at the file's content; its type is sniffed elsewhere.

use crate::sharing::text;

/// Bytes of a cleaned name: file systems take 255, and a suffix may be added.
const LENGTH: usize = 150;

/// Names that some systems take for devices, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The last part of a path, without characters that mean something to a shell, a browser or a file system.
pub(crate) fn clean(name: &str) -> String {
    let line = text::one_line(name);
    let last =
        line.rsplit(['/', '\\']).find(|part| !part.trim_matches(['.', ' ']).is_empty()).unwrap_or_default();
    let name: String = last.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let name = shorten(name.trim_matches(['.', ' ']));
    if name.is_empty() {
        return "attachment".to_owned();
    }
    if is_device(&name) { format!("_{name}") } else { name }
}

/// Cuts the middle and keeps the ending, by which people and programs know the kind of file.
fn shorten(name: &str) -> String {
    if name.len() <= LENGTH {
        return name.to_owned();
    }
    let ending =
        name.rfind('.').map(|dot| &name[dot..]).filter(|ending| ending.len() <= 20).unwrap_or_default();
    let mut stem = &name[..name.len() - ending.len()];
    stem = &stem[..stem.floor_char_boundary(LENGTH - ending.len())];
    format!("{}{ending}", stem.trim_end_matches(['.', ' ']))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
    });
    numbered || DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_its_path_and_what_could_harm() {
        for (name, clean_name) in [
            ("report.pdf", "report.pdf"),
            ("fire photo 🔥.jpg", "fire photo 🔥.jpg"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\x\\y.txt", "y.txt"),
            ("/etc/", "etc"),
            ("a/../..", "a"),
            ("..", "attachment"),
            ("", "attachment"),
            (" . ", "attachment"),
            (".htaccess", "htaccess"),
            ("a\r\nb\0.txt", "a b .txt"),
            ("gpj.\u{202e}exe", "gpj.exe"),
            ("x<y>:\"z\"|?*.doc", "x_y___z____.doc"),
            ("file.txt. . ", "file.txt"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("com1.log", "_com1.log"),
            ("command.com", "command.com"),
        ] {
            assert_eq!(clean(name), clean_name, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_whole_characters() {
        let long = clean(&format!("{}.tar.gz", "ä".repeat(400)));
        assert!(long.len() <= LENGTH && long.ends_with("ä.gz"), "{long}");
        let odd = clean(&format!("a.{}", "🔥".repeat(400)));
        assert!(odd.len() <= LENGTH && odd.starts_with("a.🔥"), "{odd}");
    }
}
