use super::kit::{DEVICE, Kit};
use crate::support::pen::now;
use domain::register::RegisterSet;
use domain::time::WallMs;
use xunhe_server::auth::{SessionClass, Token};
use xunhe_server::store::{Account, NewSession};

fn account(name: &str) -> Account {
    Account {
        account: name.to_owned(),
        person: format!("p-{name}").parse().unwrap(),
        password: "$argon2id$".to_owned(),
        disabled_ms: None,
    }
}

fn session(token: &Token, name: &str) -> NewSession {
    NewSession {
        token: token.hash(),
        person: account(name).person,
        device: DEVICE,
        class: SessionClass::Desk,
        opened_ms: WallMs(1_000),
    }
}

pub(super) async fn an_account_is_found_by_name_and_person(kit: Kit) {
    let li = account("li");
    kit.store
        .put_accounts(&[li.clone(), account("wang")])
        .await
        .unwrap();
    assert_eq!(kit.store.account("li").await.unwrap(), Some(li.clone()));
    assert_eq!(
        kit.store.account_of(&li.person).await.unwrap(),
        Some(li.clone())
    );
    for nobody in ["Li", "l\0i", "", "李"] {
        assert_eq!(kit.store.account(nobody).await.unwrap(), None);
    }
    let renewed = Account {
        password: "$argon2id$2".to_owned(),
        ..li
    };
    kit.store
        .put_accounts(std::slice::from_ref(&renewed))
        .await
        .unwrap();
    assert_eq!(kit.store.account("li").await.unwrap(), Some(renewed));
}

pub(super) async fn a_session_lives_until_it_is_closed(kit: Kit) {
    kit.store.put_accounts(&[account("li")]).await.unwrap();
    let (token, other) = (Token::draw(), Token::draw());
    kit.store
        .open_session(&session(&token, "li"))
        .await
        .unwrap();
    assert_eq!(kit.store.session(&other.hash()).await.unwrap(), None);
    kit.store
        .touch_session(&token.hash(), WallMs(5_000))
        .await
        .unwrap();
    kit.store
        .touch_session(&token.hash(), WallMs(4_000))
        .await
        .unwrap();
    let open = kit.store.session(&token.hash()).await.unwrap().unwrap();
    assert_eq!(
        (open.opened_ms, open.seen_ms),
        (WallMs(1_000), WallMs(5_000))
    );
    assert_eq!((open.device, open.class), (DEVICE, SessionClass::Desk));
    kit.store.close_session(&token.hash()).await.unwrap();
    assert_eq!(kit.store.session(&token.hash()).await.unwrap(), None);
}

pub(super) async fn disabling_ends_sessions(kit: Kit) {
    kit.store
        .put_accounts(&[account("li"), account("wang")])
        .await
        .unwrap();
    let (li, wang) = (Token::draw(), Token::draw());
    kit.store.open_session(&session(&li, "li")).await.unwrap();
    kit.store
        .open_session(&session(&wang, "wang"))
        .await
        .unwrap();
    kit.store
        .disable(&account("li").person, now())
        .await
        .unwrap();
    assert_eq!(kit.store.session(&li.hash()).await.unwrap(), None);
    assert!(kit.store.session(&wang.hash()).await.unwrap().is_some());
    // One that was opened at the same moment counts as little.
    kit.store.open_session(&session(&li, "li")).await.unwrap();
    assert_eq!(kit.store.session(&li.hash()).await.unwrap(), None);
    assert!(
        kit.store
            .account("li")
            .await
            .unwrap()
            .unwrap()
            .disabled_ms
            .is_some()
    );
}

pub(super) async fn registers_keep_their_versions(kit: Kit) {
    let (first, set) = kit.store.registers().await.unwrap();
    assert_eq!(first, 1);
    let empty = RegisterSet::default();
    let tree = domain::register::DivisionTree::build(vec![]).unwrap();
    assert_eq!(kit.store.put_registers(&empty, &tree).await.unwrap(), 2);
    assert_eq!(kit.store.registers().await.unwrap(), (2, empty));
    kit.store
        .put_registers(&set, kit.rules.0.tree())
        .await
        .unwrap();
    assert_eq!(kit.store.registers().await.unwrap(), (3, set));
}
