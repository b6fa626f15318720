//! What many rules cost. What they do is told in stories.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use super::*;
use crate::desk::directory;
use crate::desk::receive::understood::Understood;
use crate::mail::classify::judge;
use crate::mail::parse::Limits;
use crate::mail::parse::parse;

const RULES: usize = 200;
const MAIL: &[u8] = include_bytes!("../../../tests/mail/reply-gmail-en.eml");

/// Each looks at something else, so that none is spared; one in twenty fires.
fn config() -> Config {
    let mut text =
        "[[smtp]]\nname = \"out\"\ndirectory = \"out\"\n[[queues]]\nslug = \"support\"\ntitle = \"Support\"
        address = \"support@desk.test\"\nsmtp = \"out\"\n"
            .to_owned();
    for n in 0..RULES {
        let when = match n % 4 {
            0 => format!("subject = \"invoice {n}|rechnung {n}\""),
            1 => format!("sender = \"*@customer{n}.test\""),
            2 => format!("header = {{ X-Shop = \"^A-{n}$\" }}"),
            _ if n % 20 == 3 => "has_file = false".to_owned(),
            _ => format!("recipient = \"support+{n}@*\", locale = \"de\""),
        };
        let entry =
            format!("[[rules]]\nname = \"{n}\"\nwhen = {{ {when} }}\nthen = {{ tags = [\"t{n}\"] }}\n");
        text.push_str(&entry);
    }
    Config::parse(&text, Path::new("test.toml")).expect("the configuration is right")
}

/// The shortest of several runs: another process may have had the machine in the others.
fn shortest(mut run: impl FnMut()) -> Duration {
    let runs = (0..30).map(|_| {
        let begun = Instant::now();
        run();
        begun.elapsed()
    });
    runs.min().unwrap_or_default()
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are wanted with --nocapture")]
fn two_hundred_rules_cost_a_small_part_of_reading_one_mail() {
    let config = config();
    let (rules, own) = (Rules::of(&config), directory::own(&config));
    let mail = parse(MAIL, &Limits::default());
    let look = Look {
        mail: &mail,
        queue: &config.queues[0],
        own: &own,
        authentication: Authentication::Pass,
        has_file: false,
        working: &[],
    };
    assert_eq!(rules.fire(&look).told.len(), RULES / 20);
    let reading = shortest(|| {
        let mail = parse(MAIL, &Limits::default());
        let verdict = judge::judge(&mail, &own);
        drop(Understood::of(mail, verdict));
    });
    let firing = shortest(|| drop(rules.fire(&look)));
    println!("reading {reading:?}, {RULES} rules {firing:?}");
    assert!(firing < reading / 5, "reading takes {reading:?}, {RULES} rules {firing:?}");
}
