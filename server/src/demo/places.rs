use super::{
    DemoError,
    table::{DIVISIONS, File, LINES, OUTFALLS, REACHES, SECTIONS, VALIDITY, WATERS, read, several},
};
use domain::patrol::ValidityRule;
use domain::register::{
    Bank, Charge, ChargeManner, ChiefLevel, CodeScheme, Day, Division, DivisionId, DivisionLevel,
    OfficialCode, Outfall, OutfallId, OutfallState, PersonId, Reach, ReachId, ReachLine, Section,
    SectionGrade, SectionId, Term, UnitId, Water, WaterId,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct DivisionRow {
    id: DivisionId,
    parent: Option<DivisionId>,
    level: DivisionLevel,
    name: String,
    gb2260: Option<String>,
    nbs: Option<String>,
}

/// The divisions, in the order of the file.
pub(super) fn divisions() -> Result<Vec<Division>, DemoError> {
    let rows: Vec<DivisionRow> = read(DIVISIONS)?;
    let numbered = (0..).zip(rows);
    Ok(numbered
        .map(|(ordinal, row)| Division {
            codes: [(CodeScheme::Gb2260, row.gb2260), (CodeScheme::Nbs, row.nbs)]
                .into_iter()
                .filter_map(|(scheme, code)| {
                    Some(OfficialCode {
                        scheme,
                        code: code?,
                        valid_from: None,
                        valid_to: None,
                    })
                })
                .collect(),
            id: row.id,
            parent: row.parent,
            name: row.name,
            level: row.level,
            ordinal,
        })
        .collect())
}

pub(super) fn waters() -> Result<Vec<Water>, DemoError> {
    read(WATERS)
}

#[derive(Deserialize)]
struct ReachRow {
    id: ReachId,
    water: WaterId,
    name: String,
    bank: Bank,
    #[serde(deserialize_with = "several")]
    divisions: Vec<DivisionId>,
    start: Option<String>,
    end: Option<String>,
}

/// The reaches, each with its line if the drawing has one.
pub(super) fn reaches() -> Result<Vec<Reach>, DemoError> {
    let rows: Vec<ReachRow> = read(REACHES)?;
    let mut lines = lines()?;
    let mut reaches = Vec::with_capacity(rows.len());
    for row in rows {
        let line = lines.iter().position(|(id, _)| *id == row.id);
        reaches.push(Reach {
            line: line.map(|i| lines.swap_remove(i).1),
            id: row.id,
            water: row.water,
            name: row.name,
            start: row.start,
            end: row.end,
            bank: row.bank,
            divisions: row.divisions,
        });
    }
    match lines.first() {
        Some((id, _)) => Err(LINES.broken(format!("a line of reach {id}, which is not listed"))),
        None => Ok(reaches),
    }
}

#[derive(Deserialize)]
struct Drawing {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    reach: ReachId,
    error_m: u32,
    source: String,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    LineString { coordinates: Vec<[f64; 2]> },
}

fn lines() -> Result<Vec<(ReachId, ReachLine)>, DemoError> {
    let File { text, .. } = LINES;
    let drawing: Drawing = serde_json::from_str(text).map_err(|e| LINES.broken(e))?;
    let line = |f: Feature| {
        let Geometry::LineString { coordinates } = f.geometry;
        let line = ReachLine {
            coordinates,
            error_m: f.properties.error_m,
            source: f.properties.source,
        };
        (f.properties.reach, line)
    };
    Ok(drawing.features.into_iter().map(line).collect())
}

#[derive(Deserialize)]
struct SectionRow {
    id: SectionId,
    name: String,
    water: Option<WaterId>,
    division: Option<DivisionId>,
    #[serde(deserialize_with = "several")]
    responsible: Vec<DivisionId>,
    grade: SectionGrade,
    target_class: Option<String>,
    target: Option<String>,
}

pub(super) fn sections() -> Result<Vec<Section>, DemoError> {
    let rows: Vec<SectionRow> = read(SECTIONS)?;
    let section = |row: SectionRow| Section {
        id: row.id,
        name: row.name,
        water: row.water,
        division: row.division,
        responsible: row.responsible,
        grade: row.grade,
        target_class: row.target_class,
        target: row.target,
    };
    Ok(rows.into_iter().map(section).collect())
}

#[derive(Deserialize)]
struct OutfallRow {
    id: OutfallId,
    name: String,
    kind: String,
    division: DivisionId,
    reach: ReachId,
    place: Option<String>,
    state: OutfallState,
    supervising: Option<UnitId>,
    /// 监管责任人
    supervisor: Option<PersonId>,
    leading: Option<UnitId>,
    /// 主管责任人
    leader: Option<PersonId>,
}

pub(super) fn outfalls() -> Result<Vec<Outfall>, DemoError> {
    let rows: Vec<OutfallRow> = read(OUTFALLS)?;
    let from: Day = super::SINCE.parse().map_err(|e| OUTFALLS.broken(e))?;
    let term = Term { from, to: None };
    let outfall = |row: OutfallRow| {
        let charges = [
            (ChargeManner::Supervising, row.supervising, row.supervisor),
            (ChargeManner::Leading, row.leading, row.leader),
        ];
        let charges = charges.into_iter().filter_map(|(manner, unit, person)| {
            Some(Charge {
                manner,
                unit: unit?,
                person,
                term,
            })
        });
        Outfall {
            id: row.id,
            name: row.name,
            kind: row.kind,
            code: None,
            division: row.division,
            reach: row.reach,
            position: None,
            place: row.place,
            state: row.state,
            charges: charges.collect(),
            demo: true,
        }
    };
    Ok(rows.into_iter().map(outfall).collect())
}

#[derive(Deserialize)]
struct ValidityRow {
    id: String,
    division: DivisionId,
    level: Option<ChiefLevel>,
    minutes: u32,
    metres: u32,
    percent: Option<u8>,
    source: String,
}

pub(super) fn validity() -> Result<Vec<ValidityRule>, DemoError> {
    let rows: Vec<ValidityRow> = read(VALIDITY)?;
    let from: Day = super::SINCE.parse().map_err(|e| VALIDITY.broken(e))?;
    let rule = |row: ValidityRow| ValidityRule {
        id: row.id,
        division: row.division,
        level: row.level,
        minutes: row.minutes,
        metres: row.metres,
        percent: row.percent,
        term: Term { from, to: None },
        source: row.source,
    };
    Ok(rows.into_iter().map(rule).collect())
}
