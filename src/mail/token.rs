//! Signed marks by which our own mail is known again when somebody answers it.
//!
//! A token names one sent mail and with it a ticket and a recipient. It chooses the ticket only; who is
//! writing, and what he may do, is never read from it.

use crate::ids;
use crate::secret::Keyring;

/// Version of the layout, in the upper half of the first byte.
const VERSION: u8 = 1;
/// Bytes of the MAC that are kept: 80 bits.
const MAC: usize = 10;
/// Version and purpose, key, row, MAC.
const LENGTH: usize = 1 + 2 + 7 + MAC;
/// What our Message-IDs begin with.
const PREFIX: &str = "hd.";

/// What an answer to the marked mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    CustomerReply,
    AgentReply,
    /// By somebody to whom an entry was passed on.
    ThirdParty,
    Bounce,
    Unsubscribe,
    /// None: a mail of ours to ourselves, which no ticket belongs to.
    Probe,
}

/// A token as it was read, not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub purpose: Purpose,
    pub key_id: i64,
    /// The random key of the outgoing row, 56 bits.
    pub row: i64,
    mac: [u8; MAC],
}

/// Makes the token of one mail: 32 characters of lower-case base32.
pub fn sign(keys: &Keyring, purpose: Purpose, row: i64, ticket_uuid: &str, recipient_key: &str) -> String {
    let head = head(purpose, keys.newest_id(), row);
    let mac = keys.sign(&[&head, ticket_uuid.as_bytes(), recipient_key.as_bytes()]);
    let mut bytes = head;
    bytes.extend_from_slice(&mac[..MAC]);
    ids::base32(&bytes)
}

/// Reads a token; nothing if the text has not its form.
pub fn read(text: &str) -> Option<Token> {
    let bytes = ids::from_base32(text).filter(|bytes| bytes.len() == LENGTH)?;
    if bytes[0] >> 4 != VERSION {
        return None;
    }
    let row = bytes[3..10].iter().fold(0, |row, &byte| (row << 8) | i64::from(byte));
    Some(Token {
        purpose: purpose(bytes[0] & 15)?,
        key_id: i64::from(u16::from_be_bytes([bytes[1], bytes[2]])),
        row,
        mac: bytes[10..].try_into().ok()?,
    })
}

/// The token in one of our Message-IDs, given without angle brackets.
pub(crate) fn in_message_id(message_id: &str) -> Option<Token> {
    let (local, _) = message_id.split_once('@')?;
    read(local.strip_prefix(PREFIX)?)
}

/// The token in a plus-address such as `support+TOKEN@example.com`.
pub(crate) fn in_address(address: &str) -> Option<Token> {
    let (local, _) = address.rsplit_once('@')?;
    read(local.rsplit_once('+')?.1)
}

/// The Message-ID, without angle brackets, of the mail that carries `token`.
pub fn message_id(token: &str, domain: &str) -> String {
    format!("{PREFIX}{token}@{domain}")
}

/// `support@example.com` with a token between.
pub(crate) fn plus_address(address: &str, token: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let local = format!("{local}+{token}");
    (local.len() <= 64).then(|| format!("{local}@{domain}"))
}

/// The row key made of random bytes: 56 bits, so that it fits the token.
pub(crate) fn row_key(random: [u8; 8]) -> i64 {
    i64::from_be_bytes(random) & 0x00ff_ffff_ffff_ffff
}

impl Token {
    /// Whether we signed this for that ticket and recipient.
    pub(crate) fn is_genuine(&self, keys: &Keyring, ticket_uuid: &str, recipient_key: &str) -> bool {
        let head = head(self.purpose, self.key_id, self.row);
        keys.verify(self.key_id, &[&head, ticket_uuid.as_bytes(), recipient_key.as_bytes()], &self.mac)
    }
}

fn head(purpose: Purpose, key_id: i64, row: i64) -> Vec<u8> {
    let number: u8 = match purpose {
        Purpose::CustomerReply => 1,
        Purpose::AgentReply => 2,
        Purpose::Bounce => 3,
        Purpose::Unsubscribe => 4,
        Purpose::Probe => 5,
        Purpose::ThirdParty => 6,
    };
    let mut head = vec![(VERSION << 4) | number];
    head.extend_from_slice(&key_id.to_be_bytes()[6..]);
    head.extend_from_slice(&row.to_be_bytes()[1..]);
    head
}

fn purpose(number: u8) -> Option<Purpose> {
    Some(match number {
        1 => Purpose::CustomerReply,
        2 => Purpose::AgentReply,
        3 => Purpose::Bounce,
        4 => Purpose::Unsubscribe,
        5 => Purpose::Probe,
        6 => Purpose::ThirdParty,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::secret::SigningKey;

    use super::*;

    const UUID: &str = "0a8e7c1e-0000-4000-8000-000000000001";

    fn keys(ids: &[i64]) -> Keyring {
        Keyring::new(
            ids.iter().map(|&id| SigningKey { id, bytes: vec![u8::try_from(id).unwrap(); 32] }).collect(),
        )
        .unwrap()
    }

    #[test]
    fn a_token_is_believed_only_for_its_ticket_recipient_and_key() {
        let row = row_key([0xff; 8]);
        let text = sign(&keys(&[1]), Purpose::CustomerReply, row, UUID, "joe@example.com");
        assert!(text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        let token = in_message_id(&message_id(&text, "example.com")).unwrap();
        assert_eq!((token.row, token.purpose), (row, Purpose::CustomerReply));
        assert!(token.is_genuine(&keys(&[1, 2]), UUID, "joe@example.com"), "after a rotation too");
        assert!(!token.is_genuine(&keys(&[2]), UUID, "joe@example.com"), "not when its key is gone");
        assert!(!token.is_genuine(&keys(&[1]), UUID, "eve@example.com"));
        assert!(!token.is_genuine(&keys(&[1]), "another", "joe@example.com"));
    }

    #[test]
    fn a_token_survives_a_server_that_changes_the_case_of_addresses() {
        let text = sign(&keys(&[1]), Purpose::AgentReply, 7, UUID, "a@b");
        let address = plus_address("support@example.com", &text).unwrap().to_uppercase();
        assert!(in_address(&address).unwrap().is_genuine(&keys(&[1]), UUID, "a@b"));
    }

    #[test]
    fn another_purpose_is_another_token() {
        let text = sign(&keys(&[1]), Purpose::CustomerReply, 7, UUID, "a@b");
        let mut bytes = crate::ids::from_base32(&text).unwrap();
        bytes[0] = (VERSION << 4) | 2;
        let forged = read(&crate::ids::base32(&bytes)).unwrap();
        assert_eq!(forged.purpose, Purpose::AgentReply);
        assert!(!forged.is_genuine(&keys(&[1]), UUID, "a@b"));
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in ["", "a", "hd.", &"a".repeat(31), &"a".repeat(32), &"1".repeat(32), &"ü".repeat(32)] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(in_message_id("no-at-sign"), None);
        assert_eq!(in_address("support@example.com"), None);
        assert_eq!(plus_address(&format!("{}@b", "a".repeat(60)), "token"), None);
    }
}
