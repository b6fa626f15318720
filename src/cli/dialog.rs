//! Questions at a terminal, one line each, with the usual answer in brackets.
//!
//! Knows nothing of what it asks about.

use std::io::BufRead;
use std::io::Write;

use rustix::termios;
use rustix::termios::LocalModes;
use rustix::termios::OptionalActions;
use rustix::termios::Termios;

use crate::cli::failure::Code;
use crate::cli::failure::Failure;

/// More than anybody types in one line.
const LONGEST: u64 = 16 * 1024;

/// Somebody who answers.
pub(crate) struct Dialog<'a> {
    input: &'a mut dyn BufRead,
    output: &'a mut dyn Write,
}

impl std::fmt::Debug for Dialog<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dialog")
    }
}

impl<'a> Dialog<'a> {
    pub fn new(input: &'a mut dyn BufRead, output: &'a mut dyn Write) -> Self {
        Self { input, output }
    }

    /// A line that wants no answer.
    pub fn say(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.output, "{text}")?)
    }

    /// Asks until the answer is accepted; an empty one means `usual`.
    ///
    /// `accept` gives what the answer stands for, or why it is none.
    pub fn ask<T>(
        &mut self,
        question: &str,
        usual: &str,
        mut accept: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        let brackets = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
        loop {
            write!(self.output, "  {question}{brackets}: ")?;
            self.output.flush()?;
            let line = self.line()?;
            let answer = match line.trim() {
                "" => usual,
                answer => answer,
            };
            match accept(answer) {
                Ok(accepted) => return Ok(accepted),
                Err(why) => writeln!(self.output, "    {why}")?,
            }
        }
    }

    /// Asks for anything that is not empty.
    pub fn text(&mut self, question: &str, usual: &str) -> Result<String, Failure> {
        self.ask(question, usual, |answer| match answer {
            "" => Err("an answer is needed".to_owned()),
            _ if answer.chars().any(char::is_control) => Err("it must be plain text".to_owned()),
            answer => Ok(answer.to_owned()),
        })
    }

    pub fn yes(&mut self, question: &str) -> Result<bool, Failure> {
        self.ask(question, "y", |answer| match answer.to_lowercase().as_str() {
            "y" | "yes" => Ok(true),
            "n" | "no" => Ok(false),
            _ => Err("y or n?".to_owned()),
        })
    }

    /// Asks for something that must not be seen; an empty answer is one too.
    pub(crate) fn hidden(&mut self, question: &str) -> Result<String, Failure> {
        write!(self.output, "  {question}: ")?;
        self.output.flush()?;
        let hidden = Hidden::begin();
        let line = self.line();
        if hidden.is_some() {
            writeln!(self.output)?;
        }
        Ok(line?.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        let mut limited = std::io::Read::take(&mut *self.input, LONGEST);
        if limited.read_line(&mut line)? == 0 {
            return Err(Failure::new(Code::NoInput, "the answers ended early; nothing was written"));
        }
        Ok(line)
    }
}

/// While this lives, the terminal does not show what is typed.
struct Hidden {
    before: Termios,
}

impl Hidden {
    /// Nothing when standard input is no terminal.
    fn begin() -> Option<Self> {
        let before = termios::tcgetattr(std::io::stdin()).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        termios::tcsetattr(std::io::stdin(), OptionalActions::Now, &silent).ok()?;
        Some(Self { before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_repeated_until_its_answer_will_do() {
        let (mut input, mut output) = (&b"red\n\n7\n"[..], Vec::new());
        let mut dialog = Dialog::new(&mut input, &mut output);
        let number = |answer: &str| answer.parse::<u16>().map_err(|_| "a number, please".to_owned());
        assert_eq!(dialog.ask("How many", "3", number).unwrap(), 3);
        assert_eq!(dialog.ask("How many", "", number).unwrap(), 7);
        let end = dialog.text("And", "").unwrap_err();
        assert!(end.sentence.contains("nothing was written"), "{}", end.sentence);
        assert_eq!(
            String::from_utf8(output).unwrap(),
            "  How many [3]:     a number, please\n  How many [3]:   How many:   And: "
        );
    }
}
