use super::days::CountedDays;
use crate::device::clock;
use crate::pages::case::StepForm;
use crate::pages::console::Desk;
use crate::words::{Key, fill, t};
use domain::case::{Case, Step};
use domain::register::{Calendar, ChargeManner, Day, DeadlineClass, OutfallId, PersonId, UnitId};
use leptos::prelude::*;

/// 交办: lead and 承办人, who helps, and one last day.
#[component]
pub(super) fn HandOver(
    case: Case,
    class: Option<DeadlineClass>,
    /// The outfall that the report names.
    outfall: Option<OutfallId>,
    /// How days are counted where it belongs.
    calendar: Calendar,
) -> impl IntoView {
    let desk = Desk::here();
    let today = Day::in_china(clock::wall());
    let due = today.zip(class);
    let due = due.and_then(|(day, class)| class.due(day, &calendar));
    let due = RwSignal::new(due.map(|d| d.to_string()).unwrap_or_default());
    let lead = RwSignal::new(None::<UnitId>);
    let assignee = RwSignal::new(None::<PersonId>);
    let assisting = RwSignal::new(Vec::<UnitId>::new());
    let answers = StoredValue::new(Answering::of(desk, outfall.as_ref(), today));
    let step = move |words: String| {
        let lead = lead.get_untracked()?;
        let assisting = assisting.get_untracked();
        Some(Step::HandOver {
            assisting: assisting.into_iter().filter(|u| *u != lead).collect(),
            lead,
            assignee: assignee.get_untracked(),
            due: due.get_untracked().parse().ok()?,
            demand: Some(words).filter(|w| !w.is_empty()),
        })
    };
    let choose_lead = move |unit: Option<UnitId>| {
        // 主管责任人 of the outfall, where it is this unit's.
        let by_outfall = answers.with_value(|a| a.leading.clone());
        let belongs = |p: &PersonId| {
            let all = unit.as_ref().map(|u| desk.on_duty(u)).unwrap_or_default();
            all.iter().any(|(id, _)| id == p)
        };
        assignee.set(by_outfall.filter(belongs));
        lead.set(unit);
    };
    let units = move || {
        desk.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.units);
            all.map(|u| (u.id.clone(), u.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let choice = move |(id, name): (UnitId, String)| {
        view! { <option value=id.to_string()>{name}</option> }
    };
    let helper = move |(id, name): (UnitId, String)| {
        let change = move |on: bool| {
            assisting.update(|all| {
                all.retain(|u| *u != id);
                if on {
                    all.push(id.clone());
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" on:change:target=move |e| change(e.target().checked()) />
                <span>{name}</span>
            </label>
        }
    };
    let typed = Signal::derive(move || due.get().parse().ok());
    let calendar = StoredValue::new(calendar);
    view! {
        <StepForm case=case.record_id basis=case.basis() label=Key::StepHandOver testid="step-hand-over" step>
            <label class="field">
                <span>{t(Key::CaseLeadUnit)}</span>
                <select class="input" data-testid="step-hand-over-lead"
                    on:change:target=move |e| choose_lead(e.target().value().parse().ok())>
                    <option value="">{t(Key::CaseChoose)}</option>
                    {move || units().into_iter().map(choice).collect_view()}
                </select>
            </label>
            <Show when=move || lead.with(Option::is_some)>
                <Assignee lead assignee />
            </Show>
            {answers.with_value(|a| a.watcher.clone()).map(|name| view! {
                <p class="small muted" data-testid="step-hand-over-watcher">{fill(Key::CaseWatcher, &[("name", &name)])}</p>
            })}
            <fieldset class="checks">
                <legend>{t(Key::CaseAssistingUnits)}</legend>
                {move || units().into_iter().map(helper).collect_view()}
            </fieldset>
            <label class="field">
                <span>{t(Key::CaseDue)}</span>
                <input class="input" type="date" data-testid="step-hand-over-due"
                    prop:value=move || due.get()
                    on:change:target=move |e| due.set(e.target().value()) />
            </label>
            <CountedDays calendar=calendar.get_value() from=today due=typed />
        </StepForm>
    }
}

/// Who in the unit works on it; nobody in particular leaves it to whoever is on duty there.
#[component]
fn Assignee(lead: RwSignal<Option<UnitId>>, assignee: RwSignal<Option<PersonId>>) -> impl IntoView {
    let desk = Desk::here();
    let people = move || {
        let unit = lead.get();
        unit.map(|u| desk.on_duty(&u)).unwrap_or_default()
    };
    let choice = move |(id, name): (PersonId, String)| {
        let mine = id.clone();
        let selected = move || assignee.with(|a| a.as_ref() == Some(&mine));
        view! { <option value=id.to_string() selected=selected>{name}</option> }
    };
    view! {
        <label class="field">
            <span>{t(Key::CaseAssigneeField)}</span>
            <select class="input" data-testid="step-hand-over-assignee"
                on:change:target=move |e| assignee.set(e.target().value().parse().ok())>
                <option value="" selected=move || assignee.with(Option::is_none)>{t(Key::CaseAssigneeNone)}</option>
                {move || people().into_iter().map(choice).collect_view()}
            </select>
        </label>
    }
}

/// Who answers for the outfall today.
#[derive(Clone, Default)]
struct Answering {
    /// 主管责任人.
    leading: Option<PersonId>,
    /// The name of the 监管责任人.
    watcher: Option<String>,
}

impl Answering {
    fn of(desk: Desk, outfall: Option<&OutfallId>, today: Option<Day>) -> Self {
        let person = |manner| {
            let (outfall, today) = outfall.zip(today)?;
            desk.registers.with_untracked(|r| {
                let mut all = r.iter().flat_map(|r| &r.outfalls);
                let outfall = all.find(|o| o.id == *outfall)?;
                outfall.charge(&manner, today)?.person.clone()
            })
        };
        let watcher = person(ChargeManner::Supervising);
        Self {
            leading: person(ChargeManner::Leading),
            watcher: watcher.map(|id| desk.person_name(&id)),
        }
    }
}
