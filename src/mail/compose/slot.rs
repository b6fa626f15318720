//! Places in a frozen text at which a body stands that is kept once for many mails.
//!
//! Only writes and fills them; which body it is says whoever freezes the text.

/// No text of ours has it: what comes from outside is cleaned of it.
const BEGIN: char = '\0';
/// Of the private use area, where nothing has another case or is a blank.
const FIRST: u32 = 0xe000;
/// Bodies of one mail.
const MOST: usize = 1000;

/// In which of its two forms a body stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Html,
}

/// A body in both of its forms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Forms<'a> {
    pub(crate) text: &'a str,
    pub(crate) html: &'a str,
}

/// What stands there until it is filled; none for more bodies than one mail has.
pub(crate) fn mark(number: usize, form: Form) -> Option<String> {
    let number = u32::try_from(number).ok().filter(|_| number < MOST)?;
    let letter = char::from_u32(FIRST + 2 * number + u32::from(form == Form::Html))?;
    Some([BEGIN, letter].into_iter().collect())
}

/// The text with its bodies.
pub(crate) fn filled(frame: &str, bodies: &[Forms<'_>]) -> String {
    let mut pieces = frame.split(BEGIN);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let mut rest = piece.chars();
        if let Some(body) = rest.next().and_then(|letter| body(letter, bodies)) {
            out.push_str(body);
            out.push_str(rest.as_str());
        } else {
            out.push(BEGIN);
            out.push_str(piece);
        }
    }
    out
}

fn body<'a>(letter: char, bodies: &[Forms<'a>]) -> Option<&'a str> {
    let number = u32::from(letter).checked_sub(FIRST)?;
    let body = bodies.get(usize::try_from(number / 2).ok()?)?;
    Some(if number % 2 == 0 { body.text } else { body.html })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_stand_where_their_marks_were_and_nothing_else_is_changed() {
        let [one, two] = [Forms { text: "One", html: "<p>1</p>" }, Forms { text: "Two\0", html: "<p>2</p>" }];
        let mark = |number, form| mark(number, form).unwrap();
        let frame = format!(
            "a{}b{}{}c\0d{}",
            mark(1, Form::Text),
            mark(0, Form::Html),
            mark(0, Form::Text),
            mark(2, Form::Text)
        );
        let filled = filled(&frame, &[one, two]);
        assert_eq!(filled, format!("aTwo\0b<p>1</p>Onec\0d{}", mark(2, Form::Text)));
        assert!(super::mark(MOST, Form::Text).is_none());
    }
}
