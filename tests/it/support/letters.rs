//! Plain mails in any number, each from another person.

/// One request. No sender's domain has more people than are acknowledged in a day.
pub fn letter(number: usize, to: &str, text: &str) -> Vec<u8> {
    format!(
        "From: Guest {number} <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\n\
         Message-ID: <letter.{number}.{to}>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\n{text}\r\n",
        from = author(number),
        subject = subject(number),
    )
    .into_bytes()
}

pub fn author(number: usize) -> String {
    format!("guest{number}@d{}.guests.test", number / 25)
}

pub fn subject(number: usize) -> String {
    format!("Request {number:04}")
}
