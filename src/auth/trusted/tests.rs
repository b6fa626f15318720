//! Tests of which field counts, and of what it means.

use super::*;
use crate::auth::hop::is_like;
use crate::mail::parse::field;

/// `pass`, `fail`, `none` or `unknown`; with a question mark where the question stays open.
fn noted(header: &str, author: &str) -> String {
    noted_by(header, &["mx.desk.test"], author)
}

fn noted_by(header: &str, ids: &[&str], author: &str) -> String {
    let ids: Vec<String> = ids.iter().map(|&id| id.to_owned()).collect();
    let raw = format!("{header}\r\nFrom: x@{author}\r\n\r\n");
    let block = field::split(raw.as_bytes(), 1 << 18, &mut Vec::new());
    let trust = Trust { authserv_ids: &ids, ..Trust::default() };
    match read(&block, trust, Author { domain: author, address: &format!("x@{author}") }) {
        Noted::Decided(checked) => checked.authentication.as_str().to_owned(),
        Noted::Open(checked) => format!("{}?", checked.authentication.as_str()),
    }
}

fn result(findings: &str) -> String {
    noted(&format!("Authentication-Results: mx.desk.test; {findings}"), "a.test")
}

#[test]
fn dmarc_decides_wherever_the_server_has_a_result() {
    for (findings, expected) in [
        ("dmarc=pass header.from=a.test", "pass"),
        ("dmarc=pass", "pass"),
        ("dmarc=pass (p=REJECT dis=NONE) header.from=A.Test.", "pass"),
        ("dmarc=pass header.from=<x@a.test>", "pass"),
        ("dkim=fail header.d=a.test; spf=pass smtp.mailfrom=a.test; dmarc=pass header.from=a.test", "pass"),
        ("dmarc=fail (p=REJECT sp=NONE dis=NONE) header.from=a.test", "fail"),
        ("dkim=pass header.d=a.test; dmarc=fail (p=quarantine) header.from=a.test", "fail"),
        ("dmarc=temperror header.from=a.test", "unknown"),
        ("dmarc=permerror header.from=a.test", "unknown"),
        ("dmarc=sometimes header.from=a.test", "unknown"),
        ("dkim=pass header.d=a.test; dmarc=temperror header.from=a.test", "unknown"),
    ] {
        assert_eq!(result(findings), expected, "{findings}");
    }
}

#[test]
fn a_mail_fails_only_where_the_server_names_a_policy_or_an_action_against_it() {
    for (findings, expected) in [
        ("dmarc=fail header.from=a.test", "none"),
        ("dmarc=fail (p=none) header.from=a.test", "none"),
        ("dmarc=fail (p=NONE sp=REJECT dis=NONE) header.from=a.test", "none"),
        ("dmarc=fail action=none header.from=a.test", "none"),
        ("dmarc=fail (p=none dis=quarantine) header.from=a.test", "fail"),
        ("dmarc=fail header.from=a.test (p=reject dis=none)", "fail"),
        ("dmarc=fail(p=reject,has-list-id=no,d=none) header.from=a.test", "fail"),
        ("dmarc=fail reason=\"SPF not aligned\" header.from=a.test (policy=quarantine)", "fail"),
        ("dmarc=fail action=quarantine header.from=a.test", "fail"),
        ("dmarc=fail action=oreject header.from=a.test;compauth=fail reason=000", "fail"),
        ("dmarc=fail action=pct.reject header.from=a.test", "fail"),
        ("dmarc=fail policy.dmarc=reject header.from=a.test", "fail"),
        ("dmarc=fail policy.published-domain-policy=reject header.from=a.test", "fail"),
        // What another method or a quotation says is not about this.
        ("spf=fail (p=reject) smtp.mailfrom=a.test; dmarc=fail header.from=a.test", "none"),
        ("dmarc=fail reason=\"p=reject\" header.from=a.test", "none"),
    ] {
        assert_eq!(result(findings), expected, "{findings}");
    }
    for (findings, expected) in [
        ("dmarc=fail (p=none sp=reject) header.from=sub.a.test", "fail"),
        ("dmarc=fail (p=reject sp=none) header.from=sub.a.test", "none"),
        ("dmarc=fail (p=reject) header.from=sub.a.test", "fail"),
    ] {
        let header = format!("Authentication-Results: mx.desk.test; {findings}");
        assert_eq!(noted(&header, "sub.a.test"), expected, "{findings}");
    }
}

