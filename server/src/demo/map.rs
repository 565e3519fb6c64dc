use super::DemoError;
use super::table::{File, MAP_BOUNDARIES, MAP_RIVERS, MAP_WATERS};
use crate::store::MapLayer;

/// What the map shows below the records, the lowest first. Each names its source as the map
/// must; 审图号 there is none: a public map needs the operator's own.
pub fn map_layers() -> Result<Vec<MapLayer>, DemoError> {
    let layers = [
        (MAP_WATERS, "waters", "水面 © OpenStreetMap 贡献者 (ODbL)"),
        (MAP_RIVERS, "rivers", "河流 全国1:400万数据库"),
        (
            MAP_BOUNDARIES,
            "boundaries",
            "区划 天地图（演示，无审图号）",
        ),
    ];
    let layer = |(file, name, source): (File, &str, &str)| {
        Ok(MapLayer {
            name: name.to_owned(),
            source: source.to_owned(),
            data: serde_json::from_str(file.text).map_err(|e| file.broken(e))?,
        })
    };
    layers.into_iter().map(layer).collect()
}
