//! Schedules against crontab's rules, days on which the clock changes, and a scan of every minute.

use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// The next moments after `after`, as the clock on the wall shows them.
fn upcoming(text: &str, zone_name: &str, after: &str, count: usize) -> Vec<String> {
    let (schedule, zone) = (Schedule::parse(text).unwrap(), zone(zone_name));
    let moments = std::iter::successors(Some(at(after)), |last| schedule.next(&zone, *last));
    let shown = |moment: Timestamp| {
        let moment = jiff::Timestamp::from_microsecond(moment.0).unwrap();
        moment.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M %z").to_string()
    };
    moments.skip(1).take(count).map(shown).collect()
}

fn next_utc(text: &str, after: &str) -> String {
    upcoming(text, "UTC", after, 1).join("").replace(" +0000", "")
}

#[test]
fn fields_mean_what_crontab_says() {
    // A Saturday.
    let after = "2026-08-01T10:17:30Z";
    for (text, expected) in [
        ("* * * * *", "Sat 2026-08-01 10:18"),
        ("*/15 * * * *", "Sat 2026-08-01 10:30"),
        ("17 10 * * *", "Sun 2026-08-02 10:17"),
        ("5,20-22,50 * * * *", "Sat 2026-08-01 10:20"),
        ("10-30/7 * * * *", "Sat 2026-08-01 10:24"),
        ("0 9 * * 0", "Sun 2026-08-02 09:00"),
        ("0 9 * * 7", "Sun 2026-08-02 09:00"),
        ("0 9 * * 1", "Mon 2026-08-03 09:00"),
        ("0 9 * * 1-5", "Mon 2026-08-03 09:00"),
        ("0 9 * * MON-fri", "Mon 2026-08-03 09:00"),
        ("0 9 * * 6-7", "Sun 2026-08-02 09:00"),
        ("0 9 * * fri-sun", "Sun 2026-08-02 09:00"),
        ("0 9 * * Sun,Wed", "Sun 2026-08-02 09:00"),
        ("0 0 13 * Fri", "Fri 2026-08-07 00:00"),
        ("0 0 13 * *", "Thu 2026-08-13 00:00"),
        ("0 0 * * 5", "Fri 2026-08-07 00:00"),
        ("0 0 */2 * 1", "Mon 2026-08-03 00:00"),
        ("0 0 1 sep *", "Tue 2026-09-01 00:00"),
        ("0 0 29 2 *", "Tue 2028-02-29 00:00"),
        ("0 0 31 2 mon", "Mon 2027-02-01 00:00"),
        ("  0\t0  1 Jan,Jul *  ", "Fri 2027-01-01 00:00"),
        ("@hourly", "Sat 2026-08-01 11:00"),
        ("@daily", "Sun 2026-08-02 00:00"),
        ("@midnight", "Sun 2026-08-02 00:00"),
        ("@Weekly", "Sun 2026-08-02 00:00"),
        ("@monthly", "Tue 2026-09-01 00:00"),
        ("@yearly", "Fri 2027-01-01 00:00"),
        ("@annually", "Fri 2027-01-01 00:00"),
    ] {
        assert_eq!(next_utc(text, after), expected, "{text}");
    }
}

#[test]
fn friday_the_13th_is_every_friday_and_every_13th() {
    assert_eq!(
        upcoming("0 8 13 * Fri", "UTC", "2026-08-05T00:00:00Z", 4),
        ["Fri 2026-08-07", "Thu 2026-08-13", "Fri 2026-08-14", "Fri 2026-08-21"]
            .map(|day| format!("{day} 08:00 +0000"))
    );
}

