use super::code;
use super::taking::Taking;
use crate::http::Failure;
use crate::ingest::Job;
use crate::store::Arrival;
use domain::wire::EntryStatus;

/// Hands what waits to the writer, oldest first, and notes what became of it.
pub(super) async fn commit(taking: &mut Taking<'_>) -> Result<(), Failure> {
    let (mut job, mut names) = (Job::default(), Vec::new());
    for (name, entry) in std::mem::take(&mut taking.waiting) {
        let checked = match entry.check() {
            Ok(checked) => checked,
            Err(why) => {
                taking.refuse(name, why.code());
                continue;
            }
        };
        let header = checked.header();
        if header.author != taking.taken.person {
            taking.refuse(name, code::AUTHOR_MISMATCH);
            continue;
        }
        let blobs = header.blobs.iter().map(|b| b.sha256);
        taking.named.extend(blobs.map(|b| (b, header.entry_id)));
        names.push(name);
        job.arrivals.push(Arrival {
            entry: checked,
            device: taking.device,
        });
    }
    if job.arrivals.is_empty() {
        return Ok(());
    }
    let stored = taking.app.ingest.submit(job).await?;
    for (name, held) in names.into_iter().zip(stored) {
        match held.status {
            EntryStatus::Accepted => taking.taken.stored += 1,
            EntryStatus::Quarantined => {
                taking.taken.stored += 1;
                taking.taken.quarantined += 1;
            }
            EntryStatus::Duplicate => taking.taken.known += 1,
            EntryStatus::Refused => {
                taking.refuse(name, held.reason.as_deref().unwrap_or(code::DAMAGED));
            }
        }
        taking.entries.extend(held.held);
        let blobs = held.blobs.into_iter();
        taking.blobs.extend(blobs.map(|b| (b.sha256, b)));
    }
    Ok(())
}
