use super::editor::Editor;
use crate::model::App;
use crate::ui::{Chip, ChipGroup};
use crate::words::{Key, t};
use domain::record::{Colour, Flow, Foam, Signs, Smell};
use domain::register::OutfallId;
use leptos::prelude::*;

/// What a discharge looks and smells like, and where it comes out: chips, all of them optional.
#[component]
pub(super) fn SignChips(editor: Editor) -> impl IntoView {
    let colours = [
        (Colour::Clear, Key::ColourClear),
        (Colour::Black, Key::ColourBlack),
        (Colour::Grey, Key::ColourGrey),
        (Colour::Brown, Key::ColourBrown),
        (Colour::Red, Key::ColourRed),
        (Colour::Green, Key::ColourGreen),
    ];
    let smells = [
        (Smell::None, Key::SmellNone),
        (Smell::Foul, Key::SmellFoul),
        (Smell::Pungent, Key::SmellPungent),
        (Smell::Oily, Key::SmellOily),
    ];
    let foams = [
        (Foam::None, Key::FoamNone),
        (Foam::Some, Key::FoamSome),
        (Foam::Much, Key::FoamMuch),
    ];
    let flows = [
        (Flow::Trickle, Key::FlowTrickle),
        (Flow::Small, Key::FlowSmall),
        (Flow::Steady, Key::FlowSteady),
        (Flow::Strong, Key::FlowStrong),
    ];
    view! {
        <Outfalls editor />
        {one_of(editor, Key::SignColour, &colours, |s| &mut s.colour)}
        {one_of(editor, Key::SignSmell, &smells, |s| &mut s.smell)}
        {one_of(editor, Key::SignFoam, &foams, |s| &mut s.foam)}
        {one_of(editor, Key::SignFlow, &flows, |s| &mut s.flow)}
    }
}

/// One question; touching the chosen answer takes it back.
fn one_of<T: Clone + PartialEq + Send + Sync + 'static>(
    editor: Editor,
    question: Key,
    answers: &[(T, Key)],
    field: fn(&mut Signs) -> &mut Option<T>,
) -> impl IntoView + use<T> {
    let chips = answers.iter().cloned().map(move |(answer, key)| {
        let mine = answer.clone();
        let chosen = Signal::derive(move || {
            let mut signs = editor.draft.with(|d| d.signs.clone());
            field(&mut signs).as_ref() == Some(&mine)
        });
        let touch = move || {
            editor.change(|d| {
                let kept = field(&mut d.signs);
                *kept = Some(answer.clone()).filter(|a| kept.as_ref() != Some(a));
            });
        };
        view! { <Chip label=t(key) chosen touch testid="sign" /> }
    });
    let chips = chips.collect_view();
    view! { <ChipGroup question=t(question)>{chips}</ChipGroup> }
}

/// The outfalls of the reach; whoever finds another describes it in words.
#[component]
fn Outfalls(editor: Editor) -> impl IntoView {
    let app = App::here();
    let near = move || {
        let reach = editor.draft.with(|d| d.reach.clone());
        app.registers.with(|r| {
            let all = r.iter().flat_map(|r| &r.outfalls);
            let here = all.filter(|o| Some(&o.reach) == reach.as_ref());
            here.map(|o| (o.id.clone(), o.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let chip = move |(id, label): (OutfallId, String)| {
        let mine = id.clone();
        let chosen = Signal::derive(move || {
            editor
                .draft
                .with(|d| d.signs.outfall.as_ref() == Some(&mine))
        });
        let touch = move || {
            editor.change(|d| {
                let kept = &mut d.signs.outfall;
                *kept = Some(id.clone()).filter(|a| kept.as_ref() != Some(a));
            });
        };
        view! { <Chip label chosen touch testid="outfall" /> }
    };
    view! {
        <Show when=move || !near().is_empty()>
            <ChipGroup question=t(Key::OutfallChoose)>
                {move || near().into_iter().map(chip).collect_view()}
            </ChipGroup>
        </Show>
    }
}