#[test]
fn half_past_two_comes_once_on_both_days_on_which_berlin_changes_its_clock() {
    assert_eq!(
        upcoming("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
        ["Sat 2026-03-28 02:30 +0100", "Sun 2026-03-29 03:30 +0200", "Mon 2026-03-30 02:30 +0200"]
    );
    assert_eq!(
        upcoming("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 3),
        ["Sat 2026-10-24 02:30 +0200", "Sun 2026-10-25 02:30 +0200", "Mon 2026-10-26 02:30 +0100"]
    );
}

#[test]
fn a_skipped_time_still_comes_when_asked_after_the_jump() {
    // 03:10 in Berlin, ten minutes after the clock jumped over 02:30.
    assert_eq!(
        upcoming("30 2 * * *", "Europe/Berlin", "2026-03-29T01:10:00Z", 1),
        ["Sun 2026-03-29 03:30 +0200"]
    );
    assert_eq!(
        upcoming("10,30 2,3 * * *", "Europe/Berlin", "2026-03-29T00:59:00Z", 3),
        ["Sun 2026-03-29 03:10 +0200", "Sun 2026-03-29 03:30 +0200", "Mon 2026-03-30 02:10 +0200"]
    );
}

#[test]
fn every_half_hour_skips_the_repeated_hour() {
    assert_eq!(
        upcoming("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:10:00Z", 3),
        ["Sun 2026-10-25 02:30 +0200", "Sun 2026-10-25 03:00 +0100", "Sun 2026-10-25 03:30 +0100"]
    );
}

#[test]
fn a_day_that_a_zone_left_out_is_no_trouble() {
    assert_eq!(
        upcoming("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00:00Z", 2),
        ["Sat 2011-12-31 12:00 +1400", "Sun 2012-01-01 12:00 +1400"]
    );
}

#[test]
fn a_bad_schedule_is_refused_in_a_sentence() {
    for (text, sentence) in [
        ("", "a schedule has five fields (minute, hour, day of month, month, day of week), not 0"),
        ("0 * * * * *", "a schedule has five fields (minute, hour, day of month, month, day of week), not 6"),
        ("60 * * * *", "`60` is no minute (0-59)"),
        ("* 24 * * *", "`24` is no hour (0-23)"),
        ("* * 0 * *", "`0` is no day of month (1-31)"),
        ("* * * 13 *", "`13` is no month (1-12 or jan-dec)"),
        ("* * * * 8", "`8` is no day of week (0-7 or sun-sat)"),
        ("0 0 31 2 *", "this schedule never comes: no such day is in these months"),
        ("0 0 31 4,6,9,11 *", "this schedule never comes: no such day is in these months"),
        (
            "@reboot",
            "`@reboot` is no schedule; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually",
        ),
    ] {
        assert_eq!(Schedule::parse(text).unwrap_err().to_string(), sentence, "{text}");
    }
    for text in [
        "*/0", "1-", "-1", "5-1", "1/5", "1,,2", ",", "L", "?", "*-5", "**", "+1", "1.5", "mon", "~",
        "1-2-3", "*/", "99999", "é", "1#2",
    ] {
        let result = Schedule::parse(&format!("{text} * * * *"));
        assert!(matches!(result, Err(ScheduleError::Item { field: "minute", .. })), "{text}: {result:?}");
    }
    for text in ["L", "MON#2", "monday", "mo", "1-8", "*/x"] {
        assert!(Schedule::parse(&format!("0 0 * * {text}")).is_err(), "{text}");
    }
    let long = Schedule::parse(&format!("{} * * * *", "x".repeat(5_000))).unwrap_err().to_string();
    assert!(long.len() < 80, "{long}");
}

#[test]
fn moments_beyond_every_calendar_have_no_next() {
    let schedule = Schedule::parse("* * * * *").unwrap();
    for after in [Timestamp(i64::MAX), Timestamp(i64::MIN), at("2101-01-01T00:00:00Z")] {
        assert_eq!(schedule.next(&TimeZone::UTC, after), None);
    }
}

#[test]
fn a_schedule_prints_as_its_five_fields() {
    assert_eq!(Schedule::parse(" 0  9 * *  mon-fri ").unwrap().to_string(), "0 9 * * mon-fri");
    assert_eq!(Schedule::parse("@daily").unwrap().to_string(), "0 0 * * *");
}

/// One field as text and as the values that it allows, found without the parser.
#[derive(Clone, Debug)]
struct Made {
    text: String,
    allowed: Vec<i8>,
}

fn made(first: i8, last: i8) -> impl Strategy<Value = Made> {
    let one = (first..=last, first..=last, 1..=last, 0..5_u8).prop_map(move |(a, b, step, kind)| {
        let (low, high) = (a.min(b), a.max(b));
        let (text, low, high, step) = match kind {
            0 => ("*".to_owned(), first, last, 1),
            1 => (format!("*/{step}"), first, last, step),
            2 => (format!("{low}-{high}/{step}"), low, high, step),
            3 => (format!("{low}-{high}"), low, high, 1),
            _ => (format!("{a}"), a, a, 1),
        };
        let allowed = (low..=high).filter(|value| (value - low) % step == 0).collect();
        Made { text, allowed }
    });
    proptest::collection::vec(one, 1..3).prop_map(|items| Made {
        text: items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(","),
        allowed: items.into_iter().flat_map(|item| item.allowed).collect(),
    })
}

fn matches(fields: &[Made; 5], wall: civil::DateTime) -> bool {
    let [minute, hour, day, month, weekday] = fields;
    let sunday_is_0 = wall.weekday().to_sunday_zero_offset();
    let on_day = day.allowed.contains(&wall.day());
    let on_weekday = weekday.allowed.iter().any(|allowed| allowed % 7 == sunday_is_0);
    let either = !day.text.starts_with('*') && !weekday.text.starts_with('*');
    minute.allowed.contains(&wall.minute())
        && hour.allowed.contains(&wall.hour())
        && month.allowed.contains(&wall.month())
        && if either { on_day || on_weekday } else { on_day && on_weekday }
}

/// Looks at every minute on the wall from two days before to some days after, and a few more: between two dates
/// lies a day less than their difference where a zone left one out.
fn scan(fields: &[Made; 5], zone: &TimeZone, after: jiff::Timestamp, days: i64) -> Option<jiff::Timestamp> {
    let now = zone.to_datetime(after);
    let midnight = now.date().at(0, 0, 0, 0);
    let minutes = (-2 * 24 * 60..(days + 2) * 24 * 60)
        .map(|n| midnight.saturating_add(jiff::SignedDuration::from_mins(n)));
    let moments = minutes
        .filter(|wall| matches(fields, *wall))
        .map(|wall| zone.to_ambiguous_timestamp(wall).compatible().unwrap());
    moments.filter(|moment| *moment > after).min()
}

/// The next moment within some days, as the schedule and as the scan have it.
fn both(fields: &[Made; 5], zone_name: &str, seconds: i64) -> (Option<Timestamp>, Option<Timestamp>) {
    const DAYS: i64 = 20;
    let text = fields.iter().map(|field| field.text.as_str()).collect::<Vec<_>>().join(" ");
    let after = jiff::Timestamp::from_second(seconds).unwrap();
    let zone = zone(zone_name);
    let found = match Schedule::parse(&text) {
        Ok(schedule) => schedule.next(&zone, Timestamp::from_seconds(seconds)),
        Err(error) => {
            assert_eq!(error, ScheduleError::Never);
            None
        }
    };
    let end = after.as_microsecond() + DAYS * Timestamp::DAY;
    let expected = scan(fields, &zone, after, DAYS).map(|moment| Timestamp(moment.as_microsecond()));
    (found.filter(|found| found.0 < end), expected.filter(|expected| expected.0 < end))
}

/// Zones whose clocks did odd things: half an hour, two hours, a whole day left out or repeated, changes in the
/// middle of the day, around Ramadan, winter time that is the exception.
const ZONES: [&str; 16] = [
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Caracas",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Pacific/Apia",
    "Pacific/Enderbury",
    "Pacific/Kwajalein",
    "Africa/Casablanca",
    "Africa/Monrovia",
];

/// The changes of a zone's clock from 1971 until 2095, as seconds.
fn changes(zone_name: &str) -> Vec<i64> {
    let zone = zone(zone_name);
    let first = jiff::Timestamp::from_second(32_000_000).unwrap();
    let changes = zone.following(first).map(|change| change.timestamp().as_second());
    changes.take_while(|seconds| *seconds < 3_945_000_000).collect()
}

/// A zone with a moment around a change of its clock, or any other.
fn places() -> impl Strategy<Value = (&'static str, i64)> {
    let zone_name = || proptest::sample::select(&ZONES[..]);
    let near = (zone_name(), any::<proptest::sample::Index>(), -2_000_000..200_000_i64).prop_map(
        |(zone_name, index, seconds)| {
            let changes = changes(zone_name);
            let change = if changes.is_empty() { 1_800_000_000 } else { *index.get(&changes) };
            (zone_name, (change + seconds).max(32_000_000))
        },
    );
    prop_oneof![3 => near, 1 => (zone_name(), 1_000_000_000..3_000_000_000_i64)]
}

fn one(value: i8) -> Made {
    Made { text: value.to_string(), allowed: vec![value] }
}

fn every(first: i8, last: i8) -> Made {
    Made { text: "*".to_owned(), allowed: (first..=last).collect() }
}

/// A schedule 20 days after the 17th was seen a day late by the scan: Apia had no 30 December 2011.
#[test]
fn days_that_a_zone_left_out_or_repeated_change_no_other_day() {
    assert_eq!(
        upcoming("0 0 6 1 *", "Pacific/Apia", "2011-12-17T10:00:01Z", 1),
        ["Fri 2012-01-06 00:00 +1400"]
    );
    for (zone_name, change) in [
        ("Pacific/Apia", 1_324_116_001),
        ("Pacific/Apia", 1_325_239_200),
        ("Pacific/Kwajalein", 745_934_400),
        ("Pacific/Enderbury", 788_871_600),
        ("Australia/Lord_Howe", 1_791_044_400),
        ("Africa/Casablanca", 1_774_144_800),
        ("Africa/Monrovia", 63_593_070),
        ("Europe/Dublin", 57_722_400),
    ] {
        for (hour, seconds) in
            [0, 2, 3, 12, 23].into_iter().flat_map(|h| [-90_000, -1, 0, 1, 90_000].map(|s| (h, s)))
        {
            let fields = [one(30), one(hour), every(1, 31), every(1, 12), every(0, 7)];
            let (found, expected) = both(&fields, zone_name, change + seconds);
            assert_eq!(found, expected, "30 {hour} * * * in {zone_name}, {seconds} s from {change}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_next_moment_is_the_one_that_a_scan_of_every_minute_finds(
        minute in made(0, 59),
        hour in made(0, 23),
        day in made(1, 31),
        month in made(1, 12),
        weekday in made(0, 7),
        (zone_name, seconds) in places(),
    ) {
        let fields = [minute, hour, day, month, weekday];
        let (found, expected) = both(&fields, zone_name, seconds);
        prop_assert_eq!(found, expected, "{:?} {} after {}", fields, zone_name, seconds);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,40}", fields in "([-0-9*/,a-z@]{0,6} ?){0,6}") {
        for text in [text, fields] {
            if let Ok(schedule) = Schedule::parse(&text) {
                prop_assert!(schedule.next(&TimeZone::UTC, Timestamp(0)).is_some());
            }
        }
    }
}
