//! Whether the mails of a story are shown to be their authors'.

use helpdeskd::desk::receive;
use helpdeskd::desk::receive::case;
use helpdeskd::desk::receive::case::Incoming;
use helpdeskd::desk::receive::understood::Understood;
use helpdeskd::mail::classify::judge;
use helpdeskd::mail::journal::Extent;
use helpdeskd::mail::parse;
use helpdeskd::store::inbox;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::authentication::Covers;
use helpdeskd::worker::handle::Item;

use super::TestDesk;

impl TestDesk {
    /// From now on this was found out about mails that arrive. Without this word stories are of mails that are
    /// shown to be their authors'.
    pub fn mails_are(&self, proof: Authentication) {
        self.proof.set(Some(proof));
    }

    /// From now on the desk finds out itself who wrote a mail, from its headers and by its authenticator.
    pub fn checks_mails(&self) {
        self.proof.set(None);
    }

    /// A mail arrives whose author is known, or known not, to be whom it says.
    pub async fn receive_as(&self, authentication: Authentication, mail: impl Into<Vec<u8>>) -> String {
        let Item { received, raw } = self.record("support", mail.into(), Extent::Full).await;
        let mail = parse::parse(&raw, &parse::Limits::default());
        let verdict = judge::judge(&mail, self.app.desk().directory.own());
        let (message_id, digest) = (case::message_id(&mail, &received), mail.content_digest);
        let understood = Understood::of(mail, verdict);
        let (evidence, covers) = ("the test says so", Covers::All);
        let (seals, silence) = (Vec::new(), None);
        let incoming =
            Incoming { received: &received, understood, authentication, evidence, covers, seals, silence };
        let mut tx = self.write().await;
        let desk = self.app.desk();
        let done = Box::pin(receive::receive(&desk, &mut tx, incoming, self.now())).await.expect("it works");
        let outcome = inbox::Outcome {
            outcome: done.outcome,
            reason: done.reason.as_deref(),
            trace: &done.trace.to_json(),
            message_id: Some(&message_id),
            content_digest: &digest,
            ticket_id: done.ticket_id,
            ..inbox::Outcome::default()
        };
        let finished = inbox::finish(&mut tx, received.id, received.attempts, &outcome, self.now()).await;
        assert!(finished.expect("it is written"), "the row was ours");
        tx.commit().await.expect("it commits");
        self.outcome(received.id).await
    }
}
