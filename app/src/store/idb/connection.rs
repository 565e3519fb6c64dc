use super::super::StoreError;
use super::super::disk::{Disk, Durability, Plan, Read, Rows};
use super::super::schema::{Schema, Table, current};
use super::fault::fault;
use super::open::open;
use super::rows;
use super::transaction::Transaction;
use async_trait::async_trait;
use domain::order::distinct;
use domain::register::PersonId;
use futures_util::lock::Mutex;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::IdbDatabase;

/// One database of the browser. A connection that was lost is opened again, once per call.
#[derive(Debug, Clone)]
pub struct IdbDisk {
    name: Rc<str>,
    schema: Schema,
    connection: Rc<RefCell<Option<IdbDatabase>>>,
    /// One tab opens one connection, however many ask at once.
    opening: Rc<Mutex<()>>,
}

impl IdbDisk {
    /// The database that everybody on this phone shares.
    pub fn phone() -> Self {
        Self::named("xunhe".into(), current::PHONE)
    }

    /// The database of one person.
    pub fn person(person: &PersonId) -> Self {
        Self::named(format!("xunhe-person-{person}").into(), current::PERSON)
    }

    fn named(name: Rc<str>, schema: Schema) -> Self {
        Self {
            name,
            schema,
            connection: Rc::default(),
            opening: Rc::default(),
        }
    }

    async fn connection(&self) -> Result<IdbDatabase, StoreError> {
        let _turn = self.opening.lock().await;
        if let Some(db) = self.connection.borrow().clone() {
            return Ok(db);
        }
        let place = Rc::downgrade(&self.connection);
        let closed = move || {
            if let Some(place) = place.upgrade() {
                place.take();
            }
        };
        let db = open(&self.name, self.schema, closed).await?;
        self.connection.replace(Some(db.clone()));
        Ok(db)
    }

    /// Whether another try over a new connection makes sense after this error.
    fn heals(&self, error: &StoreError) -> bool {
        let lost = matches!(error, StoreError::Lost(_));
        if lost {
            self.close();
        }
        lost
    }

    async fn look_once(&self, reads: &[Read]) -> Result<Vec<Rows>, StoreError> {
        if reads.is_empty() {
            return Ok(Vec::new());
        }
        let tables = distinct(reads.iter().map(|r| r.table));
        let db = self.connection().await?;
        let transaction = Transaction::open(&db, &tables, None).map_err(|e| fault(&e))?;
        let found = ask_all(&transaction, reads).await?;
        transaction.commit().await?;
        Ok(found)
    }

    async fn change_once(
        &self,
        durability: Durability,
        tables: &[Table],
        reads: &[Read],
        plan: Plan<'_>,
    ) -> Result<(), StoreError> {
        let db = self.connection().await?;
        let transaction =
            Transaction::open(&db, tables, Some(durability)).map_err(|e| fault(&e))?;
        // Only requests of this transaction are awaited before its commit.
        let writes = plan(ask_all(&transaction, reads).await?)?;
        transaction.write(&writes).map_err(|e| fault(&e))?;
        transaction.commit().await
    }
}

/// Asks everything at once; the answers come in the order of the questions.
async fn ask_all(transaction: &Transaction, reads: &[Read]) -> Result<Vec<Rows>, StoreError> {
    let asked: Result<Vec<_>, _> = reads
        .iter()
        .map(|read| rows::ask(&transaction.store(read.table)?, read))
        .collect();
    let mut found = Vec::with_capacity(reads.len());
    for pending in asked.map_err(|e| fault(&e))? {
        found.push(pending.answer().await?);
    }
    Ok(found)
}

#[async_trait(?Send)]
impl Disk for IdbDisk {
    async fn look(&self, reads: &[Read]) -> Result<Vec<Rows>, StoreError> {
        match self.look_once(reads).await {
            Err(error) if self.heals(&error) => self.look_once(reads).await,
            done => done,
        }
    }

    async fn change(
        &self,
        durability: Durability,
        tables: &[Table],
        reads: &[Read],
        plan: Plan<'_>,
    ) -> Result<(), StoreError> {
        match self.change_once(durability, tables, reads, plan).await {
            Err(error) if self.heals(&error) => {
                self.change_once(durability, tables, reads, plan).await
            }
            done => done,
        }
    }

    fn close(&self) {
        if let Some(db) = self.connection.take() {
            db.close();
        }
    }
}
