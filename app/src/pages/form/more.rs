use super::editor::Editor;
use crate::ui::{Chip, ChipGroup};
use crate::words::{Key, fill, t, whole};
use domain::entry::{NoFix, Place};
use domain::record::{Amount, AmountUnit, Outcome, Subject};
use leptos::prelude::*;

/// Everything that may stay empty: outcome, amount, place in words, a note.
#[component]
pub(super) fn More(editor: Editor) -> impl IntoView {
    let subject = editor.draft.with_untracked(|d| d.subject);
    let note = if subject.is_report() {
        Key::FormNote
    } else {
        Key::FormDoneWords
    };
    view! {
        <Where editor />
        {subject.is_report().then(|| view! { <Outcomes editor /> })}
        {(subject == Subject::Cleanup).then(|| view! { <HowMuch editor /> })}
        <NoPhoto editor />
        <label class="field">
            <span>{t(note)}</span>
            <textarea class="input" data-testid="note" rows="3" maxlength="2000"
                prop:value=move || editor.draft.with(|d| d.note.clone())
                on:input:target=move |e| editor.change(|d| d.note = e.target().value())
            ></textarea>
        </label>
    }
}

/// The position fills itself in; words help whoever must find the place.
#[component]
fn Where(editor: Editor) -> impl IntoView {
    let near = [
        Key::PlaceBridge,
        Key::PlaceGate,
        Key::PlaceOutfall,
        Key::PlaceRoad,
    ];
    let side = [
        Key::PlaceUpstream,
        Key::PlaceDownstream,
        Key::PlaceLeft,
        Key::PlaceRight,
    ];
    let chip = move |key: Key| {
        let word = t(key);
        let chosen = Signal::derive(move || editor.draft.with(|d| has(&d.place, word)));
        view! { <Chip label=word chosen touch=move || editor.change(|d| toggle(&mut d.place, word)) /> }
    };
    view! {
        <section class="stack-tight">
            <p class="small muted" data-testid="place" role="status">
                {move || editor.draft.with(|d| place_line(&d.place))}
            </p>
            <ChipGroup question=t(Key::PlaceWords)>
                {near.into_iter().chain(side).map(chip).collect_view()}
            </ChipGroup>
        </section>
    }
}

fn has(place: &Place, word: &str) -> bool {
    place
        .words
        .as_deref()
        .is_some_and(|w| w.split(' ').any(|w| w == word))
}

fn toggle(place: &mut Place, word: &str) {
    let mut words: Vec<&str> = place
        .words
        .as_deref()
        .unwrap_or_default()
        .split(' ')
        .collect();
    words.retain(|w| !w.is_empty());
    if words.contains(&word) {
        words.retain(|w| *w != word);
    } else {
        words.push(word);
    }
    place.words = Some(words.join(" ")).filter(|w| !w.is_empty());
}

fn place_line(place: &Place) -> String {
    match (&place.fix, &place.no_fix) {
        (Some(fix), _) if fix.accuracy_m > 30.0 => {
            fill(Key::PlaceRough, &[("m", &whole(fix.accuracy_m))])
        }
        (Some(fix), _) => fill(Key::PlaceFound, &[("m", &whole(fix.accuracy_m))]),
        (None, Some(NoFix::Denied)) => t(Key::CodeLocationDenied).to_owned(),
        (None, _) => t(Key::PlaceSearching).to_owned(),
    }
}

