//! From signatures and DNS answers to a result, by the rules of DMARC.
//!
//! Asks nobody: every answer is there already, and a name without one counts as a name without a record.

use std::borrow::Borrow;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::Ipv4Addr;
use std::time::Instant;

use futures_util::FutureExt;
use mail_auth::DkimOutput;
use mail_auth::DkimResult;
use mail_auth::DmarcResult;
use mail_auth::DnsError;
use mail_auth::DnssecStatus;
use mail_auth::Error;
use mail_auth::MessageAuthenticator;
use mail_auth::Parameters;
use mail_auth::RecordSet;
use mail_auth::ResolverCache;
use mail_auth::SpfOutput;
use mail_auth::Txt;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::DkimError;
use mail_auth::dmarc::Dmarc;
use mail_auth::dmarc::Policy;
use mail_auth::dmarc::verify::DmarcParameters;

use crate::auth::cache::Answer;
use crate::auth::checked::Checked;
use crate::auth::checked::Subject;
use crate::auth::key;
use crate::auth::signatures;
use crate::auth::signatures::Signed;
use crate::ticket::authentication::Authentication;

/// The library, with no name server to ask: it is handed every answer.
pub fn library() -> Option<MessageAuthenticator> {
    let (no_servers, options) = <(_, _)>::default();
    MessageAuthenticator::new(no_servers, options).ok()
}

/// Checks the signatures and what the author's domain asks for.
pub fn judge(
    library: &MessageAuthenticator,
    subject: &Subject,
    signed: &[Signed],
    answers: &HashMap<String, Answer>,
) -> Checked {
    // The body matters only to a signature.
    let raw =
        if signed.is_empty() { Cow::Borrowed(&b"X: \r\n\r\n"[..]) } else { with_network_ends(&subject.raw) };
    let Some(message) = signatures::read(&raw, &subject.author, subject.received_at) else {
        return Checked::left_open("it has no header");
    };
    let known = Known(answers.iter().map(|(name, answer)| record(name, answer)).collect());
    let parameters = Parameters::new(&message).with_txt_cache(&known).with_ipv4_cache(&known);
    let Some(dkim) = library.verify_dkim(parameters).now_or_never() else {
        return Checked::left_open("a key was not asked for");
    };
    let spf = SpfOutput::default();
    let parameters = DmarcParameters::new(&message, &dkim, "", &spf);
    let parameters = Parameters::new(parameters).with_txt_cache(&known).with_ipv4_cache(&known);
    let Some(dmarc) = library.verify_dmarc(parameters).now_or_never() else {
        return Checked::left_open("a policy was not asked for");
    };
    let policy = dmarc.dmarc_record().map(|_| dmarc.policy());
    conclude(dmarc.dkim_result(), policy, &dkim, &subject.author)
}

fn conclude(dmarc: &DmarcResult, policy: Option<Policy>, dkim: &[DkimOutput<'_>], author: &str) -> Checked {
    let signer = dkim.iter().find(|output| *output.result() == DkimResult::Pass);
    let signer = signer.and_then(|output| output.signature()).map(|signature| signature.d.as_str());
    let lacks_key = dkim.iter().any(is_without_key);
    let (authentication, says) = match (dmarc, policy, signer) {
        (DmarcResult::Pass, _, _) => {
            let signer = signer.unwrap_or(author);
            (Authentication::Pass, format!("dmarc=pass for {author}, signed by {signer}"))
        }
        (DmarcResult::TempError(_) | DmarcResult::PermError(_), _, _) => {
            (Authentication::Unknown, format!("DNS gave no usable answer about {author}"))
        }
        (_, None, Some(signer)) => {
            (Authentication::Pass, format!("no DMARC record, dkim=pass by {signer} for {author}"))
        }
        _ if lacks_key => (Authentication::Unknown, "the key of its signature is not in DNS".to_owned()),
        // Not failed: by SPF it may pass, and only the server that received it could see that.
        (_, Some(policy), _) => (
            Authentication::None,
            format!("no good signature; the policy of {author} is {}", policy_name(policy)),
        ),
        (_, None, None) => {
            (Authentication::None, format!("no good signature, and no DMARC record of {author}"))
        }
    };
    Checked { authentication, evidence: format!("own check: {says}"), ..Checked::default() }
}

fn policy_name(policy: Policy) -> &'static str {
    match policy {
        Policy::Reject => "reject",
        Policy::Quarantine => "quarantine",
        _ => "none",
    }
}

/// Whether the key could not be had, for whatever reason; a revoked one could.
fn is_without_key(output: &DkimOutput<'_>) -> bool {
    matches!(output.result(), DkimResult::TempError(Error::Dns(_)) | DkimResult::PermError(Error::Dns(_)))
}

/// Signatures are over lines that end as on the network; a file may have others.
fn with_network_ends(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(raw, b"\r\n").is_some() {
        return Cow::Borrowed(raw);
    }
    let mut mended = Vec::with_capacity(raw.len() + raw.len() / 20);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        mended.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        mended.extend_from_slice(if line.ends_with(b"\n") { b"\r\n" } else { b"" });
    }
    Cow::Owned(mended)
}

fn record(name: &str, answer: &Answer) -> (Box<str>, Txt) {
    let is_policy = name.starts_with("_dmarc.");
    let parse = |text: &Vec<u8>| -> Txt {
        if is_policy {
            Dmarc::parse(text).into()
        } else if key::is_usable(text) {
            DomainKey::parse(text).into()
        } else {
            Txt::Error(Error::Dkim(DkimError::RevokedPublicKey))
        }
    };
    let record = match answer {
        Answer::Failed => Txt::Error(Error::Dns(DnsError::Resolver("no answer".to_owned()))),
        Answer::Missing => absent(),
        Answer::Texts(texts) => {
            let mut parsed = texts.iter().map(parse).peekable();
            let first = parsed.peek().cloned();
            parsed.find(|record| !matches!(record, Txt::Error(_))).or(first).unwrap_or_else(absent)
        }
    };
    (format!("{name}.").into(), record)
}

fn absent() -> Txt {
    Txt::Error(Error::Dns(DnsError::InvalidRecordType))
}

/// All that the library may know. It answers every question, so that none leaves the machine from there.
struct Known(HashMap<Box<str>, Txt>);

impl ResolverCache<Box<str>, Txt> for Known {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(self.0.get(name).cloned().unwrap_or_else(absent))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// Asked only whether a domain exists at all, for a policy that almost nobody writes: taken for granted.
impl ResolverCache<Box<str>, RecordSet<Ipv4Addr>> for Known {
    fn get<Q>(&self, _: &Q) -> Option<RecordSet<Ipv4Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(RecordSet { rrset: [].into(), dnssec_status: DnssecStatus::Indeterminate })
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<Ipv4Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: RecordSet<Ipv4Addr>, _: Instant) {}
}
