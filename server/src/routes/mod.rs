//! Every route, in one list. Each names the [`Action`] it is; the gate before it finds out who
//! calls and sees to it that the route asks.

mod announce;
mod blobs;
mod digest;
mod health;
mod hello;
mod ledgers;
mod logs;
mod map;
mod news;
mod openapi;
mod originals;
mod pull;
mod push;
mod records;
mod registers;
mod rescues;
mod session;
mod verify;

use crate::app::Shared;
use crate::http::gate::gate;
use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use domain::access::Action;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

/// All routes of the API.
pub fn api(app: &Shared) -> Router<Shared> {
    let on = |action, route| on(app, action, route);
    let v1 = OpenApiRouter::new()
        .routes(on(Action::SignIn, routes!(session::sign_in)))
        .routes(on(Action::Session, routes!(session::who)))
        .routes(on(Action::SignOut, routes!(session::sign_out)))
        .routes(on(Action::Hello, routes!(hello::hello)))
        .routes(on(Action::ReceiptKeys, routes!(hello::receipt_keys)))
        .routes(on(Action::Announce, routes!(announce::announce)))
        .routes(on(Action::Push, routes!(push::push)))
        .routes(on(Action::Verify, routes!(verify::verify)))
        .routes(on(Action::Pull, routes!(pull::pull)))
        .routes(on(Action::Digest, routes!(digest::digest)))
        .routes(on(Action::DigestBlock, routes!(digest::block)))
        .routes(on(Action::LogList, routes!(logs::list)))
        .routes(on(Action::LogClose, routes!(logs::close)))
        .routes(on(Action::Registers, routes!(registers::registers)))
        .routes(on(Action::UploadCreate, routes!(blobs::create)))
        .routes(on(Action::UploadState, routes!(blobs::state)))
        .routes(on(Action::UploadAppend, routes!(blobs::append)))
        .routes(on(Action::UploadCancel, routes!(blobs::cancel)))
        .routes(on(Action::RecordList, routes!(records::list)))
        .routes(on(Action::MapRecords, routes!(map::records)))
        .routes(on(Action::MapBase, routes!(map::base)))
        .routes(on(Action::News, routes!(news::news)))
        .routes(on(Action::RecordRead, routes!(records::read)))
        .routes(on(Action::LedgerPeriods, routes!(ledgers::periods)))
        .routes(on(Action::LedgerRead, routes!(ledgers::read)))
        .routes(on(Action::PatrolSheet, routes!(ledgers::patrol_sheet)))
        .routes(on(Action::RescueImport, routes!(rescues::import)))
        .routes(on(Action::BlobRead, routes!(originals::read)));
    let (router, api) = OpenApiRouter::with_openapi(openapi::info())
        .nest("/api/v1", v1)
        .routes(on(Action::OpenApi, routes!(openapi::show)))
        .routes(on(Action::Health, routes!(health::health)))
        .split_for_parts();
    router.layer(Extension(openapi::Document::new(&api)))
}

/// Puts the gate for `action` before a route, and the action's name into its description.
fn on(
    app: &Shared,
    action: Action,
    (schemas, mut paths, route): UtoipaMethodRouter<Shared>,
) -> UtoipaMethodRouter<Shared> {
    for operation in paths.paths.values_mut().flat_map(operations) {
        operation.operation_id = Some(action.as_str().to_owned());
    }
    let gate = from_fn_with_state((Shared::clone(app), action), gate);
    (schemas, paths, route.route_layer(gate))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        head,
        patch,
        ..
    } = item;
    [get, put, post, delete, head, patch].into_iter().flatten()
}
