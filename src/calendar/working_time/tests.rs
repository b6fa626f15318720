//! Working time against a count of every minute, and on the days on which that goes wrong.

use proptest::prelude::*;

use super::*;

/// Days that the count of minutes looks ahead.
const SCANNED: usize = 30;
const MINUTE: Duration = Duration::from_mins(1);

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn calendar(hours: &str, zone_name: &str, excluded: &[&str]) -> Calendar {
    let excluded = excluded.iter().map(|date| date.parse::<Date>().unwrap());
    Calendar::new(hours.parse().unwrap(), zone(zone_name), excluded)
}

fn hours(n: u64) -> Duration {
    Duration::from_hours(n)
}

#[test]
fn a_limit_goes_on_the_next_working_morning() {
    let office = calendar("mon-fri 09:00-17:00", "Europe/Berlin", &["2026-12-25"]);
    // Thursday, 24 December 2026, 15:00 in Berlin; Friday is excluded.
    let from = at("2026-12-24T14:00:00Z");
    assert_eq!(office.due(from, hours(2)), Some(at("2026-12-24T16:00:00Z")));
    assert_eq!(office.due(from, hours(3)), Some(at("2026-12-28T09:00:00Z")));
    assert_eq!(office.elapsed(from, at("2026-12-28T09:00:00Z")), hours(3));
    assert_eq!(office.due(from, Duration::ZERO), Some(from));
}

#[test]
fn a_night_shift_on_the_days_of_the_clock_change_has_seven_and_nine_hours() {
    let night = calendar("daily 22:00-06:00", "Europe/Berlin", &[]);
    assert_eq!(night.elapsed(at("2026-03-28T21:00:00Z"), at("2026-03-29T06:00:00Z")), hours(7));
    assert_eq!(night.elapsed(at("2026-10-24T20:00:00Z"), at("2026-10-25T07:00:00Z")), hours(9));
}

