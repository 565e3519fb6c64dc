//! Days of a case by the calendar of a county: 自然日 or 工作日, kept or moved.

use proptest::prelude::*;
use xunhe_domain::case::{self, Mark};
use xunhe_domain::register::{
    Calendar, CountedDays, CountingRule, Day, DeadlineClass, DivisionId, Holiday, HolidayTable,
    OnHoliday, Term,
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// As the State Council published it on 2025-11-04.
fn table_of_2026() -> HolidayTable {
    let holiday = |(name, from, to): (&str, &str, &str)| Holiday {
        name: name.to_owned(),
        from: day(from),
        to: day(to),
    };
    HolidayTable {
        year: 2026,
        off: [
            ("元旦", "2026-01-01", "2026-01-03"),
            ("春节", "2026-02-15", "2026-02-23"),
            ("清明节", "2026-04-04", "2026-04-06"),
            ("劳动节", "2026-05-01", "2026-05-05"),
            ("端午节", "2026-06-19", "2026-06-21"),
            ("中秋节", "2026-09-25", "2026-09-27"),
            ("国庆节", "2026-10-01", "2026-10-07"),
        ]
        .map(holiday)
        .to_vec(),
        work: [
            "2026-01-04",
            "2026-02-14",
            "2026-02-28",
            "2026-05-09",
            "2026-09-20",
            "2026-10-10",
        ]
        .map(day)
        .to_vec(),
        source: String::new(),
    }
}

fn calendar(days: CountedDays, on_holiday: OnHoliday) -> Calendar {
    Calendar {
        days,
        on_holiday,
        tables: vec![table_of_2026()],
    }
}

#[test]
fn nobody_works_on_holidays_and_weekends_but_for_one() {
    let here = calendar(CountedDays::Working, OnHoliday::Kept);
    for (text, off, name) in [
        ("2026-02-13", false, None),
        // 调休: Saturdays and Sundays on which people work.
        ("2026-02-14", false, None),
        ("2026-02-28", false, None),
        ("2026-01-04", false, None),
        ("2026-02-15", true, Some("春节")),
        ("2026-02-23", true, Some("春节")),
        ("2026-02-24", false, None),
        ("2026-03-01", true, None),
        ("2026-10-07", true, Some("国庆节")),
        ("2026-10-08", false, None),
        ("2026-10-10", false, None),
        ("2026-10-11", true, None),
        // No table: weekends only, whatever day it is.
        ("2027-01-01", false, None),
        ("2027-01-02", true, None),
        ("2027-10-01", false, None),
    ] {
        assert_eq!(here.is_off(day(text)), off, "{text}");
        assert_eq!(here.holiday(day(text)), name, "{text}");
    }
}

#[test]
fn a_due_date_follows_the_rule_of_the_county() {
    use CountedDays::{Natural, Working};
    use DeadlineClass::{AtOnce, OneMonth, SevenDays, ThreeDays, WorkOrder};
    use OnHoliday::{Kept, Moved};
    for (days, on_holiday, class, from, due) in [
        // Over the spring festival.
        (Natural, Kept, SevenDays, "2026-02-12", Some("2026-02-19")),
        (Natural, Moved, SevenDays, "2026-02-12", Some("2026-02-24")),
        (Working, Kept, SevenDays, "2026-02-12", Some("2026-02-28")),
        (Working, Kept, ThreeDays, "2026-02-12", Some("2026-02-24")),
        (Natural, Kept, ThreeDays, "2026-02-12", Some("2026-02-15")),
        // A Saturday of work counts.
        (Working, Kept, ThreeDays, "2026-02-25", Some("2026-02-28")),
        (Working, Moved, ThreeDays, "2026-10-07", Some("2026-10-10")),
        (Natural, Moved, ThreeDays, "2026-02-25", Some("2026-02-28")),
        // Handed over on a holiday.
        (Working, Kept, ThreeDays, "2026-10-03", Some("2026-10-10")),
        (Natural, Kept, AtOnce, "2026-10-03", Some("2026-10-03")),
        (Working, Kept, AtOnce, "2026-10-03", Some("2026-10-03")),
        (Natural, Moved, AtOnce, "2026-10-03", Some("2026-10-08")),
        // A month is a calendar month; month ends.
        (Natural, Kept, OneMonth, "2026-01-31", Some("2026-02-28")),
        (Working, Kept, OneMonth, "2026-01-31", Some("2026-02-28")),
        (Working, Kept, OneMonth, "2026-09-03", Some("2026-10-03")),
        (Working, Moved, OneMonth, "2026-09-03", Some("2026-10-08")),
        (Natural, Moved, OneMonth, "2026-08-31", Some("2026-09-30")),
        // Into a year without a table: its weekends are all that is known.
        (Working, Kept, SevenDays, "2026-12-28", Some("2027-01-06")),
        (Working, Kept, ThreeDays, "2027-09-30", Some("2027-10-05")),
        (Natural, Kept, SevenDays, "2026-12-28", Some("2027-01-04")),
        (Natural, Moved, ThreeDays, "2026-12-31", Some("2027-01-04")),
        (Working, Moved, WorkOrder, "2026-01-31", None),
        (Natural, Kept, OneMonth, "9999-12-01", None),
        (Working, Moved, SevenDays, "9999-12-30", None),
    ] {
        let here = calendar(days.clone(), on_holiday.clone());
        let found = class.due(day(from), &here);
        let case = format!("{days:?} {on_holiday:?} {class:?} {from}");
        assert_eq!(found, due.map(day), "{case}");
    }
}

#[test]
fn the_ladder_goes_by_the_same_days() {
    use CountedDays::{Natural, Working};
    let marks = [
        Mark::Arranged,
        Mark::FedBack,
        Mark::Solved,
        Mark::SolvedComplex,
    ];
    for (days, on_holiday, from, rungs) in [
        (
            Natural,
            OnHoliday::Kept,
            "2026-09-29",
            ["2026-09-29", "2026-10-02", "2026-10-06", "2026-10-29"],
        ),
        (
            Natural,
            OnHoliday::Moved,
            "2026-09-29",
            ["2026-09-29", "2026-10-08", "2026-10-08", "2026-10-29"],
        ),
        (
            Working,
            OnHoliday::Kept,
            "2026-09-29",
            ["2026-09-29", "2026-10-09", "2026-10-14", "2026-10-29"],
        ),
        (
            Working,
            OnHoliday::Moved,
            "2026-01-31",
            ["2026-02-02", "2026-02-04", "2026-02-10", "2026-02-28"],
        ),
    ] {
        let ladder = case::ladder(day(from), &calendar(days, on_holiday));
        let found: Vec<_> = ladder.into_iter().map(|r| (r.mark, r.day)).collect();
        let wanted: Vec<_> = marks.clone().into_iter().zip(rungs.map(day)).collect();
        assert_eq!(found, wanted, "{from}");
    }
}

#[test]
fn the_reminder_comes_on_the_last_working_day_before() {
    let here = calendar(CountedDays::Natural, OnHoliday::Kept);
    for (due, reminder) in [
        ("2026-11-25", "2026-11-24"),
        // A Monday: the Friday before.
        ("2026-11-23", "2026-11-20"),
        // A Sunday.
        ("2026-11-22", "2026-11-20"),
        // After the holidays, and in them.
        ("2026-10-08", "2026-09-30"),
        ("2026-10-03", "2026-09-30"),
        ("2026-02-24", "2026-02-14"),
        // A Sunday after a Saturday of work.
        ("2026-03-01", "2026-02-28"),
    ] {
        assert_eq!(here.reminder(day(due)), Some(day(reminder)), "{due}");
    }
    assert_eq!(Calendar::default().reminder(day("0001-01-01")), None);
}

#[test]
fn what_does_not_count_and_what_is_not_known_is_said() {
    let here = calendar(CountedDays::Working, OnHoliday::Kept);
    let off = here.days_off(day("2026-09-24"), day("2026-10-08"));
    let off: Vec<_> = off.iter().map(|d| d.to_string()[5..].to_owned()).collect();
    let wanted = "09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07";
    assert_eq!(off.join(" "), wanted);
    let unknown = |from, to| here.years_without_table(day(from), day(to));
    assert_eq!(unknown("2026-11-24", "2026-12-24"), [0_u16; 0]);
    assert_eq!(unknown("2026-12-24", "2027-01-24"), [2027]);
    assert_eq!(unknown("2025-12-24", "2026-01-24"), [2025]);
    // Mistyped, and answered at once all the same.
    assert_eq!(unknown("2026-11-24", "9026-12-24"), [2027, 2028]);
    assert!(here.days_off(day("2026-11-24"), day("9026-12-24")).len() < 400);
}

#[test]
fn the_nearest_rule_in_force_counts() {
    let rule = |division: &str, days, from: &str| CountingRule {
        division: division.parse().unwrap(),
        days,
        on_holiday: OnHoliday::Moved,
        term: Term {
            from: day(from),
            to: None,
        },
        source: "example".to_owned(),
    };
    let rules = [
        rule("yc", CountedDays::Working, "2026-01-01"),
        rule("yj", CountedDays::Natural, "2026-06-01"),
    ];
    let at = |lineage: &[&str], on: &str| {
        let lineage: Vec<DivisionId> = lineage.iter().map(|id| id.parse().unwrap()).collect();
        let here = Calendar::of(&rules, Vec::new(), &lineage, day(on));
        (here.days, here.on_holiday)
    };
    let (working, natural) = (CountedDays::Working, CountedDays::Natural);
    let moved = OnHoliday::Moved;
    assert_eq!(
        at(&["cb", "yj", "yc"], "2026-07-01"),
        (natural.clone(), moved.clone())
    );
    assert_eq!(
        at(&["cb", "yj", "yc"], "2026-05-31"),
        (working.clone(), moved.clone())
    );
    assert_eq!(at(&["yh", "yc"], "2026-07-01"), (working, moved));
    assert_eq!(at(&["xz"], "2026-07-01"), (natural, OnHoliday::Kept));
}

fn any_day() -> impl Strategy<Value = Day> {
    (0..1_200_i64).prop_map(|n| day("2025-06-01").plus_days(n).unwrap())
}

/// Tables with arbitrary holidays and days of work, which may even contradict each other.
fn any_calendar() -> impl Strategy<Value = Calendar> {
    let holiday = (any_day(), 0..12_i64).prop_map(|(from, length)| Holiday {
        name: "假".to_owned(),
        from,
        to: from.plus_days(length).unwrap(),
    });
    let off = prop::collection::vec(holiday, 0..12);
    let work = prop::collection::vec(any_day(), 0..12);
    (off, work, any::<bool>(), any::<bool>()).prop_map(|(off, work, working, moved)| Calendar {
        days: if working {
            CountedDays::Working
        } else {
            CountedDays::Natural
        },
        on_holiday: if moved {
            OnHoliday::Moved
        } else {
            OnHoliday::Kept
        },
        tables: vec![HolidayTable {
            year: 2026,
            off,
            work,
            source: String::new(),
        }],
    })
}

proptest! {
    #[test]
    fn as_many_days_count_as_were_asked_for(here in any_calendar(), from in any_day(), n in 1..20_u16) {
        let due = here.after(from, n).unwrap();
        let between = from.days_until(due);
        if here.counts_working_days() {
            prop_assert!(!here.is_off(due), "{due}");
            let off = i64::try_from(here.days_off(from, due).len()).unwrap();
            prop_assert_eq!(between - off, i64::from(n));
        } else if here.on_holiday == OnHoliday::Kept {
            prop_assert_eq!(between, i64::from(n));
        } else {
            // Moved over days off only, and never to one.
            prop_assert!(!here.is_off(due) && between >= i64::from(n));
            let natural = from.plus_days(i64::from(n)).unwrap();
            for moved in 0..natural.days_until(due) {
                prop_assert!(here.is_off(natural.plus_days(moved).unwrap()));
            }
        }
    }

    #[test]
    fn later_begun_is_never_due_earlier(here in any_calendar(), from in any_day(), n in 0..20_u16) {
        let next = from.plus_days(1).unwrap();
        prop_assert!(here.after(from, n) <= here.after(next, n));
    }

    #[test]
    fn nobody_works_between_reminder_and_due(here in any_calendar(), due in any_day()) {
        let reminder = here.reminder(due).unwrap();
        prop_assert!(reminder < due && !here.is_off(reminder));
        for n in 1..reminder.days_until(due) {
            prop_assert!(here.is_off(reminder.plus_days(n).unwrap()));
        }
    }
}
