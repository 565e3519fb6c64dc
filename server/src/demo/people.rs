use super::{
    DemoAccount, DemoError,
    table::{PEOPLE, POSTS, UNITS, read, several},
};
use domain::register::{
    Assignment, ChiefLevel, Day, DivisionId, Grant, GrantScope, Manner, Person, PersonId, Post,
    PostId, PostKind, ReachId, RegisterSet, Role, Term, Unit, UnitId,
};
use serde::Deserialize;

pub(super) fn units() -> Result<Vec<Unit>, DemoError> {
    read(UNITS)
}

#[derive(Deserialize)]
struct PostRow {
    id: PostId,
    kind: PostKind,
    level: Option<ChiefLevel>,
    division: DivisionId,
    #[serde(deserialize_with = "several")]
    reaches: Vec<ReachId>,
    unit: Option<UnitId>,
    name: String,
}

pub(super) fn posts() -> Result<Vec<Post>, DemoError> {
    let rows: Vec<PostRow> = read(POSTS)?;
    let post = |row: PostRow| Post {
        id: row.id,
        kind: row.kind,
        level: row.level,
        division: row.division,
        reaches: row.reaches,
        unit: row.unit,
        name: row.name,
    };
    Ok(rows.into_iter().map(post).collect())
}

#[derive(Deserialize)]
struct PersonRow {
    account: String,
    name: String,
    unit: Option<UnitId>,
    /// `post` or `post@manner`, separated by `;`.
    #[serde(deserialize_with = "several")]
    posts: Vec<String>,
    /// `role:kind:id`, separated by `;`.
    #[serde(deserialize_with = "several")]
    grants: Vec<String>,
}

/// Adds the persons with what they hold, and returns their accounts.
pub(super) fn settle(registers: &mut RegisterSet) -> Result<Vec<DemoAccount>, DemoError> {
    let from: Day = super::SINCE.parse().map_err(|e| PEOPLE.broken(e))?;
    let term = Term { from, to: None };
    let rows: Vec<PersonRow> = read(PEOPLE)?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        let person: PersonId = row.account.parse().map_err(|e| PEOPLE.broken(e))?;
        let mut duties = Vec::new();
        for cell in &row.posts {
            let assignment = assignment(cell, &person, term)?;
            duties.push(duty(registers, &assignment));
            registers.assignments.push(assignment);
        }
        for cell in &row.grants {
            let grant = grant(cell, &person, term)?;
            if duties.is_empty() {
                duties.push(grant_in_words(registers, &grant));
            }
            registers.grants.push(grant);
        }
        registers.persons.push(Person {
            id: person.clone(),
            name: row.name,
            unit: row.unit,
            demo: true,
        });
        accounts.push(DemoAccount {
            account: row.account,
            person,
            duty: duties.join("、"),
        });
    }
    Ok(accounts)
}

fn assignment(cell: &str, person: &PersonId, term: Term) -> Result<Assignment, DemoError> {
    let (post, manner) = cell.split_once('@').unwrap_or((cell, "regular"));
    Ok(Assignment {
        post: post.parse().map_err(|e| PEOPLE.broken(e))?,
        person: person.clone(),
        term,
        manner: Manner::from(manner.to_owned()),
    })
}

fn grant(cell: &str, person: &PersonId, term: Term) -> Result<Grant, DemoError> {
    let bad = || PEOPLE.broken(format!("not a grant written as role:kind:id: {cell}"));
    let [role, kind, id] = cell
        .splitn(3, ':')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| bad())?;
    let scope = match kind {
        "division" => GrantScope::Division(id.parse().map_err(|e| PEOPLE.broken(e))?),
        "unit" => GrantScope::Unit(id.parse().map_err(|e| PEOPLE.broken(e))?),
        "water" => GrantScope::Water(id.parse().map_err(|e| PEOPLE.broken(e))?),
        "section" => GrantScope::Section(id.parse().map_err(|e| PEOPLE.broken(e))?),
        _ => return Err(bad()),
    };
    Ok(Grant {
        id: format!("{person}-{role}-{kind}")
            .parse()
            .map_err(|e| PEOPLE.broken(e))?,
        person: person.clone(),
        role: Role::from(role.to_owned()),
        scope,
        term,
    })
}

fn duty(registers: &RegisterSet, assignment: &Assignment) -> String {
    let post = registers.posts.iter().find(|p| p.id == assignment.post);
    let name = post.map_or_else(|| assignment.post.to_string(), |p| p.name.clone());
    match assignment.manner {
        Manner::Delegated => format!("{name}的代巡人"),
        Manner::Acting => format!("{name}（代理）"),
        _ => name,
    }
}

fn grant_in_words(registers: &RegisterSet, grant: &Grant) -> String {
    let role = match grant.role {
        Role::Supervisor => "督办",
        Role::Auditor => "只读查看",
        Role::Handler => "经办",
        Role::Admin => "系统管理",
        Role::Other(_) => grant.role.as_str(),
    };
    let name = match &grant.scope {
        GrantScope::Division(id) => {
            named(&registers.divisions, |d| (&d.id == id).then_some(&d.name))
        }
        GrantScope::Unit(id) => named(&registers.units, |u| (&u.id == id).then_some(&u.name)),
        GrantScope::Water(id) => named(&registers.waters, |w| (&w.id == id).then_some(&w.name)),
        GrantScope::Section(id) => named(&registers.sections, |s| (&s.id == id).then_some(&s.name)),
    };
    format!("{name}{role}")
}

fn named<'a, T>(all: &'a [T], name: impl Fn(&'a T) -> Option<&'a String>) -> &'a str {
    all.iter().find_map(name).map_or("", String::as_str)
}
