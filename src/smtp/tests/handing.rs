//! Handing over messages.

use super::*;

const TO: [&str; 3] = ["a@b.example", "b@b.example", "c@b.example"];

/// Sends one message to the first `recipients` of [`TO`]: the outcomes, and how often content was announced.
async fn send(script: &[(&str, &str)], recipients: usize) -> (Vec<Outcome>, u32, Vec<String>) {
    let to: Vec<String> = TO[..recipients].iter().map(|&address| address.to_owned()).collect();
    let announced = Arc::new(AtomicU32::new(0));
    let run = async |connection: &mut Connection| {
        let mail =
            Mail { message_id: "1@desk", sender: Some("desk@b.example"), recipients: &to, raw: MESSAGE };
        let before = async || {
            announced.fetch_add(1, Ordering::SeqCst);
            Ok::<(), ()>(())
        };
        connection.send(&mail, before, soon()).await.unwrap()
    };
    let (outcomes, sent) = with_connection(script, run).await;
    (outcomes, announced.load(Ordering::SeqCst), sent)
}

fn words(outcomes: &[Outcome]) -> Vec<String> {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Sent { .. } => "sent".to_owned(),
        Outcome::Deferred(refusal) => format!("deferred at {}", refusal.stage.as_str()),
        Outcome::Rejected(refusal) => format!("rejected at {}", refusal.stage.as_str()),
        Outcome::Unclear => "unclear".to_owned(),
    };
    outcomes.iter().map(word).collect()
}

const OK: &str = "250 2.0.0 ok\r\n";
const GO: &str = "354 go\r\n";

#[tokio::test]
async fn each_recipient_has_its_own_result() {
    let script = [
        ("MAIL FROM:<desk@b.example> SIZE=27\r\n".trim_end(), OK),
        ("RCPT TO:<a@b.example>", OK),
        ("RCPT TO:<b@b.example>", "550-5.1.1 no such user\r\n550 5.1.1 sorry\r\n"),
        ("RCPT TO:<c@b.example>", "451 4.2.0 greylisted\r\n"),
        ("DATA", GO),
        (".", "250 2.0.0 queued as ABC\r\n"),
    ];
    let (outcomes, announced, sent) = send(&script, 3).await;
    assert_eq!(words(&outcomes), ["sent", "rejected at recipient", "deferred at recipient"]);
    assert_eq!(outcomes[0], Outcome::Sent { answer: "2.0.0 queued as ABC".to_owned() });
    let Outcome::Rejected(refusal) = &outcomes[1] else { panic!() };
    assert_eq!((refusal.code, refusal.enhanced.as_deref()), (Some(550), Some("5.1.1")));
    assert_eq!(announced, 1);
    assert_eq!(sent[5..], ["Subject: hi", "", "..dot", "body", "."], "no empty line is added at the end");
}

#[tokio::test]
async fn nothing_is_announced_when_nobody_is_accepted() {
    for (script, expected) in [
        (vec![("MAIL", "451 4.3.0 later\r\n")], "deferred at sender"),
        (vec![("MAIL", "550 5.7.1 not your address\r\n")], "deferred at sender"),
        (vec![("MAIL", "552 5.3.4 too big\r\n")], "rejected at sender"),
        (vec![("MAIL", "530 5.7.0 log in first\r\n")], "deferred at log-in"),
        (vec![("MAIL", OK), ("RCPT", "550 5.1.1 no\r\n")], "rejected at recipient"),
        (vec![("MAIL", OK), ("RCPT", "571 no\r\n")], "rejected at recipient"),
        (vec![("MAIL", OK), ("RCPT", "550 nicht gef\u{fc}nden\r\n")], "rejected at recipient"),
        (vec![("MAIL", OK), ("RCPT", "")], "deferred at recipient"),
        (vec![("MAIL", "")], "deferred at sender"),
        (vec![("MAIL", "421 4.4.2 idle too long\r\n")], "deferred at sender"),
    ] {
        let (outcomes, announced, _) = send(&script, 1).await;
        assert_eq!((words(&outcomes), announced), (vec![expected.to_owned()], 0), "{script:?}");
    }
}

