//! Commands in an agent's mail that the agent did not see: they are carried out by nobody.

use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::Office;
use crate::support::story::On;

const CALM: &str = "#1 open `Printer on fire`, 2 messages";

/// Sheets as they stand in the mails of phishers and newsletters.
#[rstest]
#[case::by_class("<style>.x{display:none}</style><div class=x>#close</div><p>Hello.</p>")]
#[case::of_several(
    "<style>p, div.y > .x , b{ DISPLAY : none !important }</style><div class=\"a x\">#close</div>Hello."
)]
#[case::by_id("<style>#x{font-size:0}</style><div id=x>#close</div><p>Hello.</p>")]
#[case::by_element("<style>h6{visibility:hidden}</style><h6>#close</h6><p>Hello.</p>")]
#[case::by_all("<style>div *{opacity:0}</style><div><b>#close</b></div><p>Hello.</p>")]
#[case::like_the_ground("<style>.x{color:#ffffff}</style><div class=x>#close</div><p>Hello.</p>")]
#[case::like_its_own_ground("<div style=\"background:#123456;color:#123456\">#close</div><p>Hello.</p>")]
#[case::off_the_page(
    "<style>.x{position:absolute;left:-9999px}</style><div class=x>#close</div><p>Hello.</p>"
)]
#[case::for_screens("<style>@media screen{.x{display:none}}</style><div class=x>#close</div><p>Hello.</p>")]
#[case::in_a_comment(
    "<style><!-- /* } */ .x{display:none} --></style><div class=x>#close</div><p>Hello.</p>"
)]
#[case::spelt_oddly("<style>.x{d\\69splay:no\\6e e}</style><div class=x>#close</div><p>Hello.</p>")]
#[case::by_entities("<div style=\"display&#58;none\">#close</div><p>Hello.</p>")]
#[case::commented("<div style=\"dis/* */play:/**/none\">#close</div><p>Hello.</p>")]
#[case::cut("<div style=\"position:absolute;clip:rect(0,0,0,0)\">#close</div><p>Hello.</p>")]
#[case::shrunk("<div style=\"transform:scale(0)\">#close</div><p>Hello.</p>")]
#[case::folded_away("<details><summary>More</summary>#close</details><p>Hello.</p>")]
#[case::elsewhere(
    "<link rel=stylesheet href=\"https://evil.test/x.css\"><div class=x>#close</div><p>Hello.</p>"
)]
#[case::sheet_below("<div class=x>#close</div><p>Hello.</p><style>.x{display:none}</style>")]
#[tokio::test]
async fn a_command_that_a_style_sheet_hides_is_not_carried_out(
    #[case] html: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.receives(office.notice().answer("").without_text().html(html)).await;
    // What is seen above the command may be an answer.
    let tickets = office.tickets().await;
    assert!(tickets.starts_with(CALM), "{tickets}");
    office.sent().await;
}

/// A reader sees the HTML; only programs read the text beside it.
#[rstest]
#[case::added("#close\nHello.", "<p>Hello.</p>")]
#[case::another("#close\nHello.", "<p>#tag x</p><p>Hello.</p>")]
#[case::to_another("#cc eve@evil.test\nHello.", "<p>#cc bob@customer.test</p><p>Hello.</p>")]
#[case::hidden_there("#close\nHello.", "<div style=\"display:none\">#close</div><p>Hello.</p>")]
#[case::below("#close\nHello.", "<p>Hello.</p><p>#close</p>")]
#[tokio::test]
async fn a_command_that_only_the_text_part_has_is_not_carried_out(
    #[case] text: &str,
    #[case] html: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.receives(office.notice().answer(text).html(html)).await;
    assert_eq!(office.tickets().await, CALM);
    office.operator().comment(1, "Yes?").await;
    assert!(office.sent().await.iter().all(|sent| !sent.to.contains("eve") && !sent.to.contains("bob")));
}

/// The agent sees the command and takes it for done; what was a note would go out.
#[rstest]
#[tokio::test]
async fn a_command_that_only_the_html_has_keeps_the_mail_here(
    #[values(
        "#note",
        "#resolve",
        "#close",
        "#reopen",
        "#hold",
        "#hold 3d",
        "#unhold",
        "#assign me",
        "#priority 1",
        "#queue support",
        "#cc bob@customer.test",
        "#tag x",
        "#partner",
        "#reply thanks",
        "#send",
        "#spam",
        "#confirm",
        "#accept",
        "#intern"
    )]
    command: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let html = format!("<div>{command}</div><div>He pays late.</div>");
    office.receives(office.notice().answer("He pays late.").html(&html)).await;
    assert_eq!(office.tickets().await, CALM);
    let told = office.sent().await;
    assert_eq!(told.recipients(), [ALEX]);
    assert!(told[0].text.contains("only the HTML of the mail has it"), "{}", told[0].text);
    assert!(office.ticket(1).await.lines().last().unwrap().contains("private"), "{}", office.ticket(1).await);
}

