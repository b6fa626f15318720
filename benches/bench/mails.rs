//! Made-up mails: small requests of different people.

/// The `n`-th small request, some 2 KB.
pub fn small(n: usize) -> Vec<u8> {
    let text = "The printer on the second floor prints every page twice since this morning.\r\n".repeat(16);
    format!(
        "Return-Path: <customer{n}@domain{}.example>\r\n\
         Received: from mx.example (mx.example [192.0.2.1]) by mail.example with ESMTPS id {n}; Sun, 22 Nov 2026 10:00:00 +0000\r\n\
         From: Customer {n} <customer{n}@domain{}.example>\r\n\
         To: Support <support@example.com>\r\n\
         Subject: Printer number {n} prints twice\r\n\
         Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n\
         Message-ID: <bench.{n}@domain.example>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         \r\n\
         Hello,\r\n\r\n{text}\r\nRegards\r\nCustomer {n}\r\n",
        n % 997,
        n % 997,
    )
    .into_bytes()
}

/// One request with an attachment that makes it `megabytes` large.
pub fn large(megabytes: usize) -> Vec<u8> {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n";
    let body = line.repeat(megabytes * 1024 * 1024 / line.len());
    format!(
        "From: Customer <large@example.net>\r\nTo: support@example.com\r\nSubject: A large file\r\n\
         Message-ID: <bench.large@example.net>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n\
         --b\r\nContent-Type: application/octet-stream; name=file.bin\r\n\
         Content-Disposition: attachment; filename=file.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n"
    )
    .into_bytes()
}

/// The `n`-th answer in a long exchange, some 60 KB: plain text and HTML, each with all that was said before.
pub fn long_thread(n: usize) -> Vec<u8> {
    let said = "It happens again since we changed the paper, but only for pages with pictures.";
    let (mut plain, mut markup) = (String::new(), String::new());
    for depth in (0..12).rev() {
        let marks = "> ".repeat(depth);
        let intro =
            format!("On Mon, {} Nov 2026 at 10:00, Ann Lee <ann@domain{n}.example> wrote:", 22 - depth);
        let lines = [marks.as_str(), said, "\r\n"].concat().repeat(20);
        plain = format!("{lines}{marks}\r\n{marks}{intro}\r\n{plain}");
        markup = format!(
            "<div dir=\"ltr\">{}</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">{intro}<br></div>\
             <blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex\">{markup}</blockquote></div>\r\n",
            format!(
                "<p style=\"color:#333\"><b>{said}</b> &nbsp;<a href=\"https://x.example\">x</a></p>\r\n"
            )
            .repeat(12)
        );
    }
    format!(
        "From: Bob <bob@domain{n}.example>\r\nTo: support@example.com\r\nSubject: Re: Printer\r\n\
         Message-ID: <thread.{n}@domain.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         {plain}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{markup}</body></html>\r\n--b--\r\n"
    )
    .into_bytes()
}
