use super::http::Request;
use domain::ids::{EntryId, RecordId};
use domain::sync::Failure;
use domain::wire::{RecordFilter, RecordMap, RecordPage, RecordView};
use serde_json::value::RawValue;

/// `GET /records`: a page of what this person may see.
pub async fn records(filter: &RecordFilter) -> Result<RecordPage, Failure> {
    let path = format!("/records?{}", query(filter));
    Request::new("GET", path).send().await?.read().await
}

/// `GET /map/records`: where they are.
pub async fn record_map(filter: &RecordFilter) -> Result<RecordMap, Failure> {
    let path = format!("/map/records?{}", query(filter));
    Request::new("GET", path).send().await?.read().await
}

/// `GET /map/base`: what lies below everything on a map, as the map's program reads it.
pub async fn map_ground() -> Result<String, Failure> {
    let reply = Request::new("GET", "/map/base").send().await?;
    let layers: Box<RawValue> = reply.read().await?;
    Ok(layers.get().to_owned())
}

/// `GET /records/{id}`: everything about one record.
pub async fn record(id: RecordId) -> Result<RecordView, Failure> {
    Request::new("GET", format!("/records/{id}"))
        .send()
        .await?
        .read()
        .await
}

/// The bytes of a picture of a record.
pub async fn picture(record: RecordId, entry: EntryId, index: u32) -> Result<Vec<u8>, Failure> {
    let path = format!("/records/{record}/entries/{entry}/blobs/{index}");
    Request::new("GET", path).send().await?.bytes().await
}

/// The address of a photo for an `<img>`. Blobs are read by entry and place, never by hash.
pub fn photo_url(record: RecordId, entry: EntryId, index: u32) -> String {
    format!("/api/v1/records/{record}/entries/{entry}/blobs/{index}?inline=1")
}

fn query(filter: &RecordFilter) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(filter) else {
        return String::new();
    };
    let pair = |(name, value): (&String, &serde_json::Value)| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={}", js_sys::encode_uri_component(&text))
    };
    fields
        .iter()
        .filter(|(_, v)| !v.is_null())
        .map(pair)
        .collect::<Vec<_>>()
        .join("&")
}
