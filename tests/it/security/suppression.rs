//! Attempts to have a customer cut off from the desk's mails, or written to again, by mails that anybody can send.

use rstest::rstest;

use helpdeskd::store;
use helpdeskd::store::suppressions::Suppression;
use helpdeskd::ticket::authentication::Authentication;

use crate::support::mail::mail;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::story::On;

/// Ann's mailbox was full, so she gets no automatic mail.
async fn cut_off(on: On, config: &str) -> Office {
    let office = Office::with_config(on, config).await;
    office.operator().cc(1, BOB).await;
    office.operator().comment(1, "Is it hot?").await;
    office.sent().await;
    let suppression = Suppression {
        address_key: ANN.to_owned(),
        address: ANN.to_owned(),
        reason: "mailbox-full".to_owned(),
        detail: "552 5.2.2 full".to_owned(),
        created_at: office.now(),
        expires_at: None,
    };
    let mut tx = office.write().await;
    store::suppressions::upsert(&mut tx, &suppression).await.expect("it is written");
    tx.commit().await.expect("it commits");
    office
}

async fn is_cut_off(office: &Office) -> bool {
    let found = store::suppressions::find(&mut office.read().await, ANN, office.now()).await;
    found.expect("it is read").is_some()
}

#[rstest]
#[case::in_the_open(Authentication::None)]
#[case::unchecked(Authentication::Unknown)]
#[case::refuted(Authentication::Fail)]
#[tokio::test]
async fn a_forged_mail_has_nobody_written_to_again(
    #[case] proof: Authentication,
    #[values("", "trust_unproven = true\n")] trust: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Box::pin(cut_off(on, &format!("{trust}{LISTS}"))).await;
    let anothers = office.told.to(crate::support::office::TEAM).answer("Me.").header("From", ANN);
    for forged in [
        mail(ANN, "Hello"),
        mail(ANN, "Re: [support-1] Printer on fire"),
        mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test"),
        anothers,
    ] {
        office.receive_as(proof, forged).await;
        assert!(is_cut_off(&office).await);
    }
    if proof == Authentication::Fail {
        office.receive_as(proof, office.told.to(ANN).answer("It is me.")).await;
        assert!(is_cut_off(&office).await, "even with her own token");
    }
    office.sent().await;
}

/// She got our mail, so her address works.
#[rstest]
#[tokio::test]
async fn an_address_is_written_to_again_once_it_shows_its_own_token(
    #[values(Authentication::None, Authentication::Unknown, Authentication::Pass)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Box::pin(cut_off(on, LISTS)).await;
    assert_eq!(office.receive_as(proof, office.told.to(ANN).answer("It is hot.")).await, "followup #1");
    assert!(!is_cut_off(&office).await);
    office.sent().await;
}

/// The token of one address says nothing of another.
#[rstest]
#[tokio::test]
async fn anothers_token_has_nobody_written_to_again(
    #[values(Authentication::None, Authentication::Unknown)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Box::pin(cut_off(on, LISTS)).await;
    office.operator().comment(1, "Really?").await;
    let bobs = office.sent().await.to(BOB).clone();
    for from in [ANN, BOB] {
        let id = format!("{from}.x");
        office.receive_as(proof, bobs.answer("Yes.").header("From", from).id(&id)).await;
        assert!(is_cut_off(&office).await, "{from}");
    }
    office.sent().await;
}
