//! Answers as programs and web mailers write them in many languages: only what is new is left.

use super::html;
use super::plain;
use super::read;

/// What stands between the new words and "Is it running?".
#[rustfmt::skip]
const INTRODUCTIONS: &[&str] = &[
    // Gmail.
    "On Mon, May 6, 2024 at 10:00 AM Help <help@desk.test> wrote:",
    "Am Mo., 6. Mai 2024 um 10:00 Uhr schrieb Help <help@desk.test>:",
    "Le lun. 6 mai 2024 à 10:00, Help <help@desk.test> a écrit :",
    "El lun, 6 may 2024 a las 10:00, Help (<help@desk.test>) escribió:",
    "Il giorno lun 6 mag 2024 alle ore 10:00 Help <help@desk.test> ha scritto:",
    "Op ma 6 mei 2024 om 10:00 schreef Help <help@desk.test>:",
    "pon., 6 maj 2024 o 10:00 Help <help@desk.test> napisał(a):",
    "Em seg., 6 de mai. de 2024 às 10:00, Help <help@desk.test> escreveu:",
    "пн, 6 мая 2024 г. в 10:00, Help <help@desk.test>:",
    "2024年5月6日(月) 10:00 Help <help@desk.test>:",
    "2024년 5월 6일 (월) 오전 10:00, Help <help@desk.test>님이 작성:",
    "Help <help@desk.test> 于2024年5月6日周一 10:00写道：",
    "po 6. 5. 2024 v 10:00 odesílatel Help <help@desk.test> napsal:",
    "Den mån 6 maj 2024 kl 10:00 skrev Help <help@desk.test>:",
    "man. 6. mai 2024 kl. 10:00 skrev Help <help@desk.test>:",
    "ma 6. toukok. 2024 klo 10.00 Help <help@desk.test> kirjoitti:",
    "Help <help@desk.test>, 6 May 2024 Pzt, 10:00 tarihinde şunu yazdı:",
    "Help <help@desk.test> ezt írta (időpont: 2024. máj. 6., H, 10:00):",
    "Στις Δευ 6 Μαΐ 2024 στις 10:00 π.μ., ο/η Help <help@desk.test> έγραψε:",
    // Apple Mail.
    "> On 6 May 2024, at 10:00, Help <help@desk.test> wrote:\n> ",
    "> Am 06.05.2024 um 10:00 schrieb Help <help@desk.test>:\n> ",
    "> Le 6 mai 2024 à 10:00, Help <help@desk.test> a écrit :\n> ",
    "> Em 6 de mai. de 2024, à(s) 10:00, Help <help@desk.test> escreveu:\n> ",
    "> Op 6 mei 2024, om 10:00 heeft Help <help@desk.test> het volgende geschreven:\n> ",
    "> 2024/05/06 10:00、Help <help@desk.test>のメール:\n> ",
    "> Wiadomość napisana przez Help <help@desk.test> w dniu 6 maj 2024, o godz. 10:00:\n> ",
    // Thunderbird, Roundcube.
    "Am 06.05.24 um 10:00 schrieb Help:",
    "Op 06-05-2024 om 10:00 schreef Help:",
    "W dniu 06.05.2024 o 10:00, Help pisze:",
    "06.05.2024 10:00, Help пишет:",
    "Dne 06. 05. 24 v 10:00 Help napsal(a):",
    "On 2024-05-06 10:00, Help wrote:",
    "Il 06/05/2024 10:00, Help ha scritto:",
    "El 06/05/2024 a las 10:00, Help escribió:",
    // Proton, Yahoo.
    "On Monday, May 6th, 2024 at 10:00, Help <help@desk.test> wrote:",
    "Am Montag, 6. Mai 2024 um 10:00, Help <help@desk.test> schrieb:",
    "Le lundi 6 mai 2024 à 10:00, Help <help@desk.test> a écrit :",
    "    On Monday, May 6, 2024 at 10:00:00 AM GMT+2, Help <help@desk.test> wrote:  \n ",
    "    Il lunedì 6 maggio 2024 alle ore 10:00:00 CEST, Help <help@desk.test> ha scritto:  \n ",
    "    En lunes, 6 de mayo de 2024, 10:00:00 CEST, Help <help@desk.test> escribió:  \n ",
    // Open-Xchange, Zoho, Mail.ru, Yandex.
    "Help <help@desk.test> hat am 06.05.2024 10:00 CEST geschrieben:",
    "Op 06-05-2024 10:00 CEST schreef Help <help@desk.test>:",
    "---- On Mon, 06 May 2024 10:00:00 +0200 Help <help@desk.test> wrote ---",
    "Понедельник, 6 мая 2024, 10:00 +03:00 от Help <help@desk.test>:\n ",
    "06.05.2024, 10:00, \"Help\" <help@desk.test>:",
    // Blocks of Outlook, GMX, Samsung, Zimbra, Notes, QQ.
    "________________________________\nFrom: Help <help@desk.test>\nSent: Monday, May 6, 2024 10:00 AM\nTo: Ida <ida@customer.test>\nSubject: Pump\n",
    "De : Help <help@desk.test>\nEnvoyé : lundi 6 mai 2024 10:00\nÀ : Ida <ida@customer.test>\nObjet : Pompe\n",
    "Od: Help <help@desk.test>\nWysłano: poniedziałek, 6 maja 2024 10:00\nDo: Ida <ida@customer.test>\nTemat: Pompa\n",
    "差出人: Help <help@desk.test>\n送信日時: 2024年5月6日 10:00\n宛先: Ida <ida@customer.test>\n件名: ポンプ\n",
    "보낸 사람: Help <help@desk.test>\n보낸 날짜: 2024년 5월 6일 월요일 오전 10:00\n받는 사람: Ida <ida@customer.test>\n제목: 펌프\n",
    "Gesendet: Montag, 6. Mai 2024 um 10:00 Uhr\nVon: \"Help\" <help@desk.test>\nAn: \"Ida\" <ida@customer.test>\nBetreff: Pumpe\n",
    "-------- Ursprüngliche Nachricht --------\nVon: Help <help@desk.test>\nDatum: 06.05.24 10:00 (GMT+01:00)\nAn: Ida <ida@customer.test>\nBetreff: Pumpe\n",
    "----- Mail original -----\nDe: \"Help\" <help@desk.test>\nÀ: \"Ida\" <ida@customer.test>\nEnvoyé: Lundi 6 Mai 2024 10:00:00\nObjet: Pompe\n",
    "Von:\tHelp <help@desk.test>\nAn:\tIda <ida@customer.test>\nDatum:\t06.05.2024 10:00\nBetreff:\tPumpe\n________________________________\n",
    "------------------ 原始邮件 ------------------\n发件人: \"Help\" <help@desk.test>;\n发送时间: 2024年5月6日(星期一) 上午10:00\n收件人: \"Ida\" <ida@customer.test>;\n主题: 泵\n",
];

