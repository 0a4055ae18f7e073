//! The two request bodies, and their outline for the person to look at before anything is sent.
//!
//! Field by field after OpenAI's published specification (MIT, github.com/openai/openai-openapi, 2026-08-21):
//! `CreateResponse` with the tool `ImageGenTool`, and `CreateImageEditRequest` as multipart form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::connection::{ACCEPT, USER_AGENT};
use super::cost::parse_size;
use super::job::DrawJob;
use super::route::Route;
use crate::comic::order::Picture;
use crate::error::{DrawError, DrawErrorKind};
use crate::types::{DrawCode, Quality, Reason, ReasonCode};

/// The main model's standing order on the Responses route. It must be sent with every change as well: the service
/// does not carry it over.
pub const INSTRUCTIONS: &str = "You draw comics. Always call the image tool.";

/// The most pictures that one request may hold (`images/edits`; the other route allows more).
pub const MOST_PICTURES: usize = 16;
/// Largest `image_url` in characters, and largest file in bytes, that the specification allows.
const LONGEST_DATA_URL: usize = 20_971_520;
const LARGEST_FILE: usize = 50_000_000;
/// Longest prompt of `images/edits`, in characters.
const LONGEST_PROMPT: usize = 32_000;

/// A body that is ready to be sent, also more than once.
pub(super) struct Body {
    pub(super) content_type: String,
    pub(super) bytes: Bytes,
}

/// The name of the endpoint of `route`.
pub(super) fn endpoint(route: Route) -> &'static str {
    match route {
        Route::Responses => "responses",
        Route::Edits => "images/edits",
    }
}

/// Refuses what the service would refuse, before anything is sent.
pub(super) fn check(job: &DrawJob) -> Result<(), DrawError> {
    let refuse = |reason: Reason| Err(DrawError::new(DrawErrorKind::Invalid, reason));
    if job.prompt.trim().is_empty() {
        return refuse(DrawCode::DrawPromptEmpty.reason());
    }
    if job.prompt.chars().count() > LONGEST_PROMPT {
        return refuse(DrawCode::DrawPromptLong.with("limit", LONGEST_PROMPT));
    }
    if job.pictures.is_empty() || job.pictures.len() > MOST_PICTURES {
        return refuse(
            DrawCode::DrawPhotoCount.with("limit", MOST_PICTURES).with("count", job.pictures.len()),
        );
    }
    if job.size != "auto" && parse_size(&job.size).is_none() {
        return refuse(DrawCode::DrawSize.with("size", &*job.size));
    }
    for picture in &job.pictures {
        if !matches!(picture.media_type.as_str(), "image/jpeg" | "image/png" | "image/webp") {
            return refuse(
                DrawCode::DrawMediaType.with("name", &*picture.name).with("media_type", &*picture.media_type),
            );
        }
        let too_large = match job.route {
            Route::Responses => picture.bytes.len().div_ceil(3) * 4 + 64 > LONGEST_DATA_URL,
            Route::Edits => picture.bytes.len() > LARGEST_FILE,
        };
        if too_large {
            return refuse(DrawCode::DrawPictureTooLarge.with("name", &*picture.name));
        }
    }
    Ok(())
}

/// The body of `job`.
pub(super) async fn body(job: &DrawJob) -> Result<Body, DrawError> {
    match job.route {
        Route::Responses => Ok(Body {
            content_type: "application/json".into(),
            bytes: responses(job, data_url).to_string().into(),
        }),
        Route::Edits => edits(job).await,
    }
}

/// The request of `job` as the person may read it: pictures by name and size, without the key.
pub(super) fn outline(job: &DrawJob, url: &str) -> Value {
    let name = |picture: &Picture| {
        format!("({}, {}, {} bytes)", picture.name, picture.media_type, picture.bytes.len())
    };
    let (content_type, body) = match job.route {
        Route::Responses => ("application/json", responses(job, name)),
        Route::Edits => {
            let mut form: serde_json::Map<_, _> =
                fields(job).into_iter().map(|(field, value)| (field.to_owned(), value.into())).collect();
            form.insert("image[]".into(), job.pictures.iter().map(name).collect());
            ("multipart/form-data", Value::Object(form))
        }
    };
    json!({
        "method": "POST",
        "url": url,
        "headers": { "accept": ACCEPT, "content-type": content_type, "user-agent": USER_AGENT },
        "body": body,
    })
}

/// The body for `responses`, with each picture as `render` gives it. `store:false`: nothing is kept by the service,
/// so a change sends the last drawing back as a picture. `input_fidelity` is left out: the models always read
/// closely, and gpt-image-2 wants it omitted.
fn responses(job: &DrawJob, render: impl Fn(&Picture) -> String) -> Value {
    let text = json!({ "type": "input_text", "text": job.prompt });
    let pictures = job
        .pictures
        .iter()
        .map(|picture| json!({ "type": "input_image", "image_url": render(picture), "detail": "high" }));
    let content: Vec<Value> = std::iter::once(text).chain(pictures).collect();
    let mut body = json!({
        "model": job.text_model,
        "stream": true,
        "store": false,
        "instructions": INSTRUCTIONS,
        "input": [{ "role": "user", "content": content }],
        "tools": [{
            "type": "image_generation",
            "model": job.image_model,
            "size": job.size,
            "quality": quality(job.quality),
            "output_format": "png",
            "partial_images": job.partial_images.min(3),
            "action": if job.change { "edit" } else { "auto" },
            "moderation": "auto",
        }],
        "tool_choice": { "type": "image_generation" },
    });
    if let Some(identifier) = &job.safety_identifier {
        body["safety_identifier"] = json!(identifier);
    }
    body
}

fn data_url(picture: &Picture) -> String {
    let mut url = format!("data:{};base64,", picture.media_type);
    STANDARD.encode_string(&picture.bytes, &mut url);
    url
}

/// The text fields for `images/edits`. Without previews nothing is said of streaming, since basic compatible servers
/// refuse what they do not know. There is no `moderation` and no `safety_identifier` in the multipart schema.
fn fields(job: &DrawJob) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("model", job.image_model.clone()),
        ("prompt", job.prompt.clone()),
        ("size", job.size.clone()),
        ("quality", quality(job.quality).into()),
        ("output_format", "png".into()),
    ];
    if job.partial_images > 0 {
        fields.push(("stream", "true".into()));
        fields.push(("partial_images", job.partial_images.min(3).to_string()));
    }
    fields
}

async fn edits(job: &DrawJob) -> Result<Body, DrawError> {
    let unusable = |error: reqwest::Error| {
        DrawError::new(DrawErrorKind::Invalid, DrawCode::DrawRequestFailed.reason()).because(&error)
    };
    let mut form = fields(job).into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
    for picture in &job.pictures {
        let part = Part::stream(picture.bytes.clone())
            .file_name(picture.name.clone())
            .mime_str(&picture.media_type)
            .map_err(unusable)?;
        form = form.part("image[]", part);
    }
    let content_type = format!("multipart/form-data; boundary={}", form.boundary());
    let whole = form
        .into_stream()
        .try_fold(Vec::new(), |mut whole, chunk| {
            whole.extend_from_slice(&chunk);
            std::future::ready(Ok(whole))
        })
        .await
        .map_err(unusable)?;
    Ok(Body { content_type, bytes: whole.into() })
}

fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Low => "low",
        Quality::Medium => "medium",
        Quality::High => "high",
    }
}
