//! A way to the server that goes wrong on purpose: between a phone and the real binary, for one
//! kind of call at a time.

mod fault;
mod http;
pub mod matrix;

pub use fault::{Fault, Kind};
pub use http::Message;

use crate::dice::Dice;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Listens on a port of its own and passes everything on, until told to do something else.
#[derive(Debug)]
pub struct Proxy {
    /// Where phones find the server now.
    pub url: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    server: String,
    plan: Mutex<Option<(Fault, Kind)>>,
    dice: Mutex<Dice>,
    /// How often the fault was met.
    met: watch::Sender<u32>,
}

impl Proxy {
    /// Starts before the server at this address (`host:port`).
    pub async fn start(server: &str, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            plan: Mutex::default(),
            dice: Mutex::new(Dice::new(seed)),
            met: watch::Sender::new(0),
        });
        let known = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&known);
                tokio::spawn(async move {
                    // A client that hung up is what half of the faults are about.
                    let _ = shared.serve(client).await;
                });
            }
        });
        Self {
            url,
            shared,
            listening,
        }
    }

    /// From now on these calls meet this fault, and no other do.
    pub fn plan(&self, fault: Fault, kind: Kind) {
        *held(&self.shared.plan) = Some((fault, kind));
    }

    /// The way is free again.
    pub fn lift(&self) {
        *held(&self.shared.plan) = None;
    }

    /// How often a fault was met.
    pub fn met(&self) -> watch::Receiver<u32> {
        self.shared.met.subscribe()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Shared {
    /// One request of one connection; then the connection is closed.
    async fn serve(&self, mut client: TcpStream) -> std::io::Result<()> {
        let Some(request) = Message::read(&mut client).await? else {
            return Ok(());
        };
        let plan = *held(&self.plan);
        let fault = plan.and_then(|(fault, kind)| fault.meets(&request, kind).then_some(fault));
        let chance = held(&self.dice).next();
        let Some(fault) = fault else {
            let answer = self.pass_on(&request).await?;
            return answer.write(&mut client).await;
        };
        let mut times = 0;
        self.met.send_modify(|met| {
            *met += 1;
            times = *met;
        });
        fault.apply(self, client, request, chance, times).await
    }

    /// The server's answer.
    async fn pass_on(&self, request: &Message) -> std::io::Result<Message> {
        let mut server = TcpStream::connect(&self.server).await?;
        // The connection stays open this way: a server takes its end for a client that went.
        server.write_all(&request.clone().closing().bytes()).await?;
        Message::read_to_end(&mut server).await
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
