use super::kit::{Folder, serve, xunhe};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn state(doctor: &Value, name: &str) -> String {
    let lines = doctor["lines"].as_array().unwrap();
    let line = lines.iter().find(|l| l["name"] == name);
    let line = line.unwrap_or_else(|| panic!("no line {name}: {doctor}"));
    line["state"].as_str().unwrap().to_owned()
}

fn look(data: &Path) -> Value {
    xunhe(&[&"doctor", &"--json", &"--data", &data]).json()
}

#[tokio::test]
async fn every_line_says_how_it_is_and_what_to_do() {
    let folder = Folder::filled().await;
    let server = serve(folder.dir, &folder.password).await;
    let data = server.folder.path().to_owned();
    let said = xunhe(&[&"doctor", &"--data", &data]).well();
    for words in [
        "服务正在运行",
        "SQLite 3.",
        "写盘同步",
        "没有做过备份",
        "xunhe backup",
        "监听",
        "纪元：1 (",
        "the first start",
        "待核实 0 条",
        "手机日志 2 个",
    ] {
        assert!(said.out.contains(words), "{words:?} is not in {}", said.out);
    }
    let doctor = look(&data);
    for (name, wanted) in [
        ("server", "ok"),
        ("file_system", "ok"),
        ("sync", "ok"),
        ("clock", "ok"),
        ("receipt_key", "ok"),
        ("backup", "warn"),
        ("uploads", "ok"),
        ("quarantine", "ok"),
        ("logs", "ok"),
        ("purge", "ok"),
    ] {
        let found = state(&doctor, name);
        // How fast this machine's disk is nobody knows.
        assert!(found == wanted || name == "sync", "{name}: {found}");
    }
    let depot = tempfile::tempdir().unwrap();
    xunhe(&[&"backup", &"--data", &data, &"--to", &depot.path()]).well();
    assert_eq!(state(&look(&data), "backup"), "ok");
    let english = xunhe(&[&"doctor", &"--lang", &"en", &"--data", &data]);
    assert!(english.out.contains("last backup"), "{english:?}");

    let key = data.join("receipt.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = xunhe(&[&"doctor", &"--data", &data]);
    open.ends(3, "chmod 600");
    server.running.stop().await;
    let stopped = look(&data);
    assert_eq!(state(&stopped, "receipt_key"), "bad");
    assert!(stopped.to_string().contains("no server runs"), "{stopped}");
    assert!(
        std::fs::read_dir(&data).unwrap().all(|f| !f
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("doctor")),
        "it leaves nothing behind"
    );
}

#[tokio::test]
async fn gaps_and_a_clock_that_went_back_are_told() {
    use crate::support::Pen;
    let folder = Folder::filled().await;
    let server = serve(folder.dir, &folder.password).await;
    let data = server.folder.path().to_owned();
    let phone = server.client("wgy2-hejin").await;
    let mut pen = Pen::new("wgy2-hejin").on("fh-chaijia");
    let (_kept_back, sent) = (pen.cleanup(vec![]), pen.cleanup(vec![]));
    super::kit::send(&phone, &[&sent]).await;
    let said = xunhe(&[&"doctor", &"--data", &data]).well();
    assert!(said.out.contains("wgy2-hejin 1"), "{}", said.out);
    assert_eq!(state(&look(&data), "logs"), "warn");
    // Once a desk has said why it will never come, nobody is asked for it.
    let store = &server.running.app.store;
    let closed = domain::wire::ClosedLog {
        through: 1,
        by: "hzb-hejin".parse().unwrap(),
        at_ms: crate::support::pen::now(),
        reason: "手机丢失".to_owned(),
    };
    store.close_log(pen.head.log_id, &closed).await.unwrap();
    assert_eq!(state(&look(&data), "logs"), "ok");

    let batch = xunhe_server::store::Batch {
        arrivals: vec![xunhe_server::store::Arrival {
            entry: pen.cleanup(vec![]).check().unwrap(),
            device: phone.device.parse().unwrap(),
        }],
        now: domain::time::WallMs(crate::support::pen::now().0 + 3_600_000),
        ..xunhe_server::store::Batch::default()
    };
    let rules = xunhe_server::judge::Rules(server.running.app.registry.current());
    store.ingest(&batch, &rules).await.unwrap();
    let said = xunhe(&[&"doctor", &"--data", &data]);
    said.ends(3, "早于最新一条");
}
