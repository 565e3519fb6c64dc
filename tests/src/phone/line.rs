use super::wire::{Ask, Reply};
use domain::ids::DeviceId;
use domain::sync::Failure;
use domain::wire::SignIn;
use domain::wire::upload_header::METHOD_OVERRIDE;
use reqwest::redirect::Policy;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// How long a request may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// A text.
    pub text: Duration,
    /// Up to 512 KiB of a photo.
    pub heavy: Duration,
}

impl Patience {
    /// As the app is: 2G is slow, and a retry costs more.
    pub const APP: Self = Self {
        text: Duration::from_mins(1),
        heavy: Duration::from_mins(3),
    };

    /// The same for everything.
    pub const fn of(limit: Duration) -> Self {
        Self {
            text: limit,
            heavy: limit,
        }
    }
}

/// The way to the server over a real network, with the browser's one cookie.
#[derive(Debug, Clone)]
pub struct Line {
    http: reqwest::Client,
    base: Rc<RefCell<String>>,
    patience: Rc<Cell<Patience>>,
    cookie: Rc<RefCell<Option<String>>>,
}

impl Line {
    /// A way to the server at `url`.
    pub fn new(url: &str, patience: Patience) -> Self {
        let http = reqwest::Client::builder()
            // A page that something on the way redirects to is not our answer.
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: Rc::new(RefCell::new(format!("{url}/api/v1"))),
            patience: Rc::new(Cell::new(patience)),
            cookie: Rc::default(),
        }
    }

    /// Another way (through a proxy, say) for the same browser.
    #[must_use]
    pub fn by_way_of(&self, url: &str, patience: Patience) -> Self {
        Self {
            cookie: Rc::clone(&self.cookie),
            ..Self::new(url, patience)
        }
    }

    /// Waits longer, or less long, from now on.
    pub fn be(&self, patience: Patience) {
        self.patience.set(patience);
    }

    /// Goes another way from now on.
    pub fn go_by(&self, other: &Self) {
        self.base.replace(other.base.borrow().clone());
    }

    /// Signs in; the cookie is kept.
    pub async fn sign_in(&self, account: &str, password: &str, device: DeviceId) {
        let words = SignIn {
            account: account.to_owned(),
            password: password.to_owned(),
            device_id: device,
            device_key: None,
        };
        let body = serde_json::to_vec(&words).unwrap();
        let ask = Ask::new("POST", "/session").body("application/json", body);
        let reply = self.send(&ask).await.unwrap();
        assert_eq!(reply.status, 200, "signing in as {account}");
        let cookie = reply.header("set-cookie").and_then(|c| c.split(';').next());
        self.cookie.replace(cookie.map(str::to_owned));
    }

    /// Sends a request, as a POST if a firewall lets nothing else through.
    pub async fn send(&self, ask: &Ask) -> Result<Reply, Failure> {
        let reply = self.attempt(ask, ask.method).await?;
        let unusual = !matches!(ask.method, "GET" | "POST");
        if unusual && matches!(reply.status, 403 | 405 | 501) && !reply.is_json() {
            return self.attempt(ask, "POST").await;
        }
        Ok(reply)
    }

    async fn attempt(&self, ask: &Ask, method: &str) -> Result<Reply, Failure> {
        let url = format!("{}{}", self.base.borrow(), ask.path);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if method != ask.method {
            request = request.header(METHOD_OVERRIDE, ask.method);
        }
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if let Some(cookie) = &*self.cookie.borrow() {
            request = request.header("cookie", cookie);
        }
        let patience = self.patience.get();
        let limit = if ask.heavy {
            patience.heavy
        } else {
            patience.text
        };
        // The limit covers head and body of the answer.
        let request = request.body(ask.body.clone()).timeout(limit);
        let answer = request.send().await.map_err(|_| Failure::Unreachable)?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let headers = headers.collect();
        let body = answer.bytes().await.map_err(|_| Failure::Unreachable)?;
        Ok(Reply {
            status,
            headers,
            body: body.to_vec(),
            bodiless: method == "HEAD",
        })
    }
}
