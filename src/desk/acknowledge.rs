//! How many acknowledgements an address gets: a forger must not use up what a genuine customer needs, nor have us fill
//! somebody's mailbox.
//!
//! Counts only; who gets none at all is said by the mail's class.

use crate::clock::Timestamp;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Acknowledged;
use crate::ticket::authentication::Authentication;

/// Within a day, to one address: of mails that are shown to be its owner's, and of others.
const MOST_PROVEN: i64 = 100;
const MOST_UNPROVEN: i64 = 5;
/// Of the others, to one domain, and to one of a provider of mailboxes for everybody.
const MOST_TO_DOMAIN: i64 = 50;
const MOST_TO_PROVIDER: i64 = 1000;

/// Domains in which people have mailboxes who have nothing else in common.
const PROVIDERS: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "fastmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "o2.pl",
    "onet.pl",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sapo.pt",
    "seznam.cz",
    "sfr.fr",
    "t-online.de",
    "tiscali.it",
    "uol.com.br",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.br",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "ziggo.nl",
];

/// Whether an address may get one more acknowledgement of a mail with this proof.
pub(crate) async fn is_within(
    tx: &mut Tx,
    address: &str,
    proof: Authentication,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let email = Email::of(address);
    let proven = proof == Authentication::Pass;
    let Plain { key, subaddresses } = Plain::of(&email);
    let of = Acknowledged {
        key: &key,
        subaddresses: &subaddresses,
        domain: email.domain(),
        proven,
        since: Timestamp(now.0 - Timestamp::DAY),
    };
    let (to_address, to_domain) = store::outbox::count_acknowledgements(tx, &of).await?;
    let most_to_domain = if PROVIDERS.contains(&email.domain()) { MOST_TO_PROVIDER } else { MOST_TO_DOMAIN };
    Ok(if proven {
        to_address < MOST_PROVEN
    } else {
        to_address < MOST_UNPROVEN && to_domain < most_to_domain
    })
}

/// An address whose subaddresses (RFC 5233) count as itself.
#[derive(Debug, PartialEq, Eq)]
struct Plain {
    key: String,
    subaddresses: String,
}

impl Plain {
    fn of(email: &Email) -> Self {
        let (local, domain) = email.key().rsplit_once('@').unwrap_or((email.key(), ""));
        let plain = local.split_once('+').map_or(local, |(plain, _)| plain);
        let escape = |text: &str| text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        Self {
            key: format!("{plain}@{domain}"),
            subaddresses: format!("{}+%@{}", escape(plain), escape(domain)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subaddresses_are_one_address() {
        for (address, key, pattern) in [
            ("Ann+1@x.test", "ann@x.test", "ann+%@x.test"),
            ("ann@x.test", "ann@x.test", "ann+%@x.test"),
            ("a_b%c!+d+e@x_y.test", "a_b%c!@x_y.test", "a!_b!%c!!+%@x!_y.test"),
        ] {
            let expected = Plain { key: key.to_owned(), subaddresses: pattern.to_owned() };
            assert_eq!(Plain::of(&Email::of(address)), expected);
        }
    }

    #[test]
    fn providers_are_in_the_order_of_the_alphabet_and_written_as_keys() {
        assert!(PROVIDERS.is_sorted());
        assert!(PROVIDERS.iter().all(|domain| Email::key_of(domain) == **domain));
    }
}
