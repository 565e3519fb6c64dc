use leptos::prelude::*;

/// What a notice is about; never told by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something is done.
    Good,
    /// Something to know.
    Info,
    /// Something to do.
    Warn,
    /// Something went wrong.
    Bad,
}

impl Tone {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Info => "i",
            Self::Warn => "!",
            Self::Bad => "✕",
        }
    }
}

/// A few words that a person should not miss.
#[component]
pub fn Notice(
    /// What it is about.
    tone: Tone,
    /// For tests.
    #[prop(into, optional)]
    testid: String,
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=format!("notice notice-{}", tone.class()) role=role data-testid=testid>
            <span class="notice-icon" aria-hidden="true">{tone.mark()}</span>
            <div class="stack-tight">{children()}</div>
        </div>
    }
}
