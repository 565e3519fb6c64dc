//! Starting, running and stopping the server.

use crate::app::{App, Shared};
use crate::auth::{Passwords, Throttle};
use crate::backup_mark::BackupMark;
use crate::blobs::{Vault, VaultError};
use crate::config::Settings;
use crate::cursor::CursorKey;
use crate::demonstration::{self, Demonstration, DemonstrationError};
use crate::folder::{self, FolderError, OnlyWriter};
use crate::http::cookie::CookiePolicy;
use crate::ingest::Ingest;
use crate::news::News;
use crate::receipts::{KeyError, Receipts};
use crate::registry::{BadRegisters, Registry};
use crate::store::StoreError;
use crate::{assets, clock, engine, heads, http, news, purge, routes, uploads};
use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Router, ServiceExt as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::{Layer as _, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Why the server does not start. Nothing that was kept before is touched by it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}; choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of photos.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The signing key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It is another one than that of the installation.
    #[error(
        "{} is not the key that this installation signs receipts with; copy that file from another \
         of its servers", .0.display()
    )]
    OtherKey(PathBuf),
    /// The registers.
    #[error(transparent)]
    Registers(#[from] BadRegisters),
    /// The demonstration.
    #[error(transparent)]
    Demonstration(#[from] DemonstrationError),
    /// Passwords.
    #[error(transparent)]
    Passwords(#[from] crate::auth::HashFailed),
}

/// How long calls that were begun may take when the server stops.
const LAST_CALLS: Duration = Duration::from_secs(20);

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its parts.
    pub app: Shared,
    /// What was loaded at first start.
    pub demonstration: Option<Demonstration>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
    _lock: OnlyWriter,
}

/// Opens the data folder and starts to listen.
pub async fn start(settings: &Settings) -> Result<Running, StartError> {
    let data = &settings.data;
    std::fs::create_dir_all(data).map_err(|source| FolderError::Io {
        path: data.clone(),
        source,
    })?;
    let lock = OnlyWriter::of(data)?;
    folder::finished(data)?;
    let store = engine::open(settings).await?;
    let blobs = settings.blobs.clone();
    let vault = Vault::folder(&blobs.unwrap_or_else(|| data.join(folder::BLOBS)))?;
    let identity = store.identity().await?;
    let receipts = Receipts::open(data, identity.server_id)?;
    engine::one_key(settings, store.as_ref(), &receipts).await?;
    for key in receipts.keys() {
        store.note_key(&key, clock::now()).await?;
    }
    let registry = Arc::new(Registry::load(store.as_ref()).await?);
    let news = Arc::new(News::default());
    let (ingest, writer) =
        Ingest::start(Arc::clone(&store), Arc::clone(&registry), Arc::clone(&news));
    let secure = settings.behind_tls_proxy;
    let app = Arc::new(App {
        cursors: CursorKey::new(receipts.derived_secret("cursor")),
        store,
        vault,
        registry,
        receipts,
        ingest,
        news,
        passwords: Passwords::new()?,
        throttle: Throttle::default(),
        cookies: if secure {
            CookiePolicy::Secure
        } else {
            CookiePolicy::Loopback
        },
        behind_proxy: settings.behind_tls_proxy,
        server_id: identity.server_id,
        app_folder: settings.app.clone(),
        backups: BackupMark::beside(data),
        kill_switch: data.join(assets::KILL_SWITCH),
        epoch: AtomicU64::new(identity.epoch),
        raising: tokio::sync::Mutex::new(()),
    });
    heads::compare(&app).await?;
    assets::releases::keep(&app).await?;
    let demonstration = if settings.demo {
        demonstration::load(&app).await?
    } else {
        None
    };
    let (stop, stopped) = watch::channel(false);
    let listen = |source| StartError::Listen {
        address: settings.listen,
        source,
    };
    let listener = TcpListener::bind(settings.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let mut background = vec![
        writer,
        tokio::spawn(heads::keep(Arc::clone(&app), stopped.clone())),
        tokio::spawn(news::watch(Arc::clone(&app), stopped.clone())),
        tokio::spawn(uploads::sweep(Arc::clone(&app), stopped.clone())),
        tokio::spawn(purge::keep_terms(
            Arc::clone(&app),
            settings.keep_tracks_days,
            stopped.clone(),
        )),
    ];
    if settings.database.is_some() {
        background.push(tokio::spawn(engine::follow(
            Arc::clone(&app),
            stopped.clone(),
        )));
    }
    let serving = tokio::spawn(serve(listener, Arc::clone(&app), stopped));
    Ok(Running {
        address,
        app,
        demonstration,
        stop,
        serving,
        background,
        _lock: lock,
    })
}

async fn serve(
    listener: TcpListener,
    app: Shared,
    mut stopped: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let service = axum::middleware::map_request(|request: Request| async move {
        http::method::override_method(request)
    })
    .layer(router(app));
    let done = async move {
        // An error means that the sender is gone: that is a reason to stop, too.
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    axum::serve(
        listener,
        service.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(done)
    .await
}

fn router(app: Shared) -> Router {
    let tls = app.behind_proxy;
    Router::new()
        .merge(routes::api(&app))
        .fallback(assets::serve)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(http::log::log))
                .layer(from_fn_with_state(tls, http::headers::guard))
                .layer(CatchPanicLayer::custom(http::failure::panicked))
                .layer(CompressionLayer::new())
                .layer(from_fn(http::origin::own_pages_only)),
        )
        .with_state(app)
}

impl Running {
    /// Stops taking calls, finishes what was begun, and closes the data folder.
    pub async fn stop(self) {
        self.stop_within(LAST_CALLS).await;
    }

    /// The same with another patience for calls that were begun.
    pub async fn stop_within(self, last_calls: Duration) {
        self.stop.send_replace(true);
        let mut serving = self.serving;
        match tokio::time::timeout(last_calls, &mut serving).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::error!(%error, "serving ended badly"),
            Ok(Err(error)) => tracing::error!(%error, "serving ended badly"),
            Err(_) => {
                tracing::warn!("calls that still send were cut off; their phones send again");
                serving.abort();
                // Aborted on purpose: the outcome is known.
                let _ = serving.await;
            }
        }
        // A call that hangs on its phone holds on to the writer; the writer waits for none.
        self.app.ingest.close();
        let store = Arc::clone(&self.app.store);
        drop(self.app);
        for task in self.background {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task ended badly");
            }
        }
        if let Err(error) = store.close().await {
            tracing::error!(%error, "the database was not closed in order; it is still sound");
        }
        tracing::info!("stopped; everything begun was finished");
    }
}