#[test]
fn without_a_dmarc_record_an_aligned_signature_passes_and_spf_alone_never() {
    for (findings, expected) in [
        ("dmarc=none header.from=a.test; dkim=pass header.d=a.test", "pass"),
        ("dmarc=none; dkim=pass header.d=mail.a.test", "pass"),
        ("dmarc=none; dkim=pass header.i=@a.test", "pass"),
        ("dmarc=bestguesspass action=none header.from=a.test; dkim=pass header.d=a.test", "pass"),
        ("dmarc=none; dkim=permerror header.d=a.test; dkim=pass header.d=a.test", "pass"),
        ("dmarc=none; spf=pass smtp.mailfrom=x@a.test", "none"),
        ("dmarc=none; dkim=pass header.d=b.test; spf=pass smtp.mailfrom=x@a.test", "none"),
        ("dmarc=none; dkim=fail header.d=a.test", "none"),
        ("dmarc=none; dkim=pass", "none"),
        ("dmarc=none; dkim=pass header.d=nota.test", "none"),
        ("dmarc=none; dkim=permerror (no key) header.d=a.test", "unknown"),
        ("dmarc=none; dkim=temperror header.d=a.test", "unknown"),
    ] {
        assert_eq!(result(findings), expected, "{findings}");
    }
    let shared = "Authentication-Results: mx.desk.test; dmarc=none; dkim=pass header.d=evil.github.io";
    assert_eq!(noted(shared, "victim.github.io"), "none");
}

#[test]
fn where_dmarc_was_not_looked_up_only_the_very_domain_of_the_author_passes() {
    for (findings, expected) in [
        ("dkim=pass header.d=a.test", "pass"),
        ("dkim=pass header.d=mail.a.test", "none?"),
        ("dkim=fail header.d=a.test", "none?"),
        ("dkim=none", "none?"),
        ("spf=pass smtp.mailfrom=x@a.test", "unknown?"),
        ("none", "unknown?"),
    ] {
        assert_eq!(result(findings), expected, "{findings}");
    }
}

#[test]
fn a_result_about_another_author_or_two_results_prove_nothing() {
    for findings in [
        "dmarc=pass header.from=b.test",
        "dmarc=pass header.from=sub.a.test",
        "dmarc=pass header.from=\"\"",
        "dmarc=pass header.from=a.test; dmarc=fail (p=reject) header.from=a.test",
        "dmarc=fail; dmarc=pass; dmarc=fail",
    ] {
        assert_eq!(result(findings), "unknown", "{findings}");
    }
    assert_eq!(result("dmarc=pass header.from=a.test; dmarc=pass header.from=a.test"), "pass");
}

#[test]
fn an_international_domain_is_the_same_in_both_spellings() {
    let header = "Authentication-Results: mx.desk.test; dmarc=pass header.from=b\u{fc}cher.test";
    assert_eq!(noted(header, "xn--bcher-kva.test"), "pass");
}

