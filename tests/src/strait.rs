//! A narrow way to the server: so many bits a second each way, shared by all connections, and a
//! round trip. Bytes are counted where they pass.
//!
//! It is a relay in this process, so what TCP does of itself on a radio (slow start, lost
//! packets) is not in it, nor are the heads of packets; a new connection costs its round trip.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

/// What a packet carries.
const PIECE: usize = 1_460;
/// How late a piece may be because of the system's timers without the lane losing time.
const GRACE: Duration = Duration::from_millis(20);
/// A phone's system takes so much off a page's hands before it is on the way, about.
const BUFFER: u32 = 64 * 1024;
/// Pieces on their way.
const UNDER_WAY: usize = 4_096;

/// How narrow and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// Bits a second, each way.
    pub bits: u32,
    /// From here to there and back.
    pub round_trip: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Narrow(Speed),
    Down,
}

/// Listens on a port of its own.
#[derive(Debug)]
pub struct Strait {
    /// Where phones find the server.
    pub url: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    server: String,
    state: watch::Sender<State>,
    up: Lane,
    down: Lane,
}

/// One direction.
#[derive(Debug)]
struct Lane {
    carried: AtomicU64,
    /// When the last piece has left: those that wait stand in a line.
    free: Mutex<Instant>,
}

impl Strait {
    /// Begins, as wide as the machine, before the server at this address (`http://host:port`).
    pub fn start(server: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(BUFFER).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(128).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            server: server.trim_start_matches("http://").to_owned(),
            state: watch::Sender::new(State::Free),
            up: Lane::new(),
            down: Lane::new(),
        });
        let known = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&known);
                // Either side may hang up whenever it likes.
                tokio::spawn(async move { shared.carry(client).await });
            }
        });
        Self {
            url,
            shared,
            listening,
        }
    }

    /// From now on so narrow.
    pub fn narrow(&self, speed: Speed) {
        self.shared.state.send_replace(State::Narrow(speed));
    }

    /// As wide as the machine.
    pub fn widen(&self) {
        self.shared.state.send_replace(State::Free);
    }

    /// Cut: what is open ends, and nothing new comes through.
    pub fn cut(&self) {
        self.shared.state.send_replace(State::Down);
    }

    /// Bytes carried so far: up, down.
    pub fn carried(&self) -> (u64, u64) {
        let of = |lane: &Lane| lane.carried.load(Ordering::Relaxed);
        (of(&self.shared.up), of(&self.shared.down))
    }
}

impl Drop for Strait {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Shared {
    async fn carry(&self, client: TcpStream) {
        if *self.state.borrow() == State::Down {
            // Refused at once, as without a network.
            let _ = client.set_zero_linger();
            return;
        }
        let mut state = self.state.subscribe();
        let both = async {
            sleep(self.round_trip()).await;
            let server = TcpStream::connect(&self.server).await?;
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            tokio::try_join!(
                self.pass(&self.up, from_client, to_server),
                self.pass(&self.down, from_server, to_client),
            )?;
            std::io::Result::Ok(())
        };
        tokio::select! {
            _ = both => {}
            _ = state.wait_for(|state| *state == State::Down) => {}
        }
    }

    fn round_trip(&self) -> Duration {
        match *self.state.borrow() {
            State::Narrow(speed) => speed.round_trip,
            State::Free | State::Down => Duration::ZERO,
        }
    }

    async fn pass(
        &self,
        lane: &Lane,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
    ) -> std::io::Result<()> {
        let (tell, mut heard) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
        let take = async move {
            let mut piece = [0; PIECE];
            loop {
                let n = from.read(&mut piece).await?;
                if n == 0 {
                    return Ok(());
                }
                let there = self.through(lane, n).await;
                if tell.send((there, piece[..n].to_vec())).await.is_err() {
                    return std::io::Result::Ok(());
                }
            }
        };
        let give = async move {
            while let Some((there, bytes)) = heard.recv().await {
                sleep_until(there).await;
                to.write_all(&bytes).await?;
            }
            to.shutdown().await
        };
        tokio::try_join!(take, give).map(drop)
    }

    /// Waits until so many bytes have left; when they are there.
    async fn through(&self, lane: &Lane, bytes: usize) -> Instant {
        let mut free = lane.free.lock().await;
        let state = *self.state.borrow();
        let now = Instant::now();
        lane.carried.fetch_add(bytes as u64, Ordering::Relaxed);
        if let State::Narrow(speed) = state {
            let begun = (*free).max(now.checked_sub(GRACE).unwrap_or(now));
            let takes = bytes as u64 * 8 * 1_000_000_000 / u64::from(speed.bits);
            *free = begun + Duration::from_nanos(takes);
            sleep_until(*free).await;
            *free + speed.round_trip / 2
        } else {
            now
        }
    }
}

impl Lane {
    fn new() -> Self {
        Self {
            carried: AtomicU64::new(0),
            free: Mutex::new(Instant::now()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// Somebody who takes everything and then says how much it was.
    async fn sink() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut one, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut all = Vec::new();
                    let _ = one.read_to_end(&mut all).await;
                    let _ = one.write_all(&all.len().to_be_bytes()).await;
                });
            }
        });
        url
    }

    async fn send(strait: &Strait, bytes: usize) -> std::io::Result<u64> {
        let to = strait.url.trim_start_matches("http://");
        let mut one = TcpStream::connect(to).await?;
        one.write_all(&vec![7; bytes]).await?;
        one.shutdown().await?;
        one.read_u64().await
    }

    #[tokio::test]
    async fn bytes_take_as_long_as_the_way_is_narrow_whoever_sends_them() {
        let strait = Strait::start(&sink().await);
        strait.narrow(Speed {
            bits: 4_000_000,
            round_trip: Duration::from_millis(100),
        });
        let begun = Instant::now();
        let (a, b) = tokio::join!(send(&strait, 100_000), send(&strait, 150_000));
        let took = begun.elapsed().as_millis();
        assert_eq!((a.unwrap(), b.unwrap()), (100_000, 150_000));
        // 250,000 bytes at 500 a millisecond, there and back: never less, whatever else runs here.
        assert!(took >= 600, "{took} ms");
        assert_eq!(strait.carried(), (250_000, 16));
    }

    #[tokio::test]
    async fn a_cut_ends_what_is_open_and_lets_nothing_through() {
        let strait = Strait::start(&sink().await);
        strait.narrow(Speed {
            bits: 8_000,
            round_trip: Duration::ZERO,
        });
        let cut = async {
            sleep(Duration::from_millis(50)).await;
            strait.cut();
        };
        let (sent, ()) = tokio::join!(send(&strait, 100_000), cut);
        assert!(sent.is_err(), "{sent:?}");
        assert!(send(&strait, 1).await.is_err());
        strait.widen();
        assert_eq!(send(&strait, 100_000).await.unwrap(), 100_000);
    }
}
