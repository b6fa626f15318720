//! The mail that is left when no template can be used: a few plain lines made in code.
//!
//! Keeps the rules of who may see what; it has no words, so it needs no language.

use crate::template::clean;
use crate::template::context::Context;
use crate::template::context::TicketFacts;
use crate::template::frame::Rendered;
use crate::template::locale;
use crate::template::name::Name;

/// A mail from the values alone.
pub(crate) fn render(name: Name, context: Context<'_>) -> Rendered {
    let (subject, parts) = match context {
        // Made for others than this mail is for: the tag is all that both may see.
        _ if !context.fits(name) => (tag_of(context), Vec::new()),
        Context::Outsider(mail) if name == Name::NewticketSubmitter => (title(&mail.ticket), Vec::new()),
        Context::Outsider(mail) => (title(&mail.ticket), vec![mail.body.text()]),
        Context::Staff(mail) => {
            let note = mail.note.as_deref().unwrap_or_default();
            (title(&mail.ticket), vec![note, mail.marker.as_str(), mail.body.text()])
        }
        Context::Alert(mail) => (mail.title.clone(), vec![mail.text.as_str()]),
    };
    let subject = clean::line(&subject, 200);
    let mut blocks = vec![subject.clone()];
    if let (Context::Staff(mail), true) = (context, context.fits(name)) {
        blocks.insert(0, clean::block(&mail.marker));
    }
    blocks.extend(parts.into_iter().map(clean::block));
    blocks.retain(|block| !block.is_empty());
    let text = blocks.join("\n\n") + "\n";
    let html = format!("<p>{}</p>\n", clean::html(text.trim_end()));
    Rendered { subject, text, html, locale_used: locale::ENGLISH.to_owned() }
}

fn title(ticket: &TicketFacts) -> String {
    format!("{} {}", ticket.tag, ticket.subject)
}

fn tag_of(context: Context<'_>) -> String {
    match context {
        Context::Outsider(mail) => mail.ticket.tag.clone(),
        Context::Staff(mail) => mail.ticket.tag.clone(),
        Context::Alert(mail) => mail.desk.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::sample;

    #[test]
    fn the_mail_that_needs_no_template_keeps_the_rules_of_the_others() {
        let sample = sample::ordinary();
        let mail = |name| render(name, sample.context(name));
        let words = "Überweisung ist heute";
        assert!(mail(Name::UpdatedSubmitter).text.contains(words));
        assert!(mail(Name::Alert).text.contains(words));
        let acknowledgement = mail(Name::NewticketSubmitter);
        assert!(
            !acknowledgement.text.contains(words) && acknowledgement.subject.starts_with("[support-12] ")
        );
        let staff = mail(Name::UpdatedOwner);
        let sections: Vec<&str> = staff.text.split(sample.staff.marker.as_str()).collect();
        assert!(sections[0].is_empty() && !sections[1].contains(words) && sections[2].contains(words));
        assert!(staff.html.contains("3 &lt; 4 &amp; 5 &gt; 4.<br>"), "{}", staff.html);
    }
}
