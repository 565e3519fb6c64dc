use crate::support::server::settings;
use crate::support::{Client, Reply};
use reqwest::Method;
use xunhe_server::serve::start;

async fn get(client: &Client, path: &str, accept: &str) -> Reply {
    client
        .send(
            client
                .request(Method::GET, path)
                .header("accept-encoding", accept),
        )
        .await
}

#[tokio::test]
async fn the_app_is_served_compressed_and_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("console")).unwrap();
    for (name, text) in [
        ("index.html", "phone"),
        ("console/index.html", "console"),
        ("phone-0123456789abcdef_bg.wasm", "wasm"),
        ("phone-0123456789abcdef_bg.wasm.br", "br"),
        ("phone-0123456789abcdef_bg.wasm.gz", "gz"),
        ("sw.js", "worker"),
    ] {
        std::fs::write(dist.join(name), text).unwrap();
    }
    let mut settings = settings(&folder.path().join("data"));
    settings.app = Some(dist);
    let running = start(&settings).await.unwrap();
    let client = Client::new(&format!("http://{}", running.address));

    let wasm = "/phone-0123456789abcdef_bg.wasm";
    for (accept, body, encoding) in [
        ("br, gzip", "br", Some("br")),
        ("gzip", "gz", Some("gzip")),
        ("br;q=0, gzip;q=0", "wasm", None),
    ] {
        let reply = get(&client, wasm, accept).await;
        assert_eq!(
            (reply.text().as_str(), reply.header("content-encoding")),
            (body, encoding)
        );
        assert_eq!(reply.header("content-type"), Some("application/wasm"));
        assert_eq!(
            reply.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
    }
    for (path, body) in [
        ("/", "phone"),
        ("/records/17", "phone"),
        ("/console", "console"),
        ("/console/", "console"),
        ("/console/records/17", "console"),
        ("/sw.js", "worker"),
    ] {
        let reply = get(&client, path, "identity").await;
        assert_eq!((reply.status, reply.text().as_str()), (200, body), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-cache"), "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
            "{policy}"
        );
    }
    let reply = get(&client, "/sw.js", "identity").await;
    let request = client.request(Method::GET, "/sw.js");
    let request = request.header("if-none-match", reply.header("etag").unwrap());
    assert_eq!(client.send(request).await.status, 304);
    assert_eq!(get(&client, "/missing.js", "identity").await.status, 404);
    assert_eq!(
        get(&client, "/api/v1/nothing", "identity").await.status,
        404
    );
    assert_eq!(
        get(&client, "/..%2fdata/receipt.key", "identity")
            .await
            .status,
        404
    );
    running.stop().await;
}

/// A release with one file of its own name, started on the same data.
async fn released(top: &std::path::Path, n: u32) -> xunhe_server::serve::Running {
    let dist = top.join(format!("dist-{n}"));
    std::fs::create_dir_all(&dist).unwrap();
    std::fs::write(dist.join("index.html"), format!("page {n}")).unwrap();
    let script = dist.join(format!("phone-{n:016x}.js"));
    std::fs::write(script, format!("release {n}")).unwrap();
    let mut settings = settings(&top.join("data"));
    settings.app = Some(dist);
    start(&settings).await.unwrap()
}

#[tokio::test]
async fn the_files_of_three_releases_are_there_and_no_more() {
    let top = tempfile::tempdir().unwrap();
    for n in 1..=4 {
        let running = released(top.path(), n).await;
        let client = Client::new(&format!("http://{}", running.address));
        for older in 1..=n {
            let reply = get(&client, &format!("/phone-{older:016x}.js"), "br").await;
            let there = older + 2 >= n;
            assert_eq!(
                reply.status,
                if there { 200 } else { 404 },
                "{older} in {n}"
            );
            if there {
                assert_eq!(reply.text(), format!("release {older}"));
                assert_eq!(
                    reply.header("content-type"),
                    Some("text/javascript; charset=utf-8")
                );
            }
        }
        assert_eq!(get(&client, "/", "br").await.text(), format!("page {n}"));
        running.stop().await;
    }
}

#[tokio::test]
async fn the_kill_switch_is_a_file_in_the_data_folder() {
    let top = tempfile::tempdir().unwrap();
    let running = released(top.path(), 1).await;
    let client = Client::new(&format!("http://{}", running.address));
    let said = async || get(&client, "/sw-kill", "br").await;
    assert_eq!(said().await.text(), "no");
    std::fs::write(top.path().join("data/sw-kill"), "").unwrap();
    let reply = said().await;
    assert_eq!(
        (reply.text().as_str(), reply.header("cache-control")),
        ("kill", Some("no-store"))
    );
    running.stop().await;
}
