//! Mails without their large bodies: put together they are the mails that they would have been.

use crate::template::Templates;
use crate::template::body::Body;
use crate::template::context::Context;
use crate::template::context::Entry;
use crate::template::name::Name;
use crate::template::override_tests::dir;
use crate::template::sample;
use crate::template::sample::Sample;

/// What nobody says twice, so that it is seen where it stands.
const LONG: &str =
    "The printer in the hall burns again, and <nobody> & no-one can say why.\n\n  Please look.\n";
/// Changes nothing but what the program may think of it.
const LOOKING: &str = "{% set seen = 1 %}\n";

fn long(formatted: bool) -> Sample {
    let mut sample = sample::ordinary();
    let html = formatted.then(|| format!("<p>It <b>burns</b>.</p>{}", "<p>Again.</p>\n".repeat(900)));
    let body = Body::new(&LONG.repeat(90), html.as_deref());
    let earlier = |text: &str| Body::earlier(&text.repeat(2000));
    (sample.outsider.body, sample.staff.body) = (body.clone(), body);
    let entry = |body| Entry { body, ..sample.staff.history[0].clone() };
    sample.staff.history =
        vec![entry(earlier("Before. ")), entry(Body::earlier("Short.")), entry(earlier("\t1\n"))];
    sample
}

/// With a file of an operator that lets bodies stand in every mail.
fn whole() -> Templates {
    let subject = format!("{LOOKING}{}", include_str!("../../templates/alert/subject.txt"));
    let dir = dir(&[("alert/subject.txt", subject.as_str())]);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems, []);
    templates
}

#[test]
fn a_mail_put_together_is_the_one_that_it_would_have_been() {
    let (built_in, whole) = (Templates::load(None).0, whole());
    for formatted in [false, true] {
        let sample = long(formatted);
        for listed in built_in.list() {
            for locale in ["en", "ar"] {
                let context = sample.context(listed.name);
                let expected = whole.frame(listed.name, locale, context);
                assert!(expected.bodies.is_empty(), "{}", listed.name);
                let mail = built_in.render(listed.name, locale, context);
                assert!(
                    mail == expected.mail,
                    "{} in {locale}\n{}\n{}",
                    listed.name,
                    mail.html,
                    expected.mail.html
                );
            }
        }
    }
}

#[test]
fn a_frame_is_small_however_long_its_bodies_are() {
    let (templates, sample) = (Templates::load(None).0, long(true));
    let frame = |name: Name| templates.frame(name, "en", sample.context(name));
    for (name, bodies) in
        [(Name::UpdatedSubmitter, 1), (Name::UpdatedOwner, 2), (Name::NewticketSubmitter, 0)]
    {
        let frame = frame(name);
        assert_eq!(frame.bodies.len(), bodies, "{name}");
        let size = frame.mail.text.len() + frame.mail.html.len();
        assert!(size < 16 * 1024, "{name}: {size}");
    }
}

#[test]
fn a_template_of_an_operator_that_looks_at_what_it_writes_sees_the_words() {
    let files = [
        ("updated_submitter/text.txt", "{% set all %}{{ text }}{% endset %}{{ all|upper }}\n"),
        ("updated_submitter/subject.txt", "{{ ticket.tag }} {{ text }}"),
    ];
    let dir = dir(&files);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems, []);
    let sample = long(false);
    let frame = templates.frame(Name::UpdatedSubmitter, "en", Context::Outsider(&sample.outsider));
    assert!(frame.mail.text.starts_with("THE PRINTER IN THE HALL"), "{}", frame.mail.text);
}

#[test]
fn words_in_a_subject_are_the_words_and_what_is_made_of_them_is_not_taken_for_them() {
    let files = [
        ("updated_submitter/text.txt", "{{ text|upper }} {{ text }}\n{{ text|length }} {{ html }}\n"),
        ("updated_submitter/subject.txt", "{{ ticket.tag }} {{ text }}"),
        ("updated_submitter/body.html", "<p>{{ text }}</p>{{ html }}{{ text|lines }}"),
    ];
    let dir = dir(&files);
    let (templates, problems) = Templates::load(Some(dir.path()));
    assert_eq!(problems, []);
    let sample = long(true);
    let (text, html) = (sample.outsider.body.text(), sample.outsider.body.html());
    let frame = templates.frame(Name::UpdatedSubmitter, "en", Context::Outsider(&sample.outsider));
    assert_eq!(frame.bodies.len(), 1);
    let mail = frame.filled();
    assert!(mail.subject.starts_with("[support-12] The printer in the hall burns"), "{}", mail.subject);
    let expected = format!("{} {text}\n{} {html}", text.to_uppercase(), text.chars().count());
    assert_eq!(mail.text.trim_end(), expected.trim_end());
    let escaped = crate::template::clean::escaped(text);
    assert_eq!(mail.html, format!("<p>{escaped}</p>{html}{}", crate::template::clean::html(text)));
}
