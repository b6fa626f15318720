//! One daemon, killed at every moment in turn.

use std::os::unix::process::ExitStatusExt;

use super::moments::Cause;
use super::moments::MOMENTS;
use super::moments::Moment;
use super::stage::Stage;
use crate::support::site::Engine;
use crate::support::smtp_sink;
use crate::support::smtp_sink::Fault;

/// Mails in all.
const MAILS: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_mails_are_five_hundred_tickets_however_often_it_is_killed_on_sqlite() {
    kill_at_every_moment(Stage::set(Engine::Sqlite, 3).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_mails_are_five_hundred_tickets_however_often_it_is_killed_on_postgres() {
    kill_at_every_moment(Stage::set(Engine::Postgres, 3).await).await;
}

async fn kill_at_every_moment(mut stage: Stage) {
    for (done, moment) in MOMENTS.iter().enumerate() {
        let count = (MAILS - stage.sent()).div_ceil(MOMENTS.len() + 1 - done);
        kill(&mut stage, moment, count).await;
        if done % 3 == 2 || moment.cause != Cause::Arrival {
            stage.recover();
        }
    }
    let daemon = stage.site.start();
    let rest = MAILS - stage.sent();
    stage.arrive(rest);
    stage.finish(daemon);
}

async fn kill(stage: &mut Stage, moment: &Moment, count: usize) {
    match moment.cause {
        Cause::Arrival => {}
        Cause::Refusal => {
            let refusal = Fault::Reply("421 4.3.2 come back later");
            stage.sink.fail(smtp_sink::Stage::Connect, refusal, 1);
        }
        Cause::Begun => die(stage, "record.after_commit", count),
        Cause::GivenBack => {
            die(stage, "record.after_commit", count);
            stage.give_back().await;
        }
        Cause::Pipe => return pipe(stage, moment.name),
    }
    die(stage, &format!("{}:{}", moment.name, moment.nth), count);
}

fn die(stage: &mut Stage, moment: &str, count: usize) {
    let mut daemon = stage.site.start_until(moment);
    stage.arrive(count);
    daemon.until_killed(moment);
    stage.note_kill();
}

/// A mail server hands a message over again when its pipe died.
fn pipe(stage: &mut Stage, moment: &str) {
    let file = stage.site.path("piped.eml");
    std::fs::write(&file, stage.write(0)).expect("the file is written");
    let arguments = ["ingest", "--queue", "seen", file.to_str().expect("the path is UTF-8")];
    let killed = stage.site.command(&arguments).env("HELPDESKD_CRASH", moment).output().expect("it starts");
    assert_eq!(killed.status.signal(), Some(9), "{moment}: {killed:?}");
    stage.site.run(&arguments);
}
