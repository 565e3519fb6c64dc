use crate::words::{Key, fill, t};
use domain::register::{Calendar, Day, OnHoliday};
use leptos::prelude::*;

/// Which days count from `from` to the last one, in words: nobody should have to guess.
#[component]
pub(super) fn CountedDays(
    calendar: Calendar,
    from: Option<Day>,
    due: Signal<Option<Day>>,
) -> impl IntoView {
    let lines = move || {
        let span = from.zip(due.get());
        let lines = span.map(|(from, due)| say_days(&calendar, from, due));
        let lines = lines.unwrap_or_default().into_iter();
        lines
            .map(|line| view! { <li>{line}</li> })
            .collect::<Vec<_>>()
    };
    view! { <ul class="plain small muted" data-testid="counted-days">{lines}</ul> }
}

fn say_days(calendar: &Calendar, from: Day, due: Day) -> Vec<String> {
    let rule = t(if calendar.counts_working_days() {
        Key::DaysWorking
    } else {
        Key::DaysNatural
    });
    let moved = t(if calendar.on_holiday == OnHoliday::Moved {
        Key::DaysMoved
    } else {
        Key::DaysKept
    });
    let mut lines = vec![format!("{rule}{moved}")];
    let off = runs(&calendar.days_off(from, due));
    if calendar.counts_working_days() && !off.is_empty() {
        let off = off.iter().map(|run| say_run(calendar, *run));
        let off = off.collect::<Vec<_>>().join("、");
        lines.push(fill(Key::DaysLeftOut, &[("days", &off)]));
    }
    if calendar.is_off(due) {
        let name = calendar.holiday(due).unwrap_or(t(Key::DaysWeekend));
        lines.push(fill(Key::DaysDueOff, &[("name", &name)]));
    }
    for year in calendar.years_without_table(from, due) {
        lines.push(fill(Key::DaysNoTable, &[("year", &year)]));
    }
    lines
}

/// 10-01 至 10-07（国庆节）.
fn say_run(calendar: &Calendar, (first, last): (Day, Day)) -> String {
    let short = |day: Day| day.to_string()[5..].to_owned();
    let days = if first == last {
        short(first)
    } else {
        let (from, to) = (short(first), short(last));
        fill(Key::DaysRun, &[("from", &from), ("to", &to)])
    };
    match calendar.holiday(first).or_else(|| calendar.holiday(last)) {
        Some(name) => fill(Key::DaysNamed, &[("days", &days), ("name", &name)]),
        None => days,
    }
}

/// Days that follow each other, as first and last.
fn runs(days: &[Day]) -> Vec<(Day, Day)> {
    let mut runs: Vec<(Day, Day)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.days_until(*day) == 1 => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::register::{CountedDays, Holiday, HolidayTable};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn calendar(days: CountedDays, on_holiday: OnHoliday) -> Calendar {
        let table = HolidayTable {
            year: 2026,
            off: vec![Holiday {
                name: "国庆节".to_owned(),
                from: day("2026-10-01"),
                to: day("2026-10-07"),
            }],
            work: vec![day("2026-10-10")],
            source: String::new(),
        };
        Calendar {
            days,
            on_holiday,
            tables: vec![table],
        }
    }

    #[test]
    fn what_counts_and_what_does_not_is_said() {
        let working = calendar(CountedDays::Working, OnHoliday::Moved);
        let lines = say_days(&working, day("2026-09-29"), day("2026-10-14"));
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("工作日") && lines[0].contains("顺延"));
        assert!(
            lines[1].contains("10-01 至 10-07（国庆节）、10-11"),
            "{lines:?}"
        );
        let natural = calendar(CountedDays::Natural, OnHoliday::Kept);
        let lines = say_days(&natural, day("2026-09-29"), day("2026-10-02"));
        assert!(lines[1].contains("国庆节"), "{lines:?}");
        let lines = say_days(&natural, day("2026-12-29"), day("2027-01-05"));
        assert!(lines[1].contains("2027"), "{lines:?}");
    }
}