#[tokio::test]
async fn the_answer_to_the_content_counts_for_everybody_accepted() {
    let begin = [("MAIL", OK), ("RCPT", OK), ("RCPT", OK)];
    for (rest, expected) in [
        (vec![("DATA", "554 5.5.1 no valid recipients\r\n")], "rejected at data"),
        (vec![("DATA", "451 4.3.0 later\r\n")], "deferred at data"),
        (vec![("DATA", "")], "deferred at data"),
        (vec![("DATA", GO), (".", "554 5.7.1 spam\r\n")], "rejected at data"),
        (vec![("DATA", GO), (".", "552 5.3.4 too big\r\n")], "rejected at data"),
        (vec![("DATA", GO), (".", "452 4.3.1 disk full\r\n")], "deferred at data"),
        (vec![("DATA", GO), (".", "571-5.7.1 first\r\n571 5.7.1 second\r\n")], "rejected at data"),
        (vec![("DATA", GO), (".", "250\r\n")], "sent"),
        (vec![("DATA", GO), (".", "2")], "unclear"),
        (vec![("DATA", GO), (".", "")], "unclear"),
        (vec![("DATA", GO), (".", "hm\r\n")], "unclear"),
    ] {
        let script: Vec<_> = begin.iter().chain(&rest).copied().collect();
        let (outcomes, announced, _) = send(&script, 2).await;
        assert_eq!((words(&outcomes), announced), (vec![expected.to_owned(); 2], 1), "{rest:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn silence_after_the_content_is_unclear_and_before_it_is_not() {
    for (script, expected) in [
        (vec![("MAIL", SILENCE)], "deferred at sender"),
        (vec![("MAIL", OK), ("RCPT", SILENCE)], "deferred at recipient"),
        (vec![("MAIL", OK), ("RCPT", OK), ("DATA", SILENCE)], "deferred at data"),
        (vec![("MAIL", OK), ("RCPT", OK), ("DATA", GO), (".", SILENCE)], "unclear"),
    ] {
        let (outcomes, _, _) = send(&script, 1).await;
        assert_eq!(words(&outcomes), [expected], "{script:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_not_used_again_after_silence() {
    let script = [("MAIL", OK), ("RCPT", OK), ("DATA", GO), (".", SILENCE)];
    let to = ["a@b.example".to_owned()];
    let run = async |connection: &mut Connection| {
        let mail = Mail { message_id: "1@desk", sender: None, recipients: &to, raw: MESSAGE };
        let first = connection.send(&mail, async || Ok::<(), ()>(()), soon()).await.unwrap();
        let ready = connection.ready(soon()).await;
        let second = connection.send(&mail, async || Ok::<(), ()>(()), soon()).await.unwrap();
        (words(&first), ready, words(&second))
    };
    let ((first, ready, second), sent) = with_connection(&script, run).await;
    assert_eq!(
        (first, ready, second),
        (vec!["unclear".to_owned()], false, vec!["deferred at connect".to_owned()])
    );
    assert_eq!(sent.last().unwrap(), ".", "nothing was sent after it");
}

#[tokio::test]
async fn an_attempt_that_is_dropped_breaks_the_connection() {
    let script = [("MAIL", OK), ("RCPT", OK), ("DATA", GO), (".", SILENCE)];
    let to = ["a@b.example".to_owned()];
    let run = async |connection: &mut Connection| {
        let mail = Mail { message_id: "1@desk", sender: None, recipients: &to, raw: MESSAGE };
        let sending = connection.send(&mail, async || Ok::<(), ()>(()), soon());
        tokio::select! {
            biased;
            _ = sending => panic!("there was no answer"),
            () = async { for _ in 0..50 { tokio::task::yield_now().await } } => {}
        }
        connection.ready(soon()).await
    };
    assert!(!with_connection(&script, run).await.0);
}

#[tokio::test]
async fn a_kept_connection_takes_the_next_message_and_forgets_an_abandoned_one() {
    let script = [
        ("MAIL FROM:<>", OK),
        ("RCPT", "550 5.1.1 no\r\n"),
        ("RSET", OK),
        ("MAIL FROM:<>", OK),
        ("RCPT", OK),
        ("DATA", GO),
        (".", OK),
        ("MAIL FROM:<>", OK),
        ("RCPT", OK),
        ("DATA", GO),
        (".", OK),
    ];
    let to = ["a@b.example".to_owned()];
    let run = async |connection: &mut Connection| {
        let mail = Mail { message_id: "1@desk", sender: None, recipients: &to, raw: MESSAGE };
        let mut all = Vec::new();
        for _ in 0..3 {
            assert!(connection.ready(soon()).await);
            all.extend(words(&connection.send(&mail, async || Ok::<(), ()>(()), soon()).await.unwrap()));
        }
        all
    };
    assert_eq!(with_connection(&script, run).await.0, ["rejected at recipient", "sent", "sent"]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_idle_is_asked_whether_it_is_there() {
    for (answer, there) in [("250 ok\r\n", true), ("421 idle too long\r\n", false), ("", false)] {
        let run = async |connection: &mut Connection| {
            tokio::time::sleep(Duration::from_mins(1)).await;
            connection.ready(soon()).await
        };
        assert_eq!(with_connection(&[("RSET", answer)], run).await.0, there, "{answer:?}");
    }
}

#[tokio::test]
async fn an_error_of_the_caller_ends_the_attempt_before_any_content() {
    let to = ["a@b.example".to_owned()];
    let run = async |connection: &mut Connection| {
        let mail = Mail { message_id: "1@desk", sender: None, recipients: &to, raw: MESSAGE };
        let result = connection.send(&mail, async || Err("database gone"), soon()).await;
        (result, connection.ready(soon()).await)
    };
    let ((result, ready), sent) = with_connection(&[("MAIL", OK), ("RCPT", OK), ("", SILENCE)], run).await;
    assert_eq!((result, ready), (Err("database gone"), false));
    assert!(sent.iter().all(|line| line != "DATA"), "{sent:?}");
}

#[tokio::test]
async fn what_the_server_cannot_take_is_refused_without_asking_it() {
    let (big, umlaut) = (vec![b'x'; 6000], ["jörg@b.example".to_owned()]);
    let (plain, odd) = (["a@b.example".to_owned()], ["a@b\r\nRSET".to_owned()]);
    let run = async |connection: &mut Connection| {
        let mail = |recipients, raw| Mail { message_id: "1@desk", sender: None, recipients, raw };
        let mut all = Vec::new();
        for mail in [mail(&plain, &big), mail(&umlaut, MESSAGE), mail(&odd, MESSAGE)] {
            all.extend(words(&connection.send(&mail, async || Ok::<(), ()>(()), soon()).await.unwrap()));
        }
        all
    };
    let (outcomes, sent) = with_connection(&[("MAIL FROM:<> SIZE=27", OK), ("", SILENCE)], run).await;
    assert_eq!(outcomes, ["rejected at sender", "rejected at sender", "rejected at recipient"]);
    assert_eq!(sent, ["MAIL FROM:<> SIZE=27"]);
}

#[tokio::test]
async fn a_connection_can_be_used_by_a_task_of_its_own() {
    let memory = Memory::default();
    memory.answer(Outcome::Unclear);
    let mut channel = Transport::Memory(memory.clone()).open(None, soon()).await.unwrap();
    let task = async move {
        let to = ["a@b.example".to_owned()];
        let mail = Mail { message_id: "1@desk", sender: None, recipients: &to, raw: MESSAGE };
        let mut all = Vec::new();
        let announced = AtomicU32::new(0);
        for _ in 0..2 {
            let before = async || {
                tokio::task::yield_now().await;
                announced.fetch_add(1, Ordering::SeqCst);
                Ok::<(), ()>(())
            };
            all.extend(channel.send(&mail, before, soon()).await.unwrap());
        }
        channel.close().await;
        assert_eq!(announced.into_inner(), 2);
        all
    };
    let outcomes = crate::tasks::Tasks::default().spawn(task).await.unwrap();
    assert_eq!(words(&outcomes), ["unclear", "sent"]);
    assert_eq!(memory.sent().len(), 2);
}

/// A mail whose last line never left cannot have been taken: it is put off, however often that happens.
#[tokio::test]
async fn a_message_that_is_cut_off_before_its_end_is_put_off() {
    let (ours, theirs) = tokio::io::duplex(1024);
    let server = async {
        let (read, mut write) = tokio::io::split(theirs);
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail ESMTP\r\n").await.unwrap();
        for answer in ["250 mail\r\n", OK, OK, GO] {
            lines.next_line().await.unwrap();
            write.write_all(answer.as_bytes()).await.unwrap();
        }
        // The beginning of the text, and then nobody.
        lines.next_line().await.unwrap();
    };
    let client = async {
        let account = account(Tls::None);
        let hello = ClientId::Domain("desk".to_owned());
        let mut connection = Connection::over(Box::new(ours), &account, hello, None, soon()).await.unwrap();
        let raw = [MESSAGE, "line\r\n".repeat(10_000).as_bytes()].concat();
        let to = ["a@b.example".to_owned()];
        let mail = Mail { message_id: "1@desk", sender: None, recipients: &to, raw: &raw };
        connection.send(&mail, async || Ok::<(), ()>(()), soon()).await.unwrap()
    };
    let ((), outcomes) = tokio::join!(server, client);
    assert_eq!(words(&outcomes), ["deferred at data"]);
}
