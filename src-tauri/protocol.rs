//! Pictures for the page by id: `thumb://`, `photo://` and `comic://`. They never pass through JSON, and the page never
//! names a path.

use std::path::Path;
use std::sync::Arc;

use fotonovela_core::error::{Error, Result};
use fotonovela_core::image::Format;
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, PhotoId, ReasonCode, TaskId, VersionId};
use tauri::http::{Response, StatusCode, Uri, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

/// A picture and whether its URL always means the same bytes.
struct Picture {
    bytes: Vec<u8>,
    is_lasting: bool,
}

/// Responds to a request for a picture from a thread of its own.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: tauri::http::Request<Vec<u8>>,
    responder: UriSchemeResponder,
    find: fn(&Library, &Uri) -> Result<Vec<u8>>,
) {
    let library = Arc::clone(&context.app_handle().state::<Arc<Library>>());
    tauri::async_runtime::spawn_blocking(move || {
        let uri = request.uri();
        let is_lasting = uri.query().is_some_and(|query| query.starts_with("v=")) && !is_unread(uri);
        responder.respond(response(find(&library, uri).map(|bytes| Picture { bytes, is_lasting })));
    });
}

/// `thumb://localhost/<photo>?v=<version>`; of version 0, which stands for a photo that was not read yet, the camera's
/// preview.
pub(crate) fn thumbnail(library: &Library, uri: &Uri) -> Result<Vec<u8>> {
    let photo = PhotoId(numbers(uri)?[0]);
    if is_unread(uri) { library.preview(photo) } else { library.thumbnail(photo) }
}

/// `photo://localhost/<photo>?v=<version>`: a JPEG of the original, for the viewer.
pub(crate) fn original(library: &Library, uri: &Uri) -> Result<Vec<u8>> {
    library.original(PhotoId(numbers(uri)?[0]))
}

/// `comic://localhost/version/<id>`, `/plan/<plan>/<number from 0>`, `/partial/<task>?n=<number from 1>` and
/// `/query/<token>`.
pub(crate) fn comic(library: &Library, uri: &Uri) -> Result<Vec<u8>> {
    let numbers = numbers(uri)?;
    let small = |number: i64| u32::try_from(number).map_err(|_| not_found());
    let kind = uri.path().trim_start_matches('/').split('/').next();
    match (kind, numbers.as_slice()) {
        (Some("version"), &[version]) => library.view_comic(VersionId(version)),
        (Some("plan"), &[plan, index]) => {
            let index = usize::try_from(index).map_err(|_| not_found())?;
            library.view_planned_picture(small(plan)?, index)
        }
        (Some("partial"), &[task]) => {
            let number =
                uri.query().and_then(|query| query.strip_prefix("n=")?.parse().ok()).ok_or_else(not_found)?;
            library.view_preview(TaskId(small(task)?), number)
        }
        (Some("query"), &[token]) => library.query_image(small(token)?),
        _ => Err(not_found()),
    }
}

/// Version 0 stands for a photo that was not read yet.
fn is_unread(uri: &Uri) -> bool {
    uri.query() == Some("v=0")
}

/// The numbers in a path; at least one.
fn numbers(uri: &Uri) -> Result<Vec<i64>> {
    let numbers: Vec<i64> = uri.path().split('/').filter_map(|part| part.parse().ok()).collect();
    if numbers.is_empty() { Err(not_found()) } else { Ok(numbers) }
}

fn not_found() -> Error {
    Error::NotFound(FaultCode::PictureNotFound.reason())
}

fn response(picture: Result<Picture>) -> Response<Vec<u8>> {
    let built = match picture {
        Ok(Picture { bytes, is_lasting }) => {
            let lasting = if is_lasting { "public, max-age=31536000, immutable" } else { "no-store" };
            Response::builder()
                .header(header::CONTENT_TYPE, media_type(&bytes))
                .header(header::CACHE_CONTROL, lasting)
                .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
                .body(bytes)
        }
        Err(error) => {
            tracing::debug!(%error, "no picture");
            Response::builder().status(StatusCode::NOT_FOUND).body(Vec::new())
        }
    };
    built.expect("the headers are constant and valid")
}

pub(crate) fn media_type(bytes: &[u8]) -> &'static str {
    let format = Format::sniff(bytes, Path::new("")).ok();
    format.and_then(Format::web_media_type).unwrap_or("application/octet-stream")
}
