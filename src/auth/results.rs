//! The field `Authentication-Results` (RFC 8601 §2.2): who says it, and what each method found.
//!
//! Believes nothing, which is for `trusted` to decide. A field that is not written as it should be is
//! unreadable as a whole: what cannot be told from a quotation may be one.

use crate::auth::text::Cursor;

/// More than these is no work of a mail server.
const MOST_FINDINGS: usize = 100;
const MOST_PROPERTIES: usize = 64;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// The authserv-id as written.
    pub server: String,
    /// None where the field cannot be read.
    pub(crate) findings: Option<Vec<Finding>>,
}

/// What one method found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Finding {
    /// In lower case, such as `dkim`.
    pub method: String,
    /// In lower case, such as `pass`.
    pub result: String,
    /// Names in lower case, such as `header.d`; values as written, without quotes.
    pub(crate) properties: Vec<(String, String)>,
    /// What stands in comments beside them; servers tell a policy there.
    pub comments: String,
}

impl Finding {
    /// The first property of this name.
    pub(crate) fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// What a comment says in the form `name=value`, names in lower case.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = (String, &str)> {
        let words = self.comments.split(|c: char| c.is_whitespace() || ",;()".contains(c));
        words.filter_map(|word| word.split_once('=')).map(|(name, value)| (name.to_ascii_lowercase(), value))
    }
}

/// Whether a field is by this server: its name stands first, exactly so, and nothing with it.
///
/// Mail servers strip forged fields that name them, and each overlooks other spellings of its name: with a dot
/// behind it, quoted, or with a comment before it.
pub(crate) fn is_by(value: &[u8], server: &str) -> bool {
    let before = value.split(|&byte| byte == b';').next().unwrap_or_default();
    let end = before.iter().position(u8::is_ascii_whitespace).unwrap_or(before.len());
    let (name, version) = before.split_at(end);
    name.eq_ignore_ascii_case(server.as_bytes()) && version.trim_ascii().iter().all(u8::is_ascii_alphanumeric)
}

/// Reads the value of a field, unfolded. Nothing if it does not say whose it is.
pub fn parse(value: &[u8]) -> Option<Field> {
    let text = String::from_utf8_lossy(value);
    let mut cursor = Cursor::new(&text);
    cursor.skip_blank();
    let server = cursor.word("=");
    cursor.skip_blank();
    if server.is_empty() || cursor.is_broken() || cursor.next_is('=') {
        return None;
    }
    let version = cursor.word("=");
    let findings = if version.is_empty() || version == "1" { findings(&mut cursor).ok() } else { None };
    Some(Field { server, findings: findings.filter(|_| !cursor.is_broken()) })
}

/// A field that never ends was made to cost time.
struct TooMuch;

fn findings(cursor: &mut Cursor<'_>) -> Result<Vec<Finding>, TooMuch> {
    let mut found = Vec::new();
    loop {
        cursor.skip_to_semicolon();
        if cursor.is_at_end() {
            return Ok(found);
        }
        cursor.take(';');
        found.extend(finding(cursor)?);
        if found.len() > MOST_FINDINGS {
            return Err(TooMuch);
        }
    }
}

/// One method with its result; nothing for `none` and for what is no method.
fn finding(cursor: &mut Cursor<'_>) -> Result<Option<Finding>, TooMuch> {
    cursor.take_comments();
    cursor.skip_blank();
    let method = cursor.word("=/").to_ascii_lowercase();
    cursor.skip_blank();
    let mut version = String::new();
    if cursor.take('/') {
        cursor.skip_blank();
        version = cursor.word("=");
        cursor.skip_blank();
    }
    if method.is_empty() || !cursor.take('=') {
        return Ok(None);
    }
    cursor.skip_blank();
    let result = cursor.word("").to_ascii_lowercase();
    let properties = properties(cursor)?;
    let known = version.is_empty() || version == "1";
    let comments = cursor.take_comments();
    Ok(known.then_some(Finding { method, result, properties, comments }))
}

fn properties(cursor: &mut Cursor<'_>) -> Result<Vec<(String, String)>, TooMuch> {
    let mut found = Vec::new();
    loop {
        cursor.skip_blank();
        if cursor.is_at_end() || cursor.next_is(';') {
            return Ok(found);
        }
        let name = dotted_name(cursor);
        if cursor.take('=') {
            cursor.skip_blank();
            found.push((name, cursor.word("")));
        }
        if found.len() > MOST_PROPERTIES {
            return Err(TooMuch);
        }
    }
}

