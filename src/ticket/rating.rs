//! A customer's rating as they write it in answer to being asked: a number alone in the first line.
//!
//! Whether a mail may hold one at all is decided by whom it is from and what it answers, not here.

/// Longest comment that nobody need act on, in characters.
const SHORT: usize = 500;

/// What a mail says of how a ticket went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating<'a> {
    /// From 1 to 5.
    pub value: i64,
    /// What stands below it.
    pub comment: &'a str,
}

/// Reads a rating; nothing where the first line says anything else.
pub fn read(text: &str) -> Option<Rating<'_>> {
    let text = text.trim_start();
    let (first, comment) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim().trim_matches(['*', '_', '"', '\'', '(', ')', '„', '“', '”', '«', '»']);
    let first = first.trim_end_matches(['.', '!', ',', ';', ')']).trim_end();
    let number = first.strip_suffix("/5").or_else(|| first.strip_suffix("/ 5")).unwrap_or(first).trim_end();
    let mut chars = number.chars();
    let value = match (chars.next()?, chars.next()) {
        (digit @ '1'..='5', None) => i64::from(digit.to_digit(10)?),
        // As they are typed in East Asia.
        (wide @ '１'..='５', None) => i64::from(u32::from(wide) - u32::from('０')),
        _ => return None,
    };
    Some(Rating { value, comment: comment.trim() })
}

impl Rating<'_> {
    /// Whether what stands below the number is a word that an agent must see to: whoever is not content, asks, or has
    /// much to say, wants an answer.
    pub fn wants_answer(&self) -> bool {
        let asks = self.comment.contains(['?', '？', '؟', ';']);
        let long = self.comment.chars().count() > SHORT;
        !self.comment.is_empty() && (self.value <= 3 || asks || long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_alone_in_the_first_line_is_a_rating() {
        for (text, value, comment) in [
            ("5", 5, ""),
            ("\n  4 \n\nThank you!\nAnn", 4, "Thank you!\nAnn"),
            ("*3*\r\nWell.", 3, "Well."),
            ("5/5!", 5, ""),
            ("2.", 2, ""),
            ("４", 4, ""),
        ] {
            assert_eq!(read(text), Some(Rating { value, comment }), "{text}");
        }
        for text in
            ["", "0", "6", "55", "5 printers", "I need 5", "5th", "4/4", "-1", "3,5", "five", "Hi\n5", "1)2"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn praise_asks_for_nobody_and_blame_or_a_question_does() {
        for (text, wants) in [
            ("5", false),
            ("1", false),
            ("5\nGreat, thanks", false),
            ("5\nThanks. Where is my invoice?", true),
            ("3\nIt took long.", true),
        ] {
            assert_eq!(read(text).unwrap().wants_answer(), wants, "{text}");
        }
        let long = format!("5\n{}", "word ".repeat(200));
        assert!(read(&long).unwrap().wants_answer());
    }
}