#[test]
fn only_the_topmost_field_of_a_configured_server_counts() {
    let field = |server: &str, result: &str| {
        format!("Authentication-Results: {server}; dmarc={result} (p=reject)\r\n")
    };
    let (own, other) = ("mx.desk.test", "mx.evil.test");
    for (fields, expected) in [
        (field(own, "pass"), "pass"),
        (field("MX.desk.test", "pass"), "pass"),
        ("Authentication-Results:\r\n\tmx.desk.test; dmarc=pass\r\n".to_owned(), "pass"),
        (field("mx.desk.test 1", "pass"), "pass"),
        // A server strips what names it; each overlooks other spellings of its name.
        (field("mx.desk.test.", "pass"), "unknown?"),
        (field("\"mx.desk.test\"", "pass"), "unknown?"),
        (field("(mx) mx.desk.test", "pass"), "unknown?"),
        (field("mx.desk.test(mx)", "pass"), "unknown?"),
        (field("mx.desk.test (mx)", "pass"), "unknown?"),
        (field("mx.desk.test", "pass").replacen(':', " :", 1), "unknown?"),
        (field("mx.desk.test", "pass").replacen(':', "\t:", 1), "unknown?"),
        (field("mx.desk.test.", "pass") + &field(own, "fail"), "fail"),
        // One below the trusted one.
        (field(own, "fail") + &field(own, "pass"), "fail"),
        (field(own, "none") + &field(own, "pass"), "none"),
        // A wrong authserv-id, alone and around the right one.
        (field(other, "pass"), "unknown?"),
        (field("desk.test", "pass"), "unknown?"),
        (field("mx.desk.test.evil.test", "pass"), "unknown?"),
        (field("evil.test (mx.desk.test)", "pass"), "unknown?"),
        (field(other, "pass") + &field(own, "fail") + &field(other, "pass"), "fail"),
        // A trusted one that cannot be read hides those below it.
        (format!("Authentication-Results: {own}; dmarc=fail (\r\n{}", field(own, "pass")), "unknown"),
        (format!("Authentication-Results: {own} 9; dmarc=fail\r\n{}", field(own, "pass")), "unknown"),
        // Fields with nearly the right name.
        (format!("X-Authentication-Results: {own}; dmarc=pass"), "unknown?"),
        (format!("ARC-Authentication-Results: i=1; {own}; dmarc=pass"), "unknown?"),
        (format!("X: y\r\n  Authentication-Results: {own}; dmarc=pass"), "unknown?"),
        (String::from("X: y"), "unknown?"),
    ] {
        assert_eq!(noted(fields.trim_end(), "a.test"), expected, "{fields}");
    }
    assert_eq!(noted_by(&field(own, "pass"), &[], "a.test"), "unknown?");
}

#[test]
fn a_field_below_a_line_that_another_server_wrote_is_not_believed() {
    let field = "Authentication-Results: mx.desk.test; dmarc=pass header.from=a.test";
    for (received, expected) in [
        ("by mx.desk.test (Postfix, from userid 1000) id 1; Mon, 2 Mar 2026", "pass"),
        ("from mx.desk.test (mx.desk.test [192.0.2.1]) by mx.desk.test (Postfix); Mon", "pass"),
        ("by 2002:a05:6a10:1234:b0:1:2:3 with SMTP id x; Mon, 2 Mar 2026", "pass"),
        ("from mx (localhost [127.0.0.1]) by localhost (Dovecot) with LMTP id x; Mon", "pass"),
        ("from mx by [10.1.2.3] with LMTP; Mon", "pass"),
        ("from mx by store.internal with LMTP; Mon", "pass"),
        ("from a.test by relay.evil.test with ESMTP id 1; Mon", "unknown?"),
        ("from a.test by [192.0.2.7]; Mon", "unknown?"),
        ("from a.test by 2002:0808:0808::1; Mon", "unknown?"),
        ("from a.test by mx.desk.test.evil.test; Mon", "unknown?"),
        ("from a.test by relay.evil.test (by mx.desk.test); Mon", "unknown?"),
        ("from a.test by relay.evil.test by mx.desk.test; Mon", "unknown?"),
        // The client called itself `by`.
        ("from by mx.desk.test by relay.evil.test; Mon", "unknown?"),
        ("from by (mx.desk.test) by relay.evil.test; Mon", "unknown?"),
        ("from a.test (by mx.desk.test", "unknown?"),
        ("(qmail 1 invoked by uid 0); Mon", "unknown?"),
        ("", "unknown?"),
    ] {
        let header = format!("Received: {received}\r\n{field}\r\nReceived: from b by far.away.test; Mon");
        assert_eq!(noted(&header, "a.test"), expected, "{received}");
    }
    let two = format!("Received: from mx by imap.desk.test; Mon\r\n{field}");
    assert_eq!(noted_by(&two, &["mx.desk.test", "imap.desk.test"], "a.test"), "pass");
    assert_eq!(noted_by(&two, &["mx.desk.test"], "a.test"), "unknown?");
}

