//! A phone with one kind of disk; every tab of it is a store of its own.

use domain::ids::LogId;
use domain::register::PersonId;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use xunhe_app::store::{Disk, LocalStore};

type Open = dyn Fn(&PersonId) -> Rc<dyn Disk>;

pub(crate) struct Phone {
    /// Sets cases apart that share a browser.
    case: String,
    open: Box<Open>,
    tabs: Cell<u8>,
}

impl Phone {
    pub(crate) fn in_memory(case: &str) -> Self {
        let disks = std::cell::RefCell::new(BTreeMap::<PersonId, Rc<dyn Disk>>::new());
        let fresh = || -> Rc<dyn Disk> { Rc::new(xunhe_app::store::MemoryDisk::default()) };
        Self {
            case: case.to_owned(),
            open: Box::new(move |person| {
                let mut disks = disks.borrow_mut();
                disks.entry(person.clone()).or_insert_with(fresh).clone()
            }),
            tabs: Cell::new(0),
        }
    }

    pub(crate) fn in_indexed_db(case: &str) -> Self {
        Self {
            case: case.to_owned(),
            // Every tab has a connection of its own.
            open: Box::new(|person| Rc::new(xunhe_app::store::IdbDisk::person(person))),
            tabs: Cell::new(0),
        }
    }

    /// A new tab of the person `who`.
    pub(crate) async fn tab_of(&self, who: &str) -> LocalStore {
        self.tabs.set(self.tabs.get() + 1);
        let person: PersonId = format!("{who}-{}", self.case).parse().unwrap();
        let disk = (self.open)(&person);
        // Each tab offers another log; only the first may be taken.
        let log = LogId::new([self.tabs.get(); 16]);
        LocalStore::open(disk, person, log).await.unwrap()
    }

    pub(crate) async fn tab(&self) -> LocalStore {
        self.tab_of("p1").await
    }
}
