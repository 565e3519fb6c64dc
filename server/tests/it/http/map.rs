use crate::support::pen::record_of;
use crate::support::{Pen, TestServer};
use domain::wire::{RecordMap, Spot};
use serde_json::Value;

#[tokio::test]
async fn a_desk_sees_its_own_records_on_the_map() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji").at(110.447_65, 34.867_2);
    let here = pen.cleanup(vec![]);
    pen.place = None;
    let nowhere = pen.cleanup(vec![]);
    phone.push(&[&here, &nowhere]).await;
    let map = async |account: &str, filter: &str| -> RecordMap {
        let client = server.client(account).await;
        client
            .get(&format!("/api/v1/map/records{filter}"))
            .await
            .json()
    };
    let seen = map("hzb-yongji", "").await;
    assert_eq!((seen.points.len(), seen.others), (1, 1));
    assert_eq!(seen.points[0].record_id, record_of(&here));
    let at = Spot {
        lat_e7: 348_672_000,
        lon_e7: 1_104_476_500,
    };
    assert_eq!(seen.points[0].at, at);
    assert_eq!(map("hzb-yongji", "?kind=finding").await.points, []);
    let other = map("hzb-hejin", "").await;
    assert_eq!((other.points.len(), other.others), (0, 0));
}

#[tokio::test]
async fn the_ground_of_the_map_names_its_sources() {
    let server = TestServer::start().await;
    let path = "/api/v1/map/base";
    assert_eq!(server.stranger().get(path).await.status, 401);
    let layers: Vec<Value> = server.client("wgy-yongji").await.get(path).await.json();
    let names: Vec<_> = layers.iter().map(|l| l["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["waters", "rivers", "boundaries"]);
    for layer in &layers {
        assert!(!layer["source"].as_str().unwrap().is_empty());
        let features = layer["data"]["features"].as_array().unwrap();
        assert!(!features.is_empty(), "{}", layer["name"]);
    }
}