#[test]
fn a_server_takes_a_mail_from_outside_unless_its_line_shows_another_of_ones_own() {
    let ids = ["mx.desk.test".to_owned(), "imap.desk.test".to_owned()];
    let hops = ["*-mailcow".to_owned(), "out.desk.test".to_owned()];
    let trust = Trust { authserv_ids: &ids, own_hops: &hops, ..Trust::default() };
    for (line, outside) in [
        ("from a.test (a.test [192.0.2.1]) by mx.desk.test (Postfix) with ESMTPS id 1; Mon", true),
        ("from a.test by mx.desk.test; Mon", true),
        ("from evil by mx.desk.test; Mon", true),
        ("from mx.desk.test (192.0.2.1) by mx.desk.test; Mon", true),
        ("from mx.desk.test (unknown [192.0.2.1]) by mx.desk.test; Mon", true),
        ("from x (mx.desk.test [192.0.2.1] (may be forged)) by mx.desk.test; Mon", true),
        ("from [10.0.0.1] (a.test [192.0.2.1]) by mx.desk.test; Mon", true),
        ("from unknown (HELO mx.desk.test) (192.0.2.1) by mx.desk.test with SMTP; Mon", true),
        ("from [192.0.2.1] (helo=mx.desk.test) by mx.desk.test with esmtp; Mon", true),
        ("from x ([IPv6:2001:db8::1]) by mx.desk.test; Mon", true),
        ("by mx.desk.test (Postfix, from userid 0) id 1; Mon", false),
        ("from mx by imap.desk.test; Mon", false),
        ("from mx.desk.test by imap.desk.test; Mon", false),
        ("from postfix by dovecot-mailcow (Dovecot) with LMTP; Mon", false),
        ("from x (out.desk.test [192.0.2.1]) by mx.desk.test; Mon", false),
        ("from x (x [IPv6:fd00::1]) by mx.desk.test; Mon", false),
        ("from localhost (localhost [127.0.0.1]) by mx.desk.test; Mon", false),
        ("(qmail 1 invoked by uid 0); Mon", false),
        ("", false),
    ] {
        assert_eq!(hop::is_from_outside(line.as_bytes(), trust), outside, "{line}");
    }
}

#[test]
fn folded_fields_are_read_as_one() {
    let header = "Authentication-Results: mx.desk.test;\r\n\tdkim=pass (2048-bit key)\r\n\t  header.d=b.test;\r\n dmarc=pass\r\n header.from=a.test";
    assert_eq!(noted(header, "a.test"), "pass");
}

#[test]
fn the_evidence_names_the_line_that_stands_above() {
    let raw = "Received: from mx by imap.desk.test; Mon\r\nAuthentication-Results: mx.desk.test; dmarc=pass\r\n\r\n";
    let block = field::split(raw.as_bytes(), 1 << 18, &mut Vec::new());
    let ids = ["mx.desk.test".to_owned()];
    let trust = Trust { authserv_ids: &ids, ..Trust::default() };
    let Noted::Open(checked) = read(&block, trust, Author { domain: "a.test", address: "x@a.test" }) else {
        panic!("it is not believed")
    };
    assert_eq!(checked.evidence, "no field of a configured server above the line of imap.desk.test");
}

