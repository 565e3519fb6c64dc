use crate::ui::{Pill, Tone};
use crate::words::{Key, fill, t};
use domain::case::{Case, Mark, Reached, Rung};
use domain::register::Day;
use leptos::prelude::*;

/// More days would be too thin to see: the list below says the rest.
const DAYS: i64 = 62;

/// The 13710 ladder: a bar with a field for each day, and what each rung asks for.
#[component]
pub(super) fn LadderBar(
    case: Case,
    today: Day,
    /// Who approved it.
    approver: String,
) -> impl IntoView {
    let ladder = case.ladder.clone()?;
    let rungs = case.rungs(today);
    let last = rungs.last().map_or(ladder.from, |(r, _)| r.day);
    let due = case.due.filter(|_| case.stage.is_open());
    let end = due.map_or(last, |d| last.max(d.now));
    let length = ladder.from.days_until(end).clamp(0, DAYS - 1);
    let days = (0..=length).filter_map(|n| ladder.from.plus_days(n));
    let field = |day: Day| {
        let rung = rungs.iter().any(|(r, _)| r.day == day);
        let first = due.is_some_and(|d| d.first == day && d.first != d.now);
        view! {
            <span class="day" class:day-past=day < today class:day-today=day == today class:day-rung=rung
                class:day-first=first class:day-due=due.is_some_and(|d| d.now == day)></span>
        }
    };
    let fields = days.map(field).collect_view();
    let list = rungs
        .iter()
        .map(|(rung, reached)| view! { <Step rung=rung.clone() reached=*reached /> });
    let dates = due.map(|d| {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("first", &d.first), ("now", &d.now)];
        let key = if d.first == d.now {
            Key::LadderDue
        } else {
            Key::LadderExtended
        };
        fill(key, &values)
    });
    Some(view! {
        <section class="stack-tight" data-testid="ladder">
            <span class="row between">
                <strong>{t(Key::LadderTitle)}</strong>
                <span class="small muted">{fill(Key::LadderApproved, &[("name", &approver)])}</span>
            </span>
            <div class="days" aria-hidden="true" style:--days=(length + 1).to_string()>{fields}</div>
            <ol class="ladder" aria-label=t(Key::LadderTitle)>{list.collect_view()}</ol>
            {dates.map(|d| view! { <p class="small" data-testid="ladder-dates">{d}</p> })}
        </section>
    })
}

#[component]
fn Step(rung: Rung, reached: Reached) -> impl IntoView {
    let (tone, word) = say_reached(reached);
    let next = matches!(reached, Reached::Next(_));
    view! {
        <li data-testid="rung" data-mark=rung.mark.as_str().to_owned() class:rung-next=next>
            <strong>{say_mark(&rung.mark)}</strong>
            <span>{rung.day.to_string()}</span>
            {next.then(|| view! { <span>{t(Key::RungNext)}</span> })}
            <span><Pill tone word /></span>
        </li>
    }
}

/// What a rung asks for.
pub(in crate::pages) fn say_mark(mark: &Mark) -> String {
    let key = match mark {
        Mark::Arranged => Key::LadderArranged,
        Mark::FedBack => Key::LadderFedBack,
        Mark::Solved => Key::LadderSolved,
        Mark::SolvedComplex => Key::LadderComplex,
        Mark::Monthly => Key::LadderMonthly,
        Mark::Other(word) => return word.clone(),
    };
    t(key).to_owned()
}

fn say_reached(reached: Reached) -> (Tone, String) {
    match reached {
        Reached::Met(day) => {
            let short = day.to_string()[5..].to_owned();
            (Tone::Good, fill(Key::RungMet, &[("day", &short)]))
        }
        Reached::Passed => (Tone::Bad, t(Key::RungPassed).to_owned()),
        Reached::Next(0) => (Tone::Warn, t(Key::RungToday).to_owned()),
        Reached::Next(days) => (Tone::Warn, fill(Key::RungLeft, &[("n", &days)])),
        Reached::Ahead => (Tone::Info, t(Key::RungAhead).to_owned()),
    }
}
