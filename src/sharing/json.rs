//! A partner's bytes as a JSON tree, within bounds.
//!
//! Knows nothing of tickets. The bounds are checked on the bytes, before a tree is built from them.

use serde_json::Value;

use crate::sharing::answer::Refusal;
use crate::sharing::limits;

/// Reads one JSON value. Of repeated keys the last one counts, as with the reference parser.
pub fn read(body: &[u8]) -> Result<Value, Refusal> {
    // Some Windows tools put a byte order mark in front; it means nothing.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    check_bounds(body)?;
    serde_json::from_slice(body).map_err(|error| Refusal::invalid(format!("the body is not JSON: {error}")))
}

/// One linear pass: how deep it goes and how many values there can be at most.
fn check_bounds(body: &[u8]) -> Result<(), Refusal> {
    if body.len() > limits::BODY {
        return Err(Refusal::invalid(format!("the body is larger than {} bytes", limits::BODY)));
    }
    let (mut depth, mut values) = (0_usize, 1_usize);
    let (mut in_text, mut escaped) = (false, false);
    for &byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => (depth, values) = (depth + 1, values + 1),
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > limits::DEPTH {
            return Err(Refusal::invalid(format!("the body is nested deeper than {}", limits::DEPTH)));
        }
    }
    if values > limits::VALUES {
        return Err(Refusal::invalid(format!("the body has more than {} values", limits::VALUES)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(body: &str) -> Result<Value, u16> {
        read(body.as_bytes()).map_err(|refusal| refusal.status())
    }

    #[test]
    fn what_is_no_json_is_refused_quietly() {
        for bad in
            ["", " ", "{", "{\"uuid\":\"x\",}", "{\"a\":NaN}", "{}{}", "{'a':1}", "\u{0}", "{\"a\":1e999}"]
        {
            assert_eq!(status(bad), Err(422), "{bad:?}");
        }
        assert_eq!(read(b"{\"a\":\"\xff\"}").unwrap_err().status(), 422);
    }

    #[test]
    fn deep_nesting_and_swarms_of_values_are_refused_before_a_tree_is_built() {
        let nested = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
        assert!(status(&nested(100)).is_ok());
        assert_eq!(status(&nested(101)), Err(422));
        assert_eq!(status(&"[".repeat(3_000_000)), Err(422));
        assert_eq!(status(&format!("[1{}]", ",1".repeat(limits::VALUES))), Err(422));
        assert_eq!(status(&"1".repeat(limits::BODY + 1)), Err(422));
    }

    #[test]
    fn brackets_and_commas_within_text_count_for_nothing() {
        let text = "[,{\\\"".repeat(limits::VALUES);
        assert!(status(&format!("{{\"a\":\"{text}\"}}")).is_ok());
    }

    #[test]
    fn of_repeated_keys_the_last_one_counts() {
        assert_eq!(status("{\"uuid\":\"a\",\"uuid\":\"b\"}").unwrap()["uuid"], "b");
        assert_eq!(status("\u{feff}{\"uuid\":\"a\"}").unwrap()["uuid"], "a");
    }
}