#[component]
fn Outcomes(editor: Editor) -> impl IntoView {
    let cleanup = editor
        .draft
        .with_untracked(|d| d.subject == Subject::Cleanup);
    let mut offered = vec![
        (Outcome::FixedOnSpot, Key::OutcomeFixed, "outcome-fixed"),
        (Outcome::HandedUp, Key::OutcomeHandedUp, "outcome-handed-up"),
    ];
    if cleanup {
        offered.insert(
            1,
            (Outcome::ToFollow, Key::OutcomeToFollow, "outcome-to-follow"),
        );
    }
    let chip = move |(outcome, key, testid): (Outcome, Key, &'static str)| {
        let mine = outcome.clone();
        let chosen = Signal::derive(move || editor.draft.with(|d| d.effective_outcome() == mine));
        view! {
            <Chip label=t(key) chosen testid
                touch=move || editor.change(|d| d.outcome = Some(outcome.clone())) />
        }
    };
    view! {
        <ChipGroup question=t(Key::FormOutcome)>
            {offered.into_iter().map(chip).collect_view()}
        </ChipGroup>
    }
}

#[component]
fn HowMuch(editor: Editor) -> impl IntoView {
    let kept = editor.draft.with_untracked(|d| d.amount.clone());
    let typed = RwSignal::new(kept.as_ref().map(|a| a.value.clone()).unwrap_or_default());
    let unit = RwSignal::new(kept.map_or(AmountUnit::Bag, |a| a.unit));
    let keep = move || {
        let amount = Amount::read(&typed.get_untracked(), unit.get_untracked());
        editor.change(|d| d.amount = amount);
    };
    let wrong = move || {
        let text = typed.get();
        !text.trim().is_empty() && Amount::read(&text, unit.get()).is_none()
    };
    let units = [
        (AmountUnit::Bag, Key::UnitBag),
        (AmountUnit::Tricycle, Key::UnitTricycle),
        (AmountUnit::Truck, Key::UnitTruck),
        (AmountUnit::CubicMetre, Key::UnitCubic),
    ];
    let chip = move |(kind, key): (AmountUnit, Key)| {
        let mine = kind.clone();
        let chosen = Signal::derive(move || unit.get() == mine);
        let touch = move || {
            unit.set(kind.clone());
            keep();
        };
        view! { <Chip label=t(key) chosen touch /> }
    };
    view! {
        <section class="stack-tight">
            <label class="field">
                <span>{t(Key::FormAmount)}</span>
                // Not type=number: that field reads 12.50 as 5012 in some browsers.
                <input class="input" inputmode="decimal" data-testid="amount"
                    prop:value=move || typed.get()
                    on:input:target=move |e| { typed.set(e.target().value()); keep(); } />
            </label>
            <Show when=wrong>
                <p class="small" role="alert">{t(Key::FormAmountWrong)}</p>
            </Show>
            <ChipGroup question=t(Key::FormUnit)>{units.map(chip).collect_view()}</ChipGroup>
        </section>
    }
}

/// Offered only while there is no photo: a camera that fails must not keep a report back.
#[component]
fn NoPhoto(editor: Editor) -> impl IntoView {
    let reasons = [Key::NoPhotoCamera, Key::NoPhotoDark, Key::NoPhotoUnsafe];
    let chip = move |key: Key| {
        let word = t(key);
        let chosen = Signal::derive(move || {
            editor
                .draft
                .with(|d| d.no_photo_reason.as_deref() == Some(word))
        });
        let touch = move || {
            editor.change(|d| {
                let taken_back = d.no_photo_reason.as_deref() == Some(word);
                d.no_photo_reason = (!taken_back).then(|| word.to_owned());
            });
        };
        view! { <Chip label=word chosen touch testid="no-photo-reason" /> }
    };
    view! {
        <Show when=move || editor.draft.with(|d| d.photos.is_empty())>
            <ChipGroup question=t(Key::FormNoPhoto)>{reasons.map(chip).collect_view()}</ChipGroup>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_place_come_and_go() {
        let mut place = Place::default();
        toggle(&mut place, "桥");
        toggle(&mut place, "下游");
        assert_eq!(place.words.as_deref(), Some("桥 下游"));
        assert!(has(&place, "桥"));
        toggle(&mut place, "桥");
        toggle(&mut place, "下游");
        assert_eq!(place.words, None);
    }
}
