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
