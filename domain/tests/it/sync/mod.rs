//! The engine against a model of phones and server: whatever happens on the way, nothing is
//! lost, nothing lies, nothing blocks.

mod kept;
mod lent;
mod peers;
mod phone;
mod rhythm;
mod room;
mod server;
mod tabs;
mod view;
mod way;
mod world;

use proptest::prelude::*;
use world::{World, step};
use xunhe_domain::sync::ParkReason;

const DAY_MS: u64 = 24 * 3_600_000;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2_000),
        max_shrink_iters: 5_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_and_nothing_blocks(
        steps in prop::collection::vec(step(), 1..140),
        // One entry in eight.
        poison in any::<[u64; 3]>().prop_map(|[a, b, c]| a & b & c),
        seed: u64,
    ) {
        let mut world = World::new(seed, poison);
        world.run(steps);
        world.settle();
        // A month later, with a backup made meanwhile, everything was asked for once more.
        for _ in 0..2 {
            world.pass(16 * DAY_MS);
            world.server.back_up();
            world.pass(DAY_MS);
            world.settle();
        }
        in_order(&world)?;
    }
}

fn in_order(world: &World) -> Result<(), TestCaseError> {
    let server = &world.server;
    for tab in &world.tabs {
        let kept = tab.kept.borrow();
        for (entry, held) in kept.entries.values() {
            let poisoned = server.poison.contains(&entry.entry_id);
            prop_assert_eq!(*held, !poisoned, "{:?}", entry);
            prop_assert_eq!(server.data.entries.contains_key(&entry.entry_id), !poisoned);
        }
        for (key, blob) in &kept.blobs {
            let poisoned = server.poison.contains(&key.entry_id);
            let gone = blob.blob.parked == Some(ParkReason::MissingHere) && !blob.here;
            prop_assert_eq!(blob.held.is_some(), !poisoned && !gone, "{:?}", blob);
            let there = server.data.blobs.contains_key(&key.sha256);
            prop_assert!(poisoned || gone || there);
            prop_assert!(there || blob.here || server.in_backups.contains(&key.sha256));
        }
        for (id, reason) in tab.parked() {
            prop_assert!(server.poison.contains(&id));
            prop_assert_eq!(reason, ParkReason::Refused("poison".into()));
        }
        let mut expected = server.view(tab.person);
        expected.extend(kept.entries.values().map(|e| e.0.entry_id));
        prop_assert_eq!(kept.view(), expected, "the view is not the server's");
        let status = tab.engine.status();
        prop_assert_eq!(status.unsent, 0);
        prop_assert_eq!(status.removal, None);
        prop_assert_eq!(status.received, kept.queue().received);
    }
    Ok(())
}
