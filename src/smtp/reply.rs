//! A server's reply, read leniently: what a sloppy server means is still an answer.
//!
//! lettre's own reading does not know codes such as 571, nor a line without text, and would take either for
//! no answer at all.

use crate::config::server;

/// One complete reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    /// All its lines as one, with what is unprintable taken out.
    pub text: String,
}

impl Reply {
    /// The first complete reply in `bytes`, and how many bytes it takes.
    pub fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let (mut text, mut used) = (String::new(), 0);
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            if !line.ends_with(b"\n") {
                return None;
            }
            used += line.len();
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end();
            let code = line.get(..3).filter(|code| code.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
            let rest = &line[3..];
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(rest.get(1..).unwrap_or(""));
            if !rest.starts_with('-') {
                return Some((Self { code, text: shown(&text) }, used));
            }
        }
        None
    }

    pub(crate) fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// The enhanced status code, if the text begins with one of the reply's own class.
    pub fn enhanced(&self) -> Option<String> {
        let word = self.text.split_whitespace().next()?;
        let mut parts = word.split('.');
        let class = parts.next()?.parse::<u16>().ok()?;
        let number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let fits = parts.next().is_some_and(number) && parts.next().is_some_and(number);
        (fits && parts.next().is_none() && class == self.code / 100).then(|| word.to_owned())
    }
}

/// What a server offers after EHLO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    pub starttls: bool,
    pub(crate) eight_bit: bool,
    pub(crate) utf8: bool,
    /// The largest message, 0 when there is no limit; `None` when sizes are not spoken of.
    pub size: Option<u64>,
    /// Ways to log in, in upper case.
    pub logins: Vec<String>,
}

impl Offer {
    /// Reads the raw reply to EHLO; a greeting before it does not matter.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut offer = Self::default();
        for line in String::from_utf8_lossy(bytes).lines().filter(|line| line.starts_with("250")) {
            let line = line.get(4..).unwrap_or("").to_ascii_uppercase();
            // Old servers write `AUTH=LOGIN`.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offer.starttls = true,
                Some("8BITMIME") => offer.eight_bit = true,
                Some("SMTPUTF8") => offer.utf8 = true,
                Some("SIZE") => {
                    offer.size = Some(words.next().and_then(|size| size.parse().ok()).unwrap_or(0));
                }
                Some("AUTH") => offer.logins.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        offer
    }
}

fn shown(text: &str) -> String {
    server::one_line(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_as_it_is_meant() {
        for (bytes, expected) in [
            ("250 ok\r\n", Some((250, "ok"))),
            ("250\r\n", Some((250, ""))),
            ("250 ok\n", Some((250, "ok"))),
            ("571 5.7.1 no\r\n", Some((571, "5.7.1 no"))),
            ("550-5.1.1 first\r\n550 5.1.1 second\r\n", Some((550, "5.1.1 first 5.1.1 second"))),
            ("550-first\r\n", None),
            ("250 o", None),
            ("", None),
            ("hello\r\n", None),
            ("25\r\n", None),
        ] {
            let reply = Reply::parse(bytes.as_bytes()).map(|(reply, _)| reply);
            let shown = reply.as_ref().map(|reply| (reply.code, reply.text.as_str()));
            assert_eq!(shown, expected, "{bytes:?}");
        }
        assert_eq!(Reply::parse(b"250 a\r\n421 b\r\n").unwrap().1, 7);
    }

    #[test]
    fn an_enhanced_code_must_agree_with_the_code() {
        for (code, text, expected) in [
            (550, "5.1.1 no such user", Some("5.1.1")),
            (550, "4.1.1 no such user", None),
            (550, "5.1 no such user", None),
            (550, "5.1.1.1 no", None),
            (550, "no such user", None),
            (250, "2.0.0", Some("2.0.0")),
        ] {
            assert_eq!(Reply { code, text: text.to_owned() }.enhanced().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_offer_is_read_in_any_case() {
        let offer = Offer::parse(
            b"250-mail\r\n250-size 1000\r\n250-Auth=Plain LOGIN\r\n250-8bitmime\r\n250 STARTTLS\r\n",
        );
        assert!(offer.starttls && offer.eight_bit && !offer.utf8);
        assert_eq!((offer.size, offer.logins), (Some(1000), vec!["PLAIN".to_owned(), "LOGIN".to_owned()]));
        assert_eq!(Offer::parse(b"220 mail SIZE 1\r\n250-mail\r\n250 SIZE\r\n").size, Some(0));
        assert_eq!(Offer::parse(b"250 mail\r\n"), Offer::default());
    }
}
