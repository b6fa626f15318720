//! Reports of mail that did not arrive, as mail servers write them.

use helpdeskd::store;
use helpdeskd::store::probes::Probe;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

const MAILBOX: &str =
    "[queues.imap]\nhost = \"127.0.0.1\"\ntls = \"none\"\nusername = \"u\"\npassword = \"p\"\n";

/// A report about one of our mails.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where it is sent: the return path of the mail.
    pub to: String,
    pub recipient: String,
    pub action: &'static str,
    pub status: &'static str,
    pub words: &'static str,
    /// Without angle brackets; none where the report encloses nothing.
    pub returned: Option<String>,
}

impl Report {
    /// The mail was refused for good: there is no such address.
    pub fn unknown(ours: &Sent) -> Self {
        Self {
            to: ours.envelope_from.clone(),
            recipient: ours.to.clone(),
            action: "failed",
            status: "5.1.1",
            words: "550 5.1.1 no such user",
            returned: Some(ours.message_id.clone()),
        }
    }

    /// The mailbox is full.
    pub fn full(ours: &Sent) -> Self {
        Self { status: "5.2.2", words: "552 5.2.2 mailbox full", ..Self::unknown(ours) }
    }

    pub fn write(&self) -> Mail {
        let status = format!(
            "Reporting-MTA: dns; mx.customer.test\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: {}\r\nStatus: {}\r\nDiagnostic-Code: smtp; {}\r\n",
            self.recipient, self.action, self.status, self.words
        );
        let report = mail("Mail Delivery System <mailer-daemon@mx.customer.test>", "Undelivered mail")
            .to(&self.to)
            .header("Return-Path", "<>")
            .header("Auto-Submitted", "auto-replied")
            .text("Your mail could not be delivered.")
            .part(&[("Content-Type", "message/delivery-status")], status.as_bytes());
        match &self.returned {
            Some(id) => {
                let head = format!("Message-ID: <{id}>\r\nSubject: x\r\n\r\n");
                report.part(&[("Content-Type", "text/rfc822-headers")], head.as_bytes())
            }
            None => report,
        }
    }
}

/// A desk whose plus-addresses were seen to arrive.
pub async fn probed(on: On) -> TestDesk {
    let desk = TestDesk::with_config(on, MAILBOX).await;
    let probe = Probe {
        queue_id: desk.queue("support"),
        address: "support@desk.test".to_owned(),
        mailbox: desk.app.desk().config.queues[0].imap.as_ref().expect("it has a mailbox").identity(),
        account: "default".to_owned(),
        plus_addresses: "arrive".to_owned(),
        message_ids: "kept".to_owned(),
        authserv_id: None,
        probed_at: desk.now(),
    };
    desk.operator().acts(async |tx| Ok(store::probes::upsert(tx, &probe).await?)).await;
    desk.app.desk().refresh(&desk.app.db).await.expect("it is read");
    desk
}