/// `header.d`, where comments and blanks may stand on both sides of the dot.
fn dotted_name(cursor: &mut Cursor<'_>) -> String {
    let mut name = cursor.word("=").to_ascii_lowercase();
    cursor.skip_blank();
    while (name.ends_with('.') || cursor.next_is('.')) && !cursor.next_is('=') {
        let more = cursor.word("=");
        if more.is_empty() {
            break;
        }
        name.push_str(&more.to_ascii_lowercase());
        cursor.skip_blank();
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `server: method=result name=value, …`, or what is wrong.
    fn shown(value: &str) -> String {
        let Some(field) = parse(value.as_bytes()) else { return "no server".to_owned() };
        let Some(findings) = field.findings else { return format!("{}: unreadable", field.server) };
        let one = |finding: &Finding| {
            let properties = finding.properties.iter().map(|(name, value)| format!(" {name}={value}"));
            format!("{}={}{}", finding.method, finding.result, properties.collect::<String>())
        };
        format!("{}: {}", field.server, findings.iter().map(one).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn fields_of_real_servers_are_read() {
        for (value, expected) in [
            ("mx.desk.test; none", "mx.desk.test: "),
            ("mx.desk.test", "mx.desk.test: "),
            ("mx.desk.test 1; none", "mx.desk.test: "),
            (
                "mx.google.com; dkim=pass header.i=@a.test header.s=s1 header.b=Ab/c+d==; spf=pass (google.com: domain of x@a.test designates 1.2.3.4 as permitted sender) smtp.mailfrom=\"srs0=x\"@a.test; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=a.test",
                "mx.google.com: dkim=pass header.i=@a.test header.s=s1 header.b=Ab/c+d==, spf=pass smtp.mailfrom=srs0=x@a.test, dmarc=pass header.from=a.test",
            ),
            (
                "mx.desk.test; dkim=pass (2048-bit key; unprotected) header.d=a.test header.i=@a.test; dkim-atps=neutral",
                "mx.desk.test: dkim=pass header.d=a.test header.i=@a.test, dkim-atps=neutral",
            ),
            (
                "mx.desk.test; dmarc=fail reason=\"SPF; not aligned (relaxed)\" header.from=a.test;",
                "mx.desk.test: dmarc=fail reason=SPF; not aligned (relaxed) header.from=a.test",
            ),
            ("MX.Desk.Test;DKIM=PASS;DMARC=Pass", "MX.Desk.Test: dkim=pass, dmarc=pass"),
        ] {
            assert_eq!(shown(value), expected);
        }
    }

    #[test]
    fn comments_quotes_and_blanks_may_stand_anywhere() {
        for (value, expected) in [
            (
                "(a (nested \\) one)) mx.test (b) 1 (c) ; (d) dkim (e) = (f) pass (g) header (h) . (i) d (j) = (k) a.test (l)",
                "mx.test: dkim=pass header.d=a.test",
            ),
            ("\"mx.test\"; dkim / 1 = pass", "mx.test: dkim=pass"),
            ("mx.test;\tdkim=pass\t header.d=\"a.test\"", "mx.test: dkim=pass header.d=a.test"),
            (
                "mx.test; spf=pass smtp.mailfrom=\"a;dmarc=pass\\\" b\"@a.test",
                "mx.test: spf=pass smtp.mailfrom=a;dmarc=pass\" b@a.test",
            ),
            ("mx.test; spf=none (; dmarc=pass)", "mx.test: spf=none"),
            ("mx.test; dkim/2=pass; dmarc=none", "mx.test: dmarc=none"),
            ("mx.test; what is this; =; ;; dmarc=none", "mx.test: dmarc=none"),
        ] {
            assert_eq!(shown(value), expected, "{value}");
        }
    }

    #[test]
    fn a_field_that_cannot_be_told_from_a_quotation_is_unreadable() {
        for (value, expected) in [
            ("", "no server"),
            ("; dmarc=pass", "no server"),
            ("(comment", "no server"),
            ("\"mx.test; dmarc=pass", "no server"),
            ("spf=pass smtp.mailfrom=a.test; dmarc=pass header.from=a.test", "no server"),
            ("mx.test 2; dmarc=pass", "mx.test: unreadable"),
            ("mx.test dmarc=pass", "mx.test: unreadable"),
            ("mx.test; dmarc=fail; spf=pass smtp.mailfrom=a(b@a.test", "mx.test: unreadable"),
            ("mx.test; dmarc=pass; spf=pass smtp.mailfrom=\"a@a.test", "mx.test: unreadable"),
        ] {
            assert_eq!(shown(value), expected, "{value}");
        }
        assert_eq!(shown(&format!("mx.test{}", "; dkim=pass".repeat(101))), "mx.test: unreadable");
        assert_eq!(shown(&format!("mx.test; dkim=pass{}", " a.b=c".repeat(65))), "mx.test: unreadable");
    }

    proptest! {
        #[test]
        fn no_field_is_too_odd_to_be_read(value in "[a-z.;=()\\\\\" /\t\u{e9}]{0,200}") {
            let _ = parse(value.as_bytes());
        }

        #[test]
        fn no_bytes_are_too_odd_to_be_read(value in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&value);
        }
    }
}
