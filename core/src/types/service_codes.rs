//! The codes of what goes wrong with services: vector stores and the one that draws.

use strum::{IntoStaticStr, VariantArray};

use super::reason::ReasonCode;

/// What can go wrong with a vector store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum StoreCode {
    /// `store`, `detail`.
    StoreAway,
    /// `store`, `seconds`.
    StoreSlow,
    /// `store`: Milvus Lite.
    StoreNotStarted,
    /// `store`, `detail`.
    StoreCertificate,
    /// `store`.
    StoreToken,
    /// `store`: others could read the token on its way.
    StoreTokenInClear,
    /// `store`, `collection`: made by somebody else, or of another model.
    StoreForeign,
    /// `store`, `collection`: without the vectors of a library.
    StoreForeignVectors,
    /// `store`, `collection`, `found`, `expected`: vectors of another length.
    StoreForeignDimension,
    /// `store`, `collection`: compared otherwise than by cosine.
    StoreForeignMetric,
    /// `store`: its rows are sent again.
    StoreRowsLost,
    /// `store`: it does not count.
    StoreUncounted,
    /// `store`: its hits cannot be right.
    StoreUntrue,
    /// `store`, `detail`.
    StoreFailed,
    /// `store`.
    StoreNotBuilt,
    /// Long work is under way.
    StoreBusy,
    /// `store`, `rows`, `expected`, `recall`, `score_error`: of a store to which vectors were moved.
    StoreUnfit,
    /// The store in use.
    StoreWrong,
    /// No token was given.
    TokenEmpty,
    /// `store`: not a server.
    StoreTokenless,
    /// `text`.
    StoreUriRelative,
    /// `detail`.
    StoreUriUnreadable,
    /// Neither http nor https.
    StoreUriScheme,
    /// It holds a password.
    StoreUriPassword,
    /// It has more than host and port.
    StoreUriPath,
    /// It has no host.
    StoreUriHost,
}

impl ReasonCode for StoreCode {}

/// Why no comic was drawn. `host` is the service; `detail` is what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum DrawCode {
    /// `host`, when it was asked for its models.
    DrawUnreachable,
    /// `host`.
    DrawModelsUnreadable,
    /// `host`.
    DrawModelsAbsent,
    /// `host`, `status`.
    DrawModelsFailed,
    /// `host`.
    DrawUnsent,
    /// `host`.
    DrawHalfSent,
    /// `host`.
    DrawCut,
    /// `host`, `seconds`.
    DrawIdle,
    /// `host`.
    DrawCancelled,
    /// `host`.
    DrawWebPage,
    /// `host`.
    DrawNothing,
    /// `host`, `words`: what it drew instead.
    DrawWords,
    /// `host`.
    DrawPictureDamaged,
    /// `host`.
    DrawPictureKind,
    /// `cause`, `answer`: what went wrong, and where what came is kept.
    DrawAnswerKept,
    /// `host`, `link`: the picture lies at another host.
    DrawLink,
    /// `host`, `detail`: what the account may not do.
    DrawAccount,
    /// `host`.
    DrawUnreadable,
    /// `host`.
    DrawRedirect,
    /// `host`.
    DrawKeyWanted,
    /// `host`.
    DrawKeyRefused,
    /// `host`.
    DrawUnverified,
    /// `host`, `detail`.
    DrawResponsesForbidden,
    /// `host`, `detail`.
    DrawForbidden,
    /// `host`.
    DrawPhotosTooLarge,
    /// `host`, `detail`.
    DrawRateLimit,
    /// `host`, `detail`.
    DrawOverloaded,
    /// `host`, `status`, `detail`.
    DrawFailed,
    /// `host`, `detail`.
    DrawStopped,
    /// `host`.
    DrawQuota,
    /// `host`, `detail`.
    DrawPhotoRefused,
    /// `host`, `categories`.
    DrawUnsafeInput,
    /// `host`, `categories`.
    DrawUnsafeOutput,
    /// `host`, `categories`.
    DrawUnsafe,
    /// `host`, `status`.
    DrawResponsesAbsent,
    /// `host`, `status`.
    DrawImagesAbsent,
    /// `host`, `field`, `detail`.
    DrawFieldUnknown,
    /// `host`, `field`, `detail`.
    DrawPreviewsUnknown,
    /// `host`, `detail`.
    DrawInvalidModel,
    /// `host`, `detail`.
    DrawInvalidSize,
    /// `host`, `field`, `detail`.
    DrawInvalid,
    /// `host`, `model`, `detail`.
    DrawModelUnknown,
    /// `host`, `model`, `detail`.
    DrawTextModelUnknown,
    /// No prompt.
    DrawPromptEmpty,
    /// `limit`: characters.
    DrawPromptLong,
    /// `limit`, `count`.
    DrawPhotoCount,
    /// `size`.
    DrawSize,
    /// `name`, `media_type`.
    DrawMediaType,
    /// `name`.
    DrawPictureTooLarge,
    /// Our own fault.
    DrawRequestFailed,
}

impl ReasonCode for DrawCode {}
