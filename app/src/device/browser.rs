//! Which browser this is, as far as it decides what can be promised.

/// The kinds of place the app may find itself in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
    /// A browser that keeps what is stored.
    Browser,
    /// The browser inside a chat program: no install, and its cache is cleared by hand.
    InsideChat,
    /// A Safari tab on iOS: what is stored there does not move to the installed app.
    IosTab,
}

/// Where the app runs.
pub fn surroundings() -> Surroundings {
    let Some(window) = web_sys::window() else {
        return Surroundings::Browser;
    };
    let agent = window.navigator().user_agent().unwrap_or_default();
    let installed = window
        .match_media("(display-mode: standalone)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    of(&agent, installed)
}

fn of(agent: &str, installed: bool) -> Surroundings {
    let chat = ["MicroMessenger", "QQ/", "DingTalk", "wxwork"];
    if chat.iter().any(|name| agent.contains(name)) {
        Surroundings::InsideChat
    } else if (agent.contains("iPhone") || agent.contains("iPad")) && !installed {
        Surroundings::IosTab
    } else {
        Surroundings::Browser
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chat_programs_and_ios_tabs_are_recognised() {
        let wechat = "Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile MicroMessenger/8.0.50";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Version/18.4 Safari";
        let chrome = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36";
        assert_eq!(of(wechat, false), Surroundings::InsideChat);
        assert_eq!(of(safari, false), Surroundings::IosTab);
        assert_eq!(of(safari, true), Surroundings::Browser);
        assert_eq!(of(chrome, false), Surroundings::Browser);
    }
}
