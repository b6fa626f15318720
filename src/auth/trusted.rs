//! What the receiving mail server noted: which field counts, and what it means for the one author.
//!
//! Only the topmost field of a configured server counts, and only above every line of the message's way that a
//! server of one's own did not write, or by which it took the mail from outside: whatever stands below may come from
//! the sender.

use crate::auth::checked::Checked;
use crate::auth::domain;
use crate::auth::hop;
use crate::auth::hop::MICROSOFT;
use crate::auth::hop::Trust;
use crate::auth::results;
use crate::auth::results::Finding;
use crate::mail::parse::field::Block;
use crate::mail::parse::field::NameEnds;
use crate::ticket::authentication::Authentication;

/// What was done, or would be, and what the domain's owner asks for; for domains below it, something else may be.
const ACTIONS: &[&str] =
    &["action", "dis", "d", "policy.applied-disposition", "policy.evaluated-disposition"];
const POLICIES: &[&str] = &["p", "policy", "policy.dmarc", "policy.p", "policy.published-domain-policy"];
const BELOW: &[&str] = &["sp", "policy.sp", "policy.published-subdomain-policy"];

/// Services that stamp whatever they take, so that the topmost field is theirs wherever it stands: Google's is below its
/// own line.
const ALWAYS: &[&str] = &[MICROSOFT, "mx.google.com"];

/// What the receiving server's note comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Noted {
    /// It says what is to be known.
    Decided(Checked),
    /// It leaves the question open; this is what it comes to where nothing else is asked.
    Open(Checked),
}

/// Whose mail it is.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// In its one spelling.
    pub domain: &'a str,
    /// Case-folded.
    pub address: &'a str,
}

/// Looks for the one field that counts and reads it for the author.
pub fn read(block: &Block<'_>, trust: Trust<'_>, author: Author<'_>) -> Noted {
    let Trust { authserv_ids, exchange, .. } = trust;
    if exchange && is_internal(block) {
        return decided(Authentication::Pass, "your Exchange says that it comes from inside".to_owned());
    }
    if authserv_ids.is_empty() {
        return open("`authserv_ids` names no server");
    }
    let field = match find(block, trust) {
        Ok(field) => field,
        Err(why) => return open(&why),
    };
    let Field { server, value, place } = &field;
    let found = if server == MICROSOFT {
        results::parse(&[MICROSOFT.as_bytes(), b"; ", value].concat())
    } else {
        results::parse(value)
    };
    let noted = match found.and_then(|found| found.findings) {
        Some(findings) => judge(&findings, author, server),
        None => decided(Authentication::Unknown, format!("the field of {server} cannot be read")),
    };
    if *place == Place::Doubtful { doubted(noted, server) } else { noted }
}

/// Whether the one field that counts stands where its mail's sender could have written it.
pub(crate) fn is_doubtful(block: &Block<'_>, trust: Trust<'_>) -> bool {
    find(block, trust).is_ok_and(|field| field.place == Place::Doubtful)
}

/// The one field that counts.
struct Field<'a> {
    /// In lower case.
    server: String,
    value: &'a [u8],
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Sure,
    /// Below the line by which the mail was taken from outside.
    Doubtful,
}

/// Finds it, or says why none counts.
fn find<'a>(block: &'a Block<'_>, trust: Trust<'_>) -> Result<Field<'a>, String> {
    let mut place = Place::Sure;
    for line in &block.fields {
        if line.name.eq_ignore_ascii_case("Received") {
            hop::own_hop(&line.value, trust)
                .map_err(|server| format!("no field of a configured server above the line of {server}"))?;
            if hop::is_from_outside(&line.value, trust) {
                place = Place::Doubtful;
            }
        } else if line.name.eq_ignore_ascii_case("Authentication-Results")
            && line.ends == NameEnds::AtTheColon
            && let Some(server) = trust.authserv_ids.iter().find(|id| is_by(&line.value, id))
        {
            let server = server.to_ascii_lowercase();
            if trust.stamps_below || ALWAYS.contains(&server.as_str()) {
                place = Place::Sure;
            }
            return Ok(Field { server, value: &line.value, place });
        }
    }
    Err("no field of a configured server".to_owned())
}

/// What a field comes to that its mail's sender could have written, had the server's filter been down. Nobody forges
/// what speaks against them.
fn doubted(noted: Noted, server: &str) -> Noted {
    match noted {
        Noted::Decided(checked) if checked.authentication == Authentication::Fail => Noted::Decided(checked),
        _ => open(&format!(
            "the field of {server} stands below the line by which it took the mail, where the sender can write one \
             (see stamps_below)"
        )),
    }
}

/// Whether Exchange marked a mail as one from inside, which it does with no other.
fn is_internal(block: &Block<'_>) -> bool {
    const MARK: &str = "X-MS-Exchange-Organization-AuthAs";
    let mut marks = block.fields.iter().filter(|line| line.name.eq_ignore_ascii_case(MARK));
    let (Some(mark), None) = (marks.next(), marks.next()) else { return false };
    mark.ends == NameEnds::AtTheColon && mark.value.trim_ascii().eq_ignore_ascii_case(b"Internal")
}

/// Whether a field is by this server. Microsoft names none, and begins with what it found.
fn is_by(value: &[u8], server: &str) -> bool {
    if server != MICROSOFT {
        return results::is_by(value, server);
    }
    let begins = |method: &str| {
        let value = value.trim_ascii_start();
        value.len() > method.len()
            && value[..method.len()].eq_ignore_ascii_case(method.as_bytes())
            && value[method.len()] == b'='
    };
    ["spf", "dkim", "dmarc", "compauth"].into_iter().any(begins)
}

