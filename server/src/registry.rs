//! The registers in memory: built once after a change, then only read.

use crate::store::{RecordPlace, Store, StoreError};
use domain::access::RecordObject;
use domain::entry::{Entry, Header, Kind, SERVER};
use domain::record::Fields;
use domain::register::{PersonId, RegisterError, RegisterSet, Registers};
use litemap::LiteMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The newest version of the registers.
#[derive(Debug)]
pub struct Registry {
    now: RwLock<(u64, Arc<Registers>)>,
}

/// Why registers are not taken. Those before stay in force.
#[derive(Debug, thiserror::Error)]
pub enum BadRegisters {
    /// They contradict themselves.
    #[error("the registers do not fit together: {}", list(.0))]
    Contradiction(Vec<RegisterError>),
    /// They could not be read or kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(errors: &[RegisterError]) -> String {
    let said: Vec<String> = errors.iter().take(20).map(ToString::to_string).collect();
    said.join("; ")
}

impl Registry {
    /// Reads the newest version.
    pub async fn load(store: &dyn Store) -> Result<Self, BadRegisters> {
        let (version, set) = store.registers().await?;
        let registers = Registers::build(set).map_err(BadRegisters::Contradiction)?;
        Ok(Self {
            now: RwLock::new((version, Arc::new(registers))),
        })
    }

    /// Checks, keeps and puts a new version in force.
    pub async fn replace(&self, store: &dyn Store, set: RegisterSet) -> Result<(), BadRegisters> {
        let registers = Registers::build(set.clone()).map_err(BadRegisters::Contradiction)?;
        let version = store.put_registers(&set, registers.tree()).await?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = (version, Arc::new(registers));
        Ok(())
    }

    /// Puts in force what another server has kept meanwhile.
    pub(crate) async fn renew(&self, store: &dyn Store) -> Result<(), BadRegisters> {
        if store.registers_version().await? == self.version() {
            return Ok(());
        }
        let (version, set) = store.registers().await?;
        let registers = Registers::build(set).map_err(BadRegisters::Contradiction)?;
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = (version, Arc::new(registers));
        Ok(())
    }

    /// The registers in force.
    pub fn current(&self) -> Arc<Registers> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// Their version.
    pub fn version(&self) -> u64 {
        self.now.read().unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A record as [`domain::access::may`] looks at it, with paths as they are now.
pub fn record_object(registers: &Registers, place: &RecordPlace) -> RecordObject {
    let reach = place.reach.as_ref();
    let belonging = registers.belonging(None, reach);
    let mut object = RecordObject::new(place.author.clone(), reach.cloned(), &belonging);
    object.on_behalf_of.clone_from(&place.on_behalf_of);
    object.handlers.extend(place.assignee.clone());
    object.units.extend(place.units.iter().cloned());
    object.outfall.clone_from(&place.outfall);
    let paths = place.divisions.iter();
    object
        .paths
        .extend(paths.filter_map(|d| registers.tree().path(d).cloned()));
    object
}

/// The person's name as shown, else the id.
pub fn name_of(registers: &Registers, person: &PersonId) -> String {
    if person.as_str() == SERVER {
        return "平台".to_owned();
    }
    registers
        .person(person)
        .map_or_else(|| person.to_string(), domain::register::Person::shown_name)
}

/// What an entry's post and the persons in it are called: whoever reads it need not know them.
#[derive(Debug, Default)]
pub struct Named {
    /// The post acted under.
    pub post: Option<String>,
    /// Persons whom a step or a ruling of 核实 names.
    pub persons: LiteMap<PersonId, String>,
}

impl Named {
    /// Of an entry as it came.
    pub fn of(registers: &Registers, entry: &Entry) -> Self {
        let Ok(header) = domain::json::read::<Header>(&entry.header) else {
            return Self::default();
        };
        let post = header.acting_post.and_then(|p| registers.post(&p));
        let mut named = Self {
            post: post.map(|p| p.name.clone()),
            persons: LiteMap::new(),
        };
        let names = matches!(header.kind, Kind::Step | Kind::Vetting);
        let fields = names.then(|| entry.clone().check().ok()?.body().ok());
        let persons: Vec<&PersonId> = match fields.as_ref().and_then(Option::as_ref) {
            Some((_, Fields::Step(step))) => step.persons().collect(),
            Some((_, Fields::Vetting(vetting))) => vec![&vetting.by],
            _ => Vec::new(),
        };
        let persons = persons.into_iter();
        let persons = persons.map(|p| (p.clone(), name_of(registers, p)));
        named.persons = persons.collect();
        named
    }
}
