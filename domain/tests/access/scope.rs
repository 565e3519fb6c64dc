//! `may`, `Scope` and a naive walk through the tree say the same, on random trees, also after
//! nodes have moved.

use crate::world::{PERSONS, World, move_node, naive, today, world};
use proptest::prelude::*;
use xunhe_domain::access::{Action, Actor, Decision, Object, Refusal, Scope, may};
use xunhe_domain::register::{PersonId, Registers};

fn agree(world: &World) -> Result<(), TestCaseError> {
    let registers = Registers::build(world.set.clone())
        .map_err(|e| TestCaseError::fail(format!("the world is broken: {e:?}")))?;
    for name in PERSONS {
        let person: PersonId = name.parse().unwrap();
        let actor = Actor::of(&registers, &person, today(), false).unwrap();
        let scope = Scope::of(&actor);
        for record in &world.records {
            let object = record.object(&registers);
            let (sees, writes) = naive(&world.set, &person, record);
            let read = may(&actor, Action::RecordRead, &Object::Record(&object));
            let wanted = if sees {
                Decision::Allow
            } else {
                Decision::Hidden
            };
            prop_assert_eq!(read, wanted, "{} reads {:?}", name, record);
            prop_assert_eq!(
                scope.admits(&object),
                sees,
                "scope of {}: {:?}",
                name,
                record
            );
            for path in object.paths.iter().filter(|p| scope.holds(p)) {
                prop_assert!(scope.touches(path), "{} hears no news of {}", name, path);
            }
            let author: PersonId = "stranger".parse().unwrap();
            let (record_of, author) = (&object, &author);
            let doubt = Object::Doubt {
                record: record_of,
                author,
            };
            prop_assert_eq!(
                Scope::deciding(&actor).admits(&object),
                may(&actor, Action::Vet, &doubt).is_allowed(),
                "{} rules about {:?}",
                name,
                record
            );
            let comment = may(&actor, Action::Comment, &Object::Record(&object));
            let wanted = match (sees, writes) {
                (false, _) => Decision::Hidden,
                (true, true) => Decision::Allow,
                (true, false) => Decision::Denied(Refusal::ReadOnly),
            };
            prop_assert_eq!(comment, wanted, "{} comments on {:?}", name, record);
        }
        for pair in scope.ranges.windows(2) {
            prop_assert!(pair[0].to < pair[1].from, "ranges touch: {:?}", pair);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn three_ways_to_ask_give_one_answer(mut world in world()) {
        agree(&world)?;
        for step in std::mem::take(&mut world.moves) {
            move_node(&mut world.set, step);
            agree(&world)?;
        }
    }
}

#[test]
fn nobody_without_a_session_has_a_scope() {
    let author: PersonId = "ann".parse().unwrap();
    for actor in [Actor::Anonymous, Actor::Device { author }] {
        assert_eq!(Scope::of(&actor), Scope::default());
        assert_eq!(Scope::own(&actor), Scope::default());
    }
}