#[test]
fn a_span_that_the_clock_repeats_in_part_counts_what_the_wall_shows() {
    // 02:30 to 03:30: half an hour before the clock is set back, half an hour after, and half an hour from 3.
    let odd = calendar("daily 02:30-03:30", "Europe/Berlin", &[]);
    let (from, to) = (at("2026-10-25T00:00:00Z"), at("2026-10-25T12:00:00Z"));
    assert_eq!(odd.elapsed(from, to), MINUTE * 90);
    assert_eq!(odd.due(from, MINUTE * 31), Some(at("2026-10-25T01:31:00Z")));
    let skipped = calendar("daily 02:00-03:00", "Europe/Berlin", &[]);
    assert_eq!(skipped.elapsed(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")), Duration::ZERO);
}

#[test]
fn an_excluded_day_is_the_one_that_people_in_the_zone_have() {
    let desk = calendar("always", "Pacific/Auckland", &["2026-06-10"]);
    // Midnight of 10 June in Auckland is noon of 9 June in UTC.
    assert!(!desk.excludes(at("2026-06-09T11:59:59Z")));
    assert!(desk.excludes(at("2026-06-09T12:00:00Z")));
    assert!(desk.excludes(at("2026-06-10T11:59:59Z")));
    assert!(!desk.excludes(at("2026-06-10T12:00:00Z")));
    assert_eq!(desk.allowed_from(at("2026-06-09T20:00:00Z")), Some(at("2026-06-10T12:00:00Z")));
    assert_eq!(desk.allowed_from(at("2026-06-09T08:00:00Z")), Some(at("2026-06-09T08:00:00Z")));
}

#[test]
fn a_day_that_a_zone_left_out_has_no_working_time() {
    // There was no 30 December 2011 in Apia.
    let desk = calendar("daily 00:00-24:00", "Pacific/Apia", &["2011-12-31"]);
    let (from, to) = (at("2011-12-29T10:00:00Z"), at("2012-01-01T10:00:00Z"));
    assert_eq!(desk.elapsed(from, to), hours(48));
}

#[test]
fn a_calendar_without_working_time_has_no_due_moment() {
    let first: Date = "2026-01-01".parse().unwrap();
    let days = first.series(jiff::Span::new().days(1)).take(4_000);
    let never = Calendar::new(WorkingHours::default(), TimeZone::UTC, days);
    assert_eq!(never.due(at("2026-01-02T00:00:00Z"), MINUTE), None);
    assert_eq!(never.allowed_from(at("2026-01-02T00:00:00Z")), None);
    assert_eq!(never.elapsed(at("2026-01-02T00:00:00Z"), at("2030-01-01T00:00:00Z")), Duration::ZERO);
}

#[test]
fn moments_at_the_ends_of_time_are_no_trouble() {
    let desk = calendar("mon 09:00-10:00", "Europe/Berlin", &[]);
    for from in [Timestamp(i64::MIN), Timestamp(i64::MAX), Timestamp(i64::MAX - Timestamp::DAY)] {
        let _ = desk.due(from, hours(1));
        let _ = desk.excludes(from);
        assert_eq!(desk.elapsed(from, from), Duration::ZERO);
    }
    assert_eq!(desk.due(Timestamp(0), Duration::MAX), None);
    assert_eq!(desk.elapsed(at("2026-01-02T00:00:00Z"), at("2026-01-01T00:00:00Z")), Duration::ZERO);
}

/// A calendar together with what it was made from.
#[derive(Clone, Debug)]
pub struct Made {
    pub calendar: Calendar,
    /// Weekday from Monday = 0, first minute, end.
    spans: Vec<(i8, i16, i16)>,
    excluded: Vec<Date>,
    zone: TimeZone,
}

impl Made {
    /// Whether this minute on the wall is worked, by looking at it.
    fn works(&self, at: jiff::Timestamp) -> bool {
        let wall = self.zone.to_datetime(at);
        let minute = i16::from(wall.hour()) * 60 + i16::from(wall.minute());
        let weekday = wall.weekday().to_monday_zero_offset();
        let in_span = |(day, from, to): &(i8, i16, i16)| *day == weekday && (*from..*to).contains(&minute);
        self.spans.iter().any(in_span) && !self.is_excluded(at)
    }

    pub(crate) fn is_excluded(&self, at: jiff::Timestamp) -> bool {
        self.excluded.contains(&self.zone.to_datetime(at).date())
    }

    /// Whole minutes of work, each looked at.
    pub fn count(&self, from: Timestamp, to: Timestamp) -> u64 {
        minutes(from).take_while(|at| at.as_microsecond() < to.0).filter(|at| self.works(*at)).count() as u64
    }

    fn reach(&self, from: Timestamp, limit: u64, days: usize) -> Option<Timestamp> {
        let mut worked = minutes(from).take(days * 1_440).filter(|at| self.works(*at));
        let last = worked.nth(usize::try_from(limit).unwrap() - 1)?;
        Some(Timestamp(last.as_microsecond() + Timestamp::MINUTE))
    }
}

fn minutes(from: Timestamp) -> impl Iterator<Item = jiff::Timestamp> {
    (0..).map(move |n| jiff::Timestamp::from_microsecond(from.0 + n * Timestamp::MINUTE).unwrap())
}

const ZONES: [&str; 11] = [
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "Antarctica/Troll",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Africa/Casablanca",
    "America/Sao_Paulo",
];

/// A full minute near a change of some clock, or any other in a few years.
pub fn moment() -> impl Strategy<Value = Timestamp> {
    let changes = proptest::sample::select(
        &[
            "2026-03-29T01:00:00Z",
            "2026-10-25T01:00:00Z",
            "2026-03-08T07:00:00Z",
            "2026-11-01T06:00:00Z",
            "2026-04-04T15:00:00Z",
            "2018-11-04T03:00:00Z",
            "2011-12-30T10:00:00Z",
            "1993-08-20T12:00:00Z",
            "2026-02-15T02:00:00Z",
            "2026-03-22T02:00:00Z",
        ][..],
    );
    let near = (changes, -6_000..2_000_i64)
        .prop_map(|(change, minutes)| Timestamp(at(change).0 + minutes * Timestamp::MINUTE));
    let any = (21_000_000..31_000_000_i64).prop_map(|minute| Timestamp(minute * Timestamp::MINUTE));
    prop_oneof![near, any]
}

/// A calendar whose excluded days are around `moment`.
pub fn made(moment: Timestamp) -> impl Strategy<Value = Made> {
    let span =
        (0..7_i8, 0..1_440_i16, 1..=1_440_i16).prop_map(|(day, a, b)| (day, a.min(b - 1), b.max(a + 1)));
    let week = (0..7_i8).map(|day| (day, 0, 1_440)).collect::<Vec<_>>();
    let spans = prop_oneof![3 => proptest::collection::vec(span, 1..8), 1 => Just(week)];
    let excluded = proptest::collection::vec(-3..20_i64, 0..8);
    (spans, proptest::sample::select(&ZONES[..]), excluded).prop_map(move |(spans, zone_name, days)| {
        let zone = zone(zone_name);
        let today = jiff::Timestamp::from_microsecond(moment.0).unwrap().to_zoned(zone.clone()).date();
        let excluded: Vec<Date> = days.iter().map(|n| today + jiff::Span::new().days(*n)).collect();
        let calendar = Calendar::new(written(&spans).parse().unwrap(), zone.clone(), excluded.clone());
        Made { calendar, spans, excluded, zone }
    })
}

fn written(spans: &[(i8, i16, i16)]) -> String {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let clock = |minute: i16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let span = |(day, from, to): &(i8, i16, i16)| {
        format!("{} {}-{}", DAYS[usize::from(day.unsigned_abs())], clock(*from), clock(*to))
    };
    spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn working_time_is_what_a_count_of_every_minute_gives(
        (from, made) in moment().prop_flat_map(|from| (Just(from), made(from))),
        length in 0..30_000_i64,
        limit in 1..6_000_u64,
    ) {
        let to = Timestamp(from.0 + length * Timestamp::MINUTE);
        let minutes = |n: u64| Duration::from_secs(n * 60);
        prop_assert_eq!(made.calendar.elapsed(from, to), minutes(made.count(from, to)));

        let end = from.0 + i64::try_from(SCANNED).unwrap() * Timestamp::DAY;
        let due = made.calendar.due(from, minutes(limit)).filter(|due| due.0 <= end);
        prop_assert_eq!(due, made.reach(from, limit, SCANNED));
    }

    #[test]
    fn parts_of_a_minute_add_up(
        (from, made) in moment().prop_flat_map(|from| (Just(from), made(from))),
        first in 0..300_000_000_000_i64,
        second in 0..300_000_000_000_i64,
    ) {
        let middle = Timestamp(from.0 + first);
        let to = Timestamp(middle.0 + second);
        let calendar = &made.calendar;
        let whole = calendar.elapsed(from, to);
        prop_assert_eq!(calendar.elapsed(from, middle) + calendar.elapsed(middle, to), whole);
        let due = calendar.due(middle, calendar.elapsed(middle, to)).unwrap();
        prop_assert!(due <= to);
        prop_assert_eq!(calendar.elapsed(middle, due), calendar.elapsed(middle, to));
    }

    #[test]
    fn a_moment_moved_off_excluded_days_is_the_first_one_off_them(
        (from, made) in moment().prop_flat_map(|from| (Just(from), made(from))),
    ) {
        let first = minutes(from).find(|at| !made.is_excluded(*at)).unwrap();
        prop_assert_eq!(made.calendar.allowed_from(from), Some(Timestamp(first.as_microsecond())));
        prop_assert_eq!(made.calendar.excludes(from), first.as_microsecond() != from.0);
    }
}