fn judge(findings: &[Finding], whose: Author<'_>, server: &str) -> Noted {
    let author = whose.domain;
    let by = |method: &'static str| findings.iter().filter(move |finding| finding.method == method);
    let logged_in = |finding: &Finding| {
        finding.result == "pass"
            && finding.property("smtp.auth").is_some_and(|user| user.eq_ignore_ascii_case(whose.address))
    };
    if by("auth").any(logged_in) {
        return decided(Authentication::Pass, format!("handed in by its author, noted by {server}"));
    }
    let about_author = |finding: &&Finding| match finding.property("header.from") {
        Some(from) => domain::normal(bare_domain(from)).as_deref() == Some(author),
        None => true,
    };
    let mut results: Vec<&str> =
        by("dmarc").filter(about_author).map(|dmarc| dmarc.result.as_str()).collect();
    let is_refused = by("dmarc").filter(about_author).any(|dmarc| asks_to_refuse(dmarc, author));
    results.dedup();
    let says = |result: &str| format!("dmarc={result} for {author}, noted by {server}");
    match results.as_slice() {
        [] if by("dmarc").next().is_some() => {
            decided(Authentication::Unknown, format!("{server} checked another author than {author}"))
        }
        [] => without_dmarc(by("dkim"), author, server),
        [result @ "pass"] => decided(Authentication::Pass, says(result)),
        [result @ "fail"] if is_refused => decided(Authentication::Fail, says(result)),
        [result @ "fail"] => decided(Authentication::None, says(result) + ", and nobody asks to refuse it"),
        ["none" | "bestguesspass"] => without_record(by("dkim"), author, server),
        [result] => decided(Authentication::Unknown, says(result)),
        _ => decided(Authentication::Unknown, format!("{server} contradicts itself on {author}")),
    }
}

/// Whether a server names a policy by which such mail is to be refused or put aside, or that it would do so.
fn asks_to_refuse(dmarc: &Finding, author: &str) -> bool {
    let properties = dmarc.properties.iter().map(|(name, value)| (name.clone(), value.as_str()));
    let named: Vec<(String, &str)> = properties.chain(dmarc.remarks()).collect();
    let refuses = |names: &[&str]| {
        named.iter().any(|(name, value)| names.contains(&name.as_str()) && is_refusal(value))
    };
    let is_below = domain::organisational(author) != author;
    let for_domains_below = is_below && named.iter().any(|(name, _)| BELOW.contains(&name.as_str()));
    refuses(ACTIONS) || if for_domains_below { refuses(BELOW) } else { refuses(POLICIES) }
}

/// As Microsoft writes it, `oreject` is a refusal that it overrides, and `pct.` one that is not for all mail.
fn is_refusal(value: &str) -> bool {
    let value = value.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    let plain = value.strip_prefix("pct.").or_else(|| value.strip_prefix("o.")).unwrap_or(&value);
    ["reject", "quarantine", "oreject", "oquarantine"].contains(&plain)
}

/// The domain has no DMARC record, so an aligned signature is what counts.
fn without_record<'a>(dkim: impl Iterator<Item = &'a Finding>, author: &str, server: &str) -> Noted {
    let mut authentication = Authentication::None;
    let mut evidence = format!("no DMARC record and no aligned DKIM signature, noted by {server}");
    for finding in dkim {
        let Some(signer) = signer(finding).filter(|signer| domain::are_aligned(signer, author)) else {
            continue;
        };
        let says = format!("no DMARC record, dkim={} by {signer}, noted by {server}", finding.result);
        match finding.result.as_str() {
            "pass" => return decided(Authentication::Pass, says),
            "temperror" | "permerror" => (authentication, evidence) = (Authentication::Unknown, says),
            _ => {}
        }
    }
    decided(authentication, evidence)
}

/// Whether there is a DMARC record is not known: only a signature by exactly the author's domain fulfils any.
fn without_dmarc<'a>(dkim: impl Iterator<Item = &'a Finding>, author: &str, server: &str) -> Noted {
    let mut dkim = dkim.peekable();
    if dkim.peek().is_none() {
        return open(&format!("{server} notes neither DMARC nor DKIM"));
    }
    let passes = |finding: &Finding| finding.result == "pass" && signer(finding).as_deref() == Some(author);
    if dkim.any(passes) {
        return decided(Authentication::Pass, format!("dkim=pass by {author}, noted by {server}"));
    }
    let evidence = format!("no DMARC and no good signature by {author}, noted by {server}");
    Noted::Open(Checked { authentication: Authentication::None, evidence, ..Checked::default() })
}

/// The signing domain of a DKIM finding.
fn signer(finding: &Finding) -> Option<String> {
    let named = finding.property("header.d").or_else(|| finding.property("header.i"))?;
    domain::normal(bare_domain(named))
}

/// Some servers note a whole address where a domain is meant.
fn bare_domain(value: &str) -> &str {
    let value = value.trim_matches(|c: char| c == '<' || c == '>' || c.is_whitespace());
    value.rsplit_once('@').map_or(value, |(_, domain)| domain)
}

fn decided(authentication: Authentication, evidence: String) -> Noted {
    Noted::Decided(Checked { authentication, evidence, ..Checked::default() })
}

fn open(evidence: &str) -> Noted {
    Noted::Open(Checked { evidence: evidence.to_owned(), ..Checked::default() })
}

#[cfg(test)]
mod tests;
