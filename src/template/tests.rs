//! What every template must keep to, whoever wrote it and whatever it is given.

use super::*;
use crate::template::sample;

#[test]
fn every_built_in_mail_is_filled_in_from_every_sample() {
    let (templates, problems) = Templates::load(None);
    assert_eq!(problems, []);
    for sample in sample::all() {
        for name in Name::ALL {
            let values = view::values(name, sample.context(name));
            let mail = templates.layers[0].render(name, "en", &values);
            assert!(mail.is_ok(), "{name}, {}: {mail:?}", sample.title);
        }
    }
}
