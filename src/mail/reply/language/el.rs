//! Greek: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["από", "αποστολέας"]),
        (Label::Sent, &["εστάλη", "στάλθηκε", "απεστάλη", "αποστολή", "ημερομηνία αποστολής"]),
        (Label::Date, &["ημερομηνία"]),
        (Label::To, &["προς", "παραλήπτης"]),
        (Label::Cc, &["κοιν", "κοινοποίηση", "κοιν."]),
        (Label::Subject, &["θέμα"]),
    ],
    original: &["αρχικό μήνυμα", "πρωτότυπο μήνυμα", "αρχικό email"],
    forwarded: &[
        "προωθημένο μήνυμα", "μήνυμα που προωθήθηκε", "αρχή προωθημένου μηνύματος",
        "έναρξη προωθημένου μηνύματος",
    ],
    forward_prefixes: &["προώθ", "πρθ"],
    wrote: &["έγραψε", "έγραψαν", "έγραψες", "έγραφε", "γράφει"],
    starters: &["στις", "τη", "την", "το"],
    quoting: &["παράθεση"],
    own_words: &["έγραψα"],
    above_this_line: &["πάνω από αυτή τη γραμμή", "πάνω από αυτήν τη γραμμή", "απαντήστε πάνω"],
    sent_from: &[
        "εστάλη από", "στάλθηκε από", "απεστάλη από", "αποκτήστε το outlook", "αποστολή από",
        "λήψη του outlook",
    ],
    devices: &["κινητ", "συσκευ"],
    legal_starts: &["αυτό το μήνυμα", "το παρόν", "εάν δεν είστε"],
    legal_words: &["εμπιστευτικ", "διαβαθμ"],
    legal_sure: &["εμπιστευτικ", "παραλήπτη", "αποστολέα"],
    ..Vocabulary::NONE
};
