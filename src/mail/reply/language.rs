//! The words that mail programs and people put around a message, one file a language.
//!
//! Nothing but data. A new language is a file here and its name in two places below.

mod ar;
mod bg;
mod ca;
mod cs;
mod da;
mod de;
mod el;
mod en;
mod es;
mod et;
mod fa;
mod fi;
mod fr;
mod he;
mod hi;
mod hr;
mod hu;
mod id;
mod is;
mod it;
mod ja;
mod ko;
mod lt;
mod lv;
mod nl;
mod no;
mod pl;
mod pt;
mod ro;
mod ru;
mod sl;
mod sr;
mod sv;
mod th;
mod tr;
mod uk;
mod vi;
pub mod words;
mod zh;

use crate::mail::reply::language::words::Vocabulary;

/// Every language.
pub const ALL: &[&Vocabulary] = &[
    &en::WORDS,
    &de::WORDS,
    &fr::WORDS,
    &es::WORDS,
    &it::WORDS,
    &pt::WORDS,
    &nl::WORDS,
    &sv::WORDS,
    &da::WORDS,
    &no::WORDS,
    &fi::WORDS,
    &pl::WORDS,
    &cs::WORDS,
    &ru::WORDS,
    &uk::WORDS,
    &bg::WORDS,
    &tr::WORDS,
    &el::WORDS,
    &he::WORDS,
    &ar::WORDS,
    &zh::WORDS,
    &ja::WORDS,
    &ko::WORDS,
    &hu::WORDS,
    &ro::WORDS,
    &hr::WORDS,
    &vi::WORDS,
    &id::WORDS,
    &th::WORDS,
    &lt::WORDS,
    &ca::WORDS,
    &et::WORDS,
    &fa::WORDS,
    &hi::WORDS,
    &is::WORDS,
    &lv::WORDS,
    &sl::WORDS,
    &sr::WORDS,
];
