use super::{Message, Shared};
use domain::wire::Hello;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// What a phone asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `POST /sync/push`
    Push,
    /// Anything of `/blobs`
    Blob,
    /// `GET /sync/pull`
    Pull,
    /// `POST /sync/announce`
    Announce,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Push, Self::Blob, Self::Pull, Self::Announce];

    fn of(request: &Message) -> Option<Self> {
        let (_, path) = request.asked();
        let path = path.strip_prefix("/api/v1")?;
        Some(match path.split('?').next()? {
            "/sync/push" => Self::Push,
            "/sync/pull" => Self::Pull,
            "/sync/announce" => Self::Announce,
            other if other.starts_with("/blobs") => Self::Blob,
            _ => return None,
        })
    }
}

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It takes longer than the phone waits, both ways.
    Latency,
    /// The answer comes at one byte a second.
    Trickle,
    /// Cut off somewhere: the request or the answer.
    Cut,
    /// The connection is reset: before the request came through, or after.
    Reset,
    /// Nothing comes, and the connection stays open.
    HalfOpen,
    /// The request arrives twice; the second answer comes back.
    Twice,
    /// The request arrives, the answer is swallowed.
    Swallowed,
    /// One bit of the body is another: of the request or of the answer.
    Corrupt,
    /// 200 and a page: a captive portal.
    Portal,
    /// 302 to a login page.
    Redirect,
    /// The right answer, called something else.
    WrongMime,
    /// The server's clock jumps by ten years.
    ClockJump,
}

/// More than the phones of the matrix wait.
const TOO_LONG: Duration = Duration::from_millis(500);
const TEN_YEARS_MS: i64 = 10 * 365 * 24 * 3_600_000;

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 12] = [
        Self::Latency,
        Self::Trickle,
        Self::Cut,
        Self::Reset,
        Self::HalfOpen,
        Self::Twice,
        Self::Swallowed,
        Self::Corrupt,
        Self::Portal,
        Self::Redirect,
        Self::WrongMime,
        Self::ClockJump,
    ];

    /// Whether a request meets it. The time is told by hello, whatever else is asked for.
    pub(super) fn meets(self, request: &Message, kind: Kind) -> bool {
        let hello = request.asked().1.ends_with("/sync/hello");
        Kind::of(request) == Some(kind) || (self == Self::ClockJump && hello)
    }

    /// Lets a request meet it; every other time in the second of its two forms.
    pub(super) async fn apply(
        self,
        way: &Shared,
        mut client: TcpStream,
        mut request: Message,
        chance: u64,
        met: u32,
    ) -> std::io::Result<()> {
        let first_form = met % 2 == 1;
        match self {
            Self::Latency => {
                tokio::time::sleep(TOO_LONG).await;
                way.pass_on(&request).await?.write(&mut client).await
            }
            Self::Trickle => {
                let answer = way.pass_on(&request).await?.bytes();
                // Written in the background: the fault counts as met at once.
                tokio::spawn(async move {
                    for byte in answer {
                        if client.write_all(&[byte]).await.is_err() {
                            return;
                        }
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                });
                Ok(())
            }
            Self::Cut if first_form => {
                let whole = request.closing().bytes();
                let mut server = TcpStream::connect(&way.server).await?;
                server
                    .write_all(&whole[..place(chance, whole.len())])
                    .await?;
                server.shutdown().await
            }
            Self::Cut => {
                let whole = way.pass_on(&request).await?.bytes();
                client
                    .write_all(&whole[..place(chance, whole.len())])
                    .await?;
                client.shutdown().await
            }
            Self::Reset => {
                if !first_form {
                    way.pass_on(&request).await?;
                }
                client.set_zero_linger()
            }
            Self::HalfOpen => {
                // Held until the phone gives up.
                tokio::spawn(async move {
                    let _ = client.readable().await;
                    tokio::time::sleep(Duration::from_mins(1)).await;
                    drop(client);
                });
                Ok(())
            }
            Self::Twice => {
                way.pass_on(&request).await?;
                way.pass_on(&request).await?.write(&mut client).await
            }
            Self::Swallowed => way.pass_on(&request).await.map(drop),
            Self::Corrupt if first_form && !request.body.is_empty() => {
                flip(&mut request.body, chance);
                way.pass_on(&request).await?.write(&mut client).await
            }
            Self::Corrupt => {
                let mut answer = way.pass_on(&request).await?;
                flip(&mut answer.body, chance);
                answer.write(&mut client).await
            }
            Self::Portal => {
                let page = "<html>Welcome to the hotel. Please sign in.</html>";
                let headers = [("content-type", "text/html")];
                Message::answer("200 OK", &headers, page)
                    .write(&mut client)
                    .await
            }
            Self::Redirect => {
                let headers = [("location", "http://127.0.0.1:9/login")];
                Message::answer("302 Found", &headers, "")
                    .write(&mut client)
                    .await
            }
            Self::WrongMime => {
                let mut answer = way.pass_on(&request).await?;
                answer.set("content-type", "text/html");
                answer.write(&mut client).await
            }
            Self::ClockJump => {
                let mut answer = way.pass_on(&request).await?;
                let years = if first_form {
                    TEN_YEARS_MS
                } else {
                    -TEN_YEARS_MS
                };
                answer.set("date", "Thu, 01 Jan 2037 00:00:00 GMT");
                if let Ok(mut hello) = serde_json::from_slice::<Hello>(&answer.body) {
                    hello.time_ms.0 += years;
                    answer.body = serde_json::to_vec(&hello).unwrap_or_default();
                    answer.set("content-length", &answer.body.len().to_string());
                }
                answer.write(&mut client).await
            }
        }
    }
}

fn place(chance: u64, len: usize) -> usize {
    usize::try_from(chance % (len as u64).max(1)).unwrap_or(0)
}

fn flip(body: &mut [u8], chance: u64) {
    if !body.is_empty() {
        body[place(chance, body.len())] ^= 1 << ((chance >> 40) % 8);
    }
}
