use gloo_events::EventListener;
use web_sys::EventSource;

/// The open line on which the server says that something changed.
pub struct News {
    source: EventSource,
    _heard: EventListener,
    _changed: [EventListener; 2],
}

impl News {
    /// Opens `GET /news`. `heard` is called at every piece of news, `changed` when the line
    /// comes or goes. The browser comes back by itself unless the server turned it away.
    pub fn open(heard: impl Fn() + 'static, changed: impl Fn() + Clone + 'static) -> Option<Self> {
        let source = EventSource::new("/api/v1/news").ok()?;
        let on = |name: &'static str| {
            let changed = changed.clone();
            EventListener::new(&source, name, move |_| changed())
        };
        Some(Self {
            _heard: EventListener::new(&source, "news", move |_| heard()),
            _changed: [on("open"), on("error")],
            source,
        })
    }

    /// Whether news come now.
    pub fn is_live(&self) -> bool {
        self.source.ready_state() == EventSource::OPEN
    }

    /// Whether the server turned it away: it must be opened anew.
    pub fn is_over(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.source.close();
    }
}
