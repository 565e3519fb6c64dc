macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal in $needs:ident,)+) => {
        /// Every operation of the API. A route names the one it is; an operation without a row
        /// in the matrix cannot exist, because the matrix is made from [`Action::ALL`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// All of them, in the order of the protocol.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The operation's id in the `OpenAPI` file.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// What kind of caller and object the operation asks for.
            pub(super) const fn needs(self) -> Needs {
                match self {
                    $(Self::$name => Needs::$needs,)+
                }
            }
        }
    };
}

/// What kind of caller and object an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nobody in particular.
    Nobody,
    /// Somebody who submits: a person, or a device for one of its authors.
    Submitter,
    /// A person with a session.
    Person,
    /// A person who sees the record.
    Reader,
    /// A person who may add to the record.
    Writer,
    /// A person whose desk decides about the record.
    Decider,
    /// A person who works in the name of a unit that the record was handed to.
    Worker,
    /// The person who made the record.
    Author,
    /// A person whose desk answers for where the writer of a log works.
    Warden,
}

actions! {
    /// `GET /sync/hello`
    Hello = "hello" in Nobody,
    /// `POST /session`
    SignIn = "sign_in" in Nobody,
    /// `DELETE /session`
    SignOut = "sign_out" in Person,
    /// `GET /session`
    Session = "session" in Person,
    /// `POST /sync/announce`
    Announce = "announce" in Submitter,
    /// `POST /sync/push`: the call, and each entry in it.
    Push = "push" in Submitter,
    /// `POST /blobs`: for an entry of the caller's own.
    UploadCreate = "upload_create" in Submitter,
    /// `PATCH /blobs/{id}`
    UploadAppend = "upload_append" in Submitter,
    /// `HEAD /blobs/{id}`
    UploadState = "upload_state" in Submitter,
    /// `DELETE /blobs/{id}`
    UploadCancel = "upload_cancel" in Submitter,
    /// `POST /sync/verify`: the call, and each entry asked about.
    Verify = "verify" in Submitter,
    /// `GET /sync/pull`; what it answers is limited by [`Scope::own`](super::Scope::own).
    Pull = "pull" in Person,
    /// `GET /sync/digest`; limited as a pull is.
    Digest = "digest" in Person,
    /// `GET /sync/digest/{shard}/{no}`; limited as a pull is.
    DigestBlock = "digest_block" in Person,
    /// `GET /logs`; what it answers is limited to logs that the caller may close.
    LogList = "log_list" in Person,
    /// `POST /logs/{id}/close`: the rest of a log will never come.
    LogClose = "log_close" in Warden,
    /// `GET /registers`: what the caller's phone, or the caller's desk, needs of them.
    Registers = "registers" in Person,
    /// `GET /records`; what it answers is limited by [`Scope::of`](super::Scope::of).
    RecordList = "record_list" in Person,
    /// `GET /map/records`; limited as the list is.
    MapRecords = "map_records" in Person,
    /// `GET /map/base`: boundaries and waters, the same for everybody.
    MapBase = "map_base" in Person,
    /// `GET /news`: that something changed where the caller looks, never what.
    News = "news" in Person,
    /// `GET /records/{id}`
    RecordRead = "record_read" in Reader,
    /// `GET /entries/{id}/blobs/{index}`: a blob is read as part of its record, never by hash.
    BlobRead = "blob_read" in Reader,
    /// `GET /records/{id}/patrol-sheet`: 巡河记录表.
    PatrolSheet = "patrol_sheet" in Reader,
    /// A remark on a record, from phone or desk.
    Comment = "comment" in Writer,
    /// A desk's step of a case: 受理, 交办, 催办, 销号 and the like.
    CaseDecide = "case_decide" in Decider,
    /// A unit's step of a case: 签收, 退回, 进展, 申请销号 and the like.
    CaseWork = "case_work" in Worker,
    /// 撤回, by the reporter.
    CaseWithdraw = "case_withdraw" in Author,
    /// 不予计次 of a patrol, or taking it back.
    PatrolRule = "patrol_rule" in Decider,
    /// `GET /ledgers`: for which days they are; says nothing about records.
    LedgerPeriods = "ledger_periods" in Person,
    /// `GET /ledgers/{ledger}`; what stands in it is limited by [`Scope::of`](super::Scope::of).
    LedgerRead = "ledger_read" in Person,
    /// `POST /rescues`: a file that a phone made of what it could not deliver, about its person.
    RescueImport = "rescue_import" in Warden,
    /// `GET /receipt-keys`
    ReceiptKeys = "receipt_keys" in Nobody,
    /// `GET /openapi.json`
    OpenApi = "open_api" in Nobody,
    /// `GET /healthz`
    Health = "health" in Nobody,
    /// The app's own files.
    Static = "static" in Nobody,
}