#[test]
fn of_an_answer_in_any_language_only_what_is_new_is_left() {
    let mut kept = Vec::new();
    for intro in INTRODUCTIONS {
        let mark = if intro.contains('\n') && !intro.starts_with('>') { "" } else { "> " };
        let text = format!("It leaks again.\n\n{intro}\n{mark}Is it running?\n{mark}\n{mark}Help\n");
        let new = read(plain("Re: Pump", &text)).new_text;
        if new != "It leaks again." {
            kept.push(format!("{intro}: {new}"));
        }
    }
    assert!(kept.is_empty(), "{}", kept.join("\n"));
}

#[rustfmt::skip]
const MARKUPS: &[&str] = &[
    "<div>It leaks again.</div><div class=\"zmail_extra_hr\"></div><div class=\"zmail_extra\"><br><div>---- On Mon, 06 May 2024 10:00:00 +0200 <b>Help &lt;help@desk.test&gt;</b> wrote ---<br></div><blockquote>Is it running?</blockquote></div>",
    "<div>It leaks again.</div><div class=\"protonmail_quote\">Am Montag, 6. Mai 2024 um 10:00, Help &lt;help@desk.test&gt; schrieb:<br><blockquote class=\"protonmail_quote\" type=\"cite\">Is it running?</blockquote></div>",
    "<div class=\"yahoo-style-wrap\">It leaks again.</div><div class=\"yahoo_quoted\"><div><div>Le lundi 6 mai 2024 à 10:00:00 UTC+2, Help &lt;help@desk.test&gt; a écrit :</div><div>Is it running?</div></div></div>",
    "<div dir=\"auto\">It leaks again.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">Op ma 6 mei 2024 om 10:00 schreef Help &lt;help@desk.test&gt;:<br></div><blockquote class=\"gmail_quote\">Is it running?</blockquote></div>",
    "<div class=WordSection1><p class=MsoNormal>It leaks again.<o:p></o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Van:</b> Help &lt;help@desk.test&gt; <br><b>Verzonden:</b> maandag 6 mei 2024 10:00<br><b>Aan:</b> Ida<br><b>Onderwerp:</b> Pomp<o:p></o:p></p></div><p class=MsoNormal>Is it running?</p></div>",
    "<div>It leaks again.</div><div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\"><b>Från:</b> Help &lt;help@desk.test&gt;<br><b>Skickat:</b> den 6 maj 2024 10:00<br><b>Till:</b> Ida<br><b>Ämne:</b> Pump</div><div>Is it running?</div>",
    "<div>It leaks again.</div><div><br><blockquote type=\"cite\"><div>Il giorno 6 mag 2024, alle ore 10:00, Help &lt;help@desk.test&gt; ha scritto:</div><br class=\"Apple-interchange-newline\"><div>Is it running?</div></blockquote></div>",
    "<div>It leaks again.</div><div name=\"quote\" style=\"margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;\"><div><b>Gesendet:</b>&nbsp;Montag, 6. Mai 2024 um 10:00 Uhr<br><b>Von:</b>&nbsp;Help &lt;help@desk.test&gt;<br><b>An:</b>&nbsp;Ida<br><b>Betreff:</b>&nbsp;Pumpe</div><div name=\"quoted-content\">Is it running?</div></div>",
    "<p>It leaks again.</p><div class=\"moz-cite-prefix\">W dniu 6.05.2024 o 10:00, Help pisze:<br></div><blockquote type=\"cite\" cite=\"mid:q1@desk.test\">Is it running?</blockquote>",
    "<div>It leaks again.</div><div>--<br>Отправлено из Mail для Android</div><div>понедельник, 06 мая 2024г., 10:00 +03:00 от Help <a href=\"mailto:help@desk.test\">help@desk.test</a>:<br></div><blockquote style=\"border-left:1px solid #0857A6\">Is it running?</blockquote>",
    "<div>It leaks again.</div><div><includetail><div>&nbsp;</div><div style=\"font:Verdana\">------------------&nbsp;Original&nbsp;------------------</div><div><b>From:</b>&nbsp;\"Help\"&lt;help@desk.test&gt;;</div><div><b>Date:</b>&nbsp;Mon, May 6, 2024 10:00 AM</div><div><b>To:</b>&nbsp;\"Ida\"&lt;ida@customer.test&gt;;</div><div><b>Subject:</b>&nbsp;Pump</div><div>Is it running?</div></includetail></div>",
];

#[test]
fn of_an_answer_in_html_only_what_is_new_is_left() {
    let mut kept = Vec::new();
    for markup in MARKUPS {
        let new = read(html("Re: Pump", markup)).new_text;
        if new != "It leaks again." {
            kept.push(format!("{markup}: {new}"));
        }
    }
    assert!(kept.is_empty(), "{}", kept.join("\n"));
}