#[test]
fn the_field_without_a_name_counts_where_microsoft_is_named() {
    const HOP: &str =
        "Received: from mx.a.test by AM0EUR02FT003.mail.protection.outlook.com with HTTP; Mon\r\n";
    const FIELD: &str = "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.test; dkim=pass header.d=a.test;dmarc=pass action=none header.from=a.test;compauth=pass reason=100";
    let by = |header: &str, ids: &[&str]| noted_by(header, ids, "a.test");
    assert_eq!(by(&format!("{HOP}{FIELD}"), &["microsoft365"]), "pass");
    assert_eq!(by(FIELD, &["microsoft365"]), "pass");
    assert_eq!(by(&format!("{HOP}{FIELD}"), &["mx.desk.test"]), "unknown?");
    assert_eq!(
        by(&format!("Received: from x by mx.evil.test; Mon\r\n{FIELD}"), &["microsoft365"]),
        "unknown?"
    );
    assert_eq!(
        by(&format!("Received: from x by notoutlook.com; Mon\r\n{FIELD}"), &["microsoft365"]),
        "unknown?"
    );
    for (from, to, expected) in [
        ("dmarc=pass action=none", "dmarc=fail action=oreject", "fail"),
        ("dmarc=pass action=none", "dmarc=fail action=none", "none"),
        ("dmarc=pass action=none", "dmarc=bestguesspass action=none", "pass"),
        ("header.from=a.test", "header.from=b.test", "unknown"),
        ("spf=pass (sender IP is 192.0.2.1)", "mx.evil.test; spf=pass", "unknown?"),
    ] {
        assert_eq!(by(&FIELD.replace(from, to), &["microsoft365"]), expected, "{to}");
    }
}

#[test]
fn other_hops_of_ones_own_are_named_with_patterns() {
    for (host, pattern, fits) in [
        ("mail-7f9c", "mail-*", true),
        ("Dovecot.mailcow", "*.mailcow", true),
        ("a-b-c", "a-*-c", true),
        ("mx.desk.test.", "mx.desk.test", true),
        ("mx.desk.test", "mx.desk", false),
        ("a.evil.test", "*.mailcow", false),
        ("mailcow.evil.test", "*.mailcow", false),
        ("aa", "a*a*a", false),
        ("x", "*", true),
    ] {
        assert_eq!(is_like(host, pattern), fits, "{host} {pattern}");
    }
    let raw = "Received: from postfix by e1a2b3c4d5e6 (Dovecot) with LMTP; Mon\r\nAuthentication-Results: mx.desk.test; dmarc=pass\r\n\r\n";
    let block = field::split(raw.as_bytes(), 1 << 18, &mut Vec::new());
    let (ids, hops) = (["mx.desk.test".to_owned()], ["e1a2*".to_owned()]);
    let author = Author { domain: "a.test", address: "x@a.test" };
    for (own_hops, passes) in [(&hops[..], true), (&[], false)] {
        let trust = Trust { authserv_ids: &ids, own_hops, ..Trust::default() };
        assert_eq!(matches!(read(&block, trust, author), Noted::Decided(_)), passes);
    }
}

#[test]
fn what_its_author_handed_in_after_a_log_in_is_theirs() {
    for (findings, expected) in [
        ("auth=pass (plain) smtp.auth=x@a.test", "pass"),
        ("auth=pass smtp.auth=X@A.test smtp.mailfrom=x@a.test", "pass"),
        ("auth=pass smtp.auth=eve@a.test", "unknown?"),
        ("auth=pass smtp.auth=x", "unknown?"),
        ("auth=fail smtp.auth=x@a.test", "unknown?"),
        ("auth=pass", "unknown?"),
    ] {
        assert_eq!(result(findings), expected, "{findings}");
    }
}

#[test]
fn an_exchange_of_ones_own_says_what_is_from_inside() {
    const MARK: &str = "X-MS-Exchange-Organization-AuthAs: Internal";
    for (header, exchange, passes) in [
        (MARK.to_owned(), true, true),
        (MARK.to_owned(), false, false),
        (MARK.replace("Internal", "Anonymous"), true, false),
        (MARK.replace(':', " :"), true, false),
        (format!("{MARK}\r\n{}", MARK.replace("Internal", "Anonymous")), true, false),
    ] {
        let raw = format!("{header}\r\n\r\n");
        let block = field::split(raw.as_bytes(), 1 << 18, &mut Vec::new());
        let trust = Trust { exchange, ..Trust::default() };
        let noted = read(&block, trust, Author { domain: "a.test", address: "x@a.test" });
        assert_eq!(matches!(noted, Noted::Decided(_)), passes, "{header}");
    }
}