#[rstest]
#[case::by_number("He pays late.", "<p>&#35;note</p>He pays late.")]
#[case::by_hex("He pays late.", "<p>&#x0023;note</p>He pays late.")]
#[case::by_name("He pays late.", "<p>&num;note</p>He pays late.")]
#[case::full_width("He pays late.", "<p>\u{ff03}note</p>He pays late.")]
#[case::bold("He pays late.", "<div><b>#</b>note</div>He pays late.")]
#[case::behind_nothing("He pays late.", "<div>&#8203;#note</div>He pays late.")]
#[case::behind_a_blank("He pays late.", "<p>&nbsp;</p><p>&nbsp;#note</p><p>He pays late.</p>")]
#[case::apart("He pays late.", "<p># note</p><p>He pays late.</p>")]
#[case::without_elements("He pays late.", "#note<br>He pays late.")]
#[case::below_a_sheet(
    "He pays late.",
    "<html><head><style>#a{color: #fff}</style></head><body>#note<p>He pays late."
)]
#[case::below_a_picture(
    "[logo]\n#note\nHe pays late.",
    "<img src=\"cid:a\"><p>#note</p><p>He pays late.</p>"
)]
#[case::another("#tag x\nHe pays late.", "<p>#tag x</p><p>#note</p><p>He pays late.</p>")]
#[case::in_one_line("#note He pays late.", "<p>#note</p><p>He pays late.</p>")]
#[case::no_text("", "<p>#note</p><p>He pays late.</p>")]
#[case::a_stub("Your program shows no HTML.", "<p>#note</p><p>He pays late.</p>")]
#[tokio::test]
async fn a_note_however_it_is_written_in_the_html_stays_here(
    #[case] text: &str,
    #[case] html: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.receives(office.notice().answer(text).html(html)).await;
    assert!(office.sent().await.iter().all(|sent| sent.to == ALEX));
    assert!(office.ticket(1).await.lines().last().unwrap().contains("private"), "{}", office.ticket(1).await);
}

/// A mail that opens a ticket, by an agent and of what somebody else wrote.
#[rstest]
#[case::new("Call them", "Do not tell them.", "<p>#note</p><p>Do not tell them.</p>")]
#[case::closing("Call them", "It is done.", "<p>#resolve</p><p>#cc bob@customer.test</p><p>It is done.</p>")]
#[case::forwarded(
    "Fwd: Help",
    "He pays late.\n\n---------- Forwarded message ---------\nFrom: Bob <bob@customer.test>\nDate: Mon, 2 Mar 2026\nSubject: Help\nTo: <alex@staff.test>\n\nHelp me.",
    "<p>#note</p><p>He pays late.</p><div>---------- Forwarded message ---------<br>From: Bob &lt;bob@customer.test&gt;<br>Date: Mon, 2 Mar 2026<br>Subject: Help<br>To: &lt;alex@staff.test&gt;<br><br>Help me.</div>"
)]
#[tokio::test]
async fn a_new_mail_whose_commands_only_the_html_has_sends_nothing_of_it(
    #[case] subject: &str,
    #[case] text: &str,
    #[case] html: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    office.receives(mail(ALEX, subject).text(text).html(html)).await;
    let told = office.sent().await;
    let first = text.lines().next().unwrap();
    assert!(told.iter().all(|sent| sent.to == ALEX || !sent.raw.contains(first)), "{told}");
    let refused = told.iter().any(|sent| sent.to == ALEX && sent.text.contains("only the HTML of the mail"));
    assert!(refused, "{told}");
    assert!(office.tickets().await.ends_with(", 1 message") || office.ticket(2).await.contains("private"));
}

/// What agents' programs send: both forms say the same, each in its way.
#[rstest]
#[case::outlook(
    "#close\n#cc bob@customer.test<mailto:bob@customer.test>\n\nUse water.",
    "<style><!-- p.MsoNormal{margin:0cm;font-size:11.0pt;font-family:\"Calibri\",sans-serif} a:link{color:#0563C1} v\\:*{behavior:url(#default#VML)} @page WordSection1{size:595pt 842pt} --></style><div class=WordSection1><p class=MsoNormal>#close<o:p></o:p></p><p class=MsoNormal>#cc <a href=\"mailto:bob@customer.test\">bob@customer.test</a><o:p></o:p></p><p class=MsoNormal>Use water.</p></div>"
)]
#[case::gmail(
    "#close\n#cc bob@customer.test\n\nUse *water*.",
    "<div dir=\"ltr\">#close<div>#cc <a href=\"mailto:bob@customer.test\">bob@customer.test</a></div><div><br></div><div>Use <b>water</b>.</div></div>"
)]
#[case::apple(
    "#close\n#cc bob@customer.test\nUse water.",
    "<html><head><style>.x{display:none}</style></head><body style=\"overflow-wrap: break-word;\">#close<br>#cc bob@customer.test<div>Use water.</div></body></html>"
)]
#[case::dark(
    "#close\n#cc bob@customer.test\nUse water.",
    "<body style=\"background-color:#000;color:#fff\"><p>#close</p><p>#cc bob@customer.test</p><p>Use water.</p></body>"
)]
#[tokio::test]
async fn a_command_that_both_forms_show_is_carried_out(
    #[case] text: &str,
    #[case] html: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let became = office.receives(office.notice().answer(text).html(html)).await;
    assert_eq!(became, "followup #1");
    let view = office.ticket(1).await;
    assert!(view.starts_with("#1 closed") && view.contains("cc bob@customer.test"), "{view}");
    office.sent().await;
}

/// The warning's answer is read as any other.
#[rstest]
#[tokio::test]
async fn a_confirmation_that_nobody_saw_confirms_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    office.receives(mail(ALEX, "[support-1] Printer on fire").text("Pay at evil.test")).await;
    let warning = office.sent().await.to(ALEX).clone();
    for answer in [
        warning.answer("#confirm").html("<p>That was not me.</p>"),
        warning.answer("").without_text().html("<style>.x{font-size:0}</style><p class=x>#confirm</p>No."),
    ] {
        office.receives(answer.id("x@staff.test")).await;
        assert!(office.sent().await.iter().all(|sent| !sent.raw.contains("evil.test")));
    }
}
