//! Room set aside for the last text: on a full phone it is given up, and the report still fits.

use super::super::StoreError;
use super::super::disk::{Durability, Read, Row, Write};
use super::super::schema::Table;
use super::{CHUNK_BYTES, LocalStore};

const KEYS: &str = "reserve/";
/// Of [`CHUNK_BYTES`] each: 8 MiB hold thousands of texts.
const PIECES: u32 = 16;

impl LocalStore {
    /// Sets the room aside where it is not yet; `fill` makes bytes that nothing can compress.
    /// The caller has looked whether there is plenty.
    pub async fn keep_reserve(&self, fill: impl Fn(&mut [u8])) -> Result<(), StoreError> {
        let there = Read::all(Table::Chunk).starting(KEYS).counted();
        let there = self.look(there).await?.count;
        for n in there..PIECES {
            let mut value = vec![0; CHUNK_BYTES];
            fill(&mut value);
            let row = Row {
                key: format!("{KEYS}{n:02}"),
                value,
                marks: Vec::new(),
            };
            self.disk
                .change(Durability::Relaxed, &[Table::Chunk], &[], &|_| {
                    Ok(vec![Write::Put(Table::Chunk, row.clone())])
                })
                .await?;
        }
        Ok(())
    }

    /// Gives the room up; says whether there was any.
    pub(super) async fn give_up_reserve(&self) -> Result<bool, StoreError> {
        let there = Read::all(Table::Chunk).starting(KEYS).counted();
        if self.look(there).await?.count == 0 {
            return Ok(false);
        }
        self.strictly(&[Table::Chunk], &[], &|_| {
            Ok(vec![Write::DeleteStarting(Table::Chunk, KEYS.to_owned())])
        })
        .await?;
        Ok(true)
    }
}
