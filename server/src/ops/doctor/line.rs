use crate::ops::terminal::Terminal;
use crate::ops::{Said, said};
use serde::Serialize;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Well.
    Ok,
    /// To be seen to, not now.
    Warn,
    /// To be seen to now.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// A stable word.
    name: &'static str,
    pub(super) state: State,
    /// How it is.
    is: Said,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_do: Option<Said>,
}

impl Line {
    pub(super) const fn ok(name: &'static str, is: Said) -> Self {
        Self {
            name,
            state: State::Ok,
            is,
            to_do: None,
        }
    }

    pub(super) const fn warn(name: &'static str, is: Said, to_do: Said) -> Self {
        Self {
            name,
            state: State::Warn,
            is,
            to_do: Some(to_do),
        }
    }

    pub(super) const fn bad(name: &'static str, is: Said, to_do: Said) -> Self {
        Self {
            name,
            state: State::Bad,
            is,
            to_do: Some(to_do),
        }
    }

    pub(super) fn print(&self, terminal: &Terminal) {
        let Said { zh, en } = &self.is;
        terminal.say(&match self.state {
            State::Ok => said!("正常  {zh}", "ok    {en}"),
            State::Warn => said!("注意  {zh}", "warn  {en}"),
            State::Bad => said!("有问题  {zh}", "bad   {en}"),
        });
        if let Some(Said { zh, en }) = &self.to_do {
            terminal.say(&said!("      → {zh}", "      → {en}"));
        }
    }
}
