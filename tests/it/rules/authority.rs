//! Who may do what: every use case, called as everybody who can be its actor.
//!
//! What each door finds out before it calls one, such as whether a partner shares the ticket, is tested there.

mod people;
pub mod trial;

use helpdeskd::desk::DeskError;
use helpdeskd::desk::actor::Kind;
use helpdeskd::desk::authority;
use helpdeskd::desk::authority::Act;
use helpdeskd::desk::authority::Right;
use rstest::rstest;

use self::people::Someone;
use self::trial::Trial;
use crate::support::story::On;

/// The submitter and whoever is copied take part in the ticket; the outsider is another customer, the retired agent is
/// disabled, and the stranger wrote in the submitter's name without proof.
const TABLE: &str = "\
act         operator clock agent admin retired submitter copied outsider stranger program partner
Open        yes      -     yes   yes   yes     yes       yes    yes      yes      yes     yes
Comment     yes      -     yes   yes   -       yes       yes    -        -        yes     yes
Note        yes      -     yes   yes   -       yes       yes    -        -        yes     yes
Resolve     yes      -     yes   yes   -       -         -      -        -        yes     yes
Close       yes      yes   yes   yes   -       -         -      -        -        yes     yes
Reopen      yes      -     yes   yes   -       yes       yes    -        -        yes     yes
Assign      yes      -     yes   yes   -       -         -      -        -        yes     -
Hold        yes      -     yes   yes   -       -         -      -        -        yes     -
Unhold      yes      -     yes   yes   -       -         -      -        -        yes     -
Wake        -        yes   -     -     -       -         -      -        -        -       -
HoldThere   -        -     -     -     -       -         -      -        -        -       yes
Prioritise  yes      -     yes   yes   -       -         -      -        -        yes     -
Move        yes      -     yes   yes   -       -         -      -        -        yes     -
Rename      yes      -     yes   yes   -       -         -      -        -        yes     yes
Retype      yes      -     yes   yes   -       -         -      -        -        yes     -
Due         yes      -     yes   yes   -       -         -      -        -        yes     -
Merge       yes      -     yes   yes   -       -         -      -        -        yes     -
Split       yes      -     yes   yes   -       -         -      -        -        yes     -
Forward     yes      -     yes   yes   -       -         -      -        -        -       -
Cc          yes      -     yes   yes   -       -         -      -        -        yes     -
Uncc        yes      -     yes   yes   -       -         -      -        -        yes     -
Tag         yes      yes   yes   yes   -       -         -      -        -        yes     yes
Untag       yes      yes   yes   yes   -       -         -      -        -        yes     yes
Accept      yes      -     yes   yes   -       -         -      -        -        -       -
Submitter   yes      -     yes   yes   -       -         -      -        -        yes     -
Rate        -        -     -     -     -       yes       -      -        -        -       -
Leave       -        -     yes   yes   yes     yes       yes    yes      -        -       -
Delete      yes      -     yes   yes   -       -         -      -        -        yes     -
Spam        yes      -     yes   yes   -       -         -      -        -        -       -
Escalate    -        yes   -     -     -       -         -      -        -        -       -
Remind      -        yes   -     -     -       -         -      -        -        -       -
Replies     yes      -     yes   yes   -       -         -      -        -        yes     -
Share       yes      -     yes   yes   -       -         -      -        -        yes     -
Unshare     yes      -     yes   yes   -       -         -      -        -        yes     -
LetGo       -        -     -     -     -       -         -      -        -        -       yes
Agree       yes      -     yes   yes   -       -         -      -        -        yes     -
Erase       yes      -     -     yes   -       -         -      -        -        yes     -
Export      yes      -     -     yes   -       -         -      -        -        yes     -
Person      yes      -     -     yes   -       -         -      -        -        yes     -
";

/// The table as the use cases answer it. Each of them is tried in a transaction that is taken back.
async fn answered(trial: &Trial) -> String {
    let mut lines = vec![line("act", Someone::ALL.map(Someone::name))];
    for &act in Act::ALL {
        let mut cells = Vec::new();
        for someone in Someone::ALL {
            cells.push(if is_done(trial, someone, act).await { "yes" } else { "-" });
        }
        lines.push(line(&format!("{act:?}"), cells));
    }
    lines.concat()
}

fn line<'a>(head: &str, cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells = Someone::ALL.into_iter().zip(cells);
    let cells = cells.map(|(someone, cell)| format!("{cell:<width$} ", width = someone.name().len()));
    format!("{}\n", format!("{head:<11} {}", cells.collect::<String>()).trim_end())
}

async fn is_done(trial: &Trial, someone: Someone, act: Act) -> bool {
    let mut tx = trial.desk.write().await;
    let actor = trial.cast.actor(someone);
    match trial.attempt(&mut tx, actor, act).await {
        Ok(()) => true,
        Err(DeskError::Forbidden(_)) => false,
        Err(error) => panic!("{act:?} as {someone:?}: {error}"),
    }
}

#[rstest]
#[tokio::test]
async fn every_use_case_asks_who_may_do_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let trial = Trial::start(on).await;
    assert_eq!(answered(&trial).await, TABLE);
}

#[rstest]
#[tokio::test]
async fn whoever_asked_takes_part_in_what_their_ticket_was_merged_into(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let trial = Trial::start(on).await;
    let (desk, hand) = (&trial.desk, trial.desk.operator());
    assert!(!is_done(&trial, Someone::Outsider, Act::Rate).await, "it is nothing to them yet");
    let theirs = hand.open(Some(people::OUTSIDER), "The same", "It burns.").await;
    let between = hand.open(None, "The same again", "It burns.").await;
    hand.merge(theirs, between).await;
    hand.merge(between, trial::TICKET).await;
    let mut tx = desk.write().await;
    let actor = trial.cast.actor(Someone::Operator);
    trial.uncopy(&mut tx, actor, people::OUTSIDER).await.expect("they were copied by that");
    tx.commit().await.expect("it commits");
    assert!(is_done(&trial, Someone::Outsider, Act::Rate).await);
}

#[test]
fn a_refusal_says_who_may_not_do_what() {
    let said: Vec<String> = [(Someone::Program, Act::Forward), (Someone::Stranger, Act::Comment)]
        .map(|(someone, act)| authority::may(&someone.nobody(), act).expect_err("they may not").to_string())
        .to_vec();
    assert_eq!(said, ["a program may not pass an entry on", "a stranger may not say something on a ticket"]);
}

#[test]
fn nobody_but_customers_needs_to_take_part() {
    for &act in Act::ALL {
        for someone in Someone::ALL {
            let actor = someone.nobody();
            let (is_customer, right) = (actor.kind() == Kind::Customer, authority::right(actor.kind(), act));
            assert!(
                is_customer || matches!(right, Right::Yes | Right::Admin | Right::No),
                "{someone:?} {act:?}"
            );
        }
    }
}
