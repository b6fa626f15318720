//! Requests as real clients sent them, for tests.
//!
//! The bytes are in `tests/data/sharing`, one file a request.

/// One captured request.
pub struct Captured {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

macro_rules! captured {
    ($($name:literal),* $(,)?) => {
        /// All of them, in the order of a life of an agreement.
        pub fn all() -> Vec<Captured> {
            vec![$(Captured {
                name: $name,
                bytes: include_bytes!(concat!("../../tests/data/sharing/", $name, ".http")).to_vec(),
            }),*]
        }
    };
}

captured![
    "gem-invite",
    "gem-accept",
    "gem-share",
    "gem-comment",
    "gem-empty-update",
    "gem-unshare",
    "node-invite",
    "node-share",
    "node-deactivate",
];

pub fn named(name: &str) -> Captured {
    all().into_iter().find(|captured| captured.name == name).expect("a captured request of this name")
}

impl Captured {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("captured requests are UTF-8")
    }

    pub fn body(&self) -> Vec<u8> {
        let text = self.text();
        text.split_once("\r\n\r\n").map(|(_, body)| body.as_bytes().to_vec()).expect("a head and a body")
    }

    /// The last segment of the path.
    pub fn id(&self) -> String {
        let text = self.text();
        let path = text.split(' ').nth(1).expect("a request line");
        path.rsplit('/').next().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let text = self.text();
        let head = text.split_once("\r\n\r\n").map(|(head, _)| head).unwrap_or_default();
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(field, value)| field.eq_ignore_ascii_case(name).then(|| value.to_owned()))
    }
}
