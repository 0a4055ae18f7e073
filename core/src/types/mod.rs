//! The nouns that every room shares. Data only: nothing here knows how it is made or kept.

mod album;
mod codes;
mod comic;
mod confinement;
mod edit;
mod event;
mod facts;
mod fault_codes;
mod file;
mod filter;
mod folder;
mod ids;
mod index;
mod key;
mod kind;
mod layout;
mod ledger;
mod look_alike;
mod mark;
mod model;
mod other;
mod pass;
mod photo;
mod problem;
mod query;
mod reason;
mod region;
pub mod role;
mod service_codes;
mod store;
mod subject;
pub mod takeout;

pub use album::Album;
pub use codes::{FileCode, FolderCode};
pub use comic::{
    Comic, ComicLayout, ComicPlan, ComicRequest, ComicVersion, CostRange, PlannedPicture, Purpose, Quality,
    Usage,
};
pub use confinement::{Confinement, Fence};
pub use edit::{Edit, EditCode, EditEntry, EditParams};
pub use event::{ComicProgress, Event, EventSink};
pub use facts::{DateRank, DateSource, Exposure, Facts, Gps, Taken};
pub use fault_codes::{FaultCode, NoticeCode};
pub use file::{DropKind, MAX_PIXELS, PhotoFile};
pub use filter::{PhotoFilter, PictureShape, Understood};
pub use folder::{Folder, FolderOptions, FolderState};
pub use ids::{
    AlbumId, ComicId, ContentHash, EditId, FolderId, PhotoId, PointId, RegionId, RequestId, SubjectId,
    TaskId, VersionId,
};
pub use index::{Effort, IndexState, IndexStatus};
pub use key::KeyState;
pub use kind::Kind;
pub use layout::{PhotoLayout, PhotoShape};
pub use ledger::{LedgerEntry, RequestState};
pub use look_alike::{LookAlike, LookAlikeKind, LookAlikes};
pub use mark::Mark;
pub use model::ModelInfo;
pub use other::OtherKind;
pub use pass::{Pass, PassStatus};
pub use photo::{PhotoChanges, PhotoDetail, PhotoSummary, PhotoTile};
pub use problem::{ErrorCode, ErrorReport, Problem};
pub use query::{Example, PhotoQuery, QueryImage, Scope, Similar, SimilarPhoto, SimilarQuery, Why};
pub use reason::{Param, Reason, ReasonCode};
pub use region::{Area, PointKind, Region, RegionKind};
pub use role::Role;
pub use service_codes::{DrawCode, StoreCode};
pub use store::{StoreJob, StoreKind, StoreState, StoreStep, StoreWork, Verification};
pub use subject::{Subject, SubjectAnswers};
