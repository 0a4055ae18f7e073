//! A plan: all that will be sent, ready to the last byte, and what is shown of it first.

use std::path::PathBuf;

use crate::catalog::{Bill, NewRequest, NewVersion};
use crate::comic::order::DrawOrder;
use crate::comic::prepare::{Prepared, prepare};
use crate::comic::prompt;
use crate::comic::provider::{Capabilities, ProviderPlan};
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::platform::reading::read_picture;
use crate::settings::Settings;
use crate::types::{
    ComicLayout, ComicPlan, ComicRequest, FaultCode, PhotoId, PlannedPicture, Purpose, Reason, ReasonCode,
    RequestId,
};

/// A request that is ready to be sent, to the last byte.
pub(super) struct PreparedPlan {
    pub(super) shown: ComicPlan,
    pub(super) asked: ProviderPlan,
    pub(super) base_url: String,
    pub(super) request: ComicRequest,
    pub(super) sources: Vec<Source>,
}

/// A picture file that a comic is made from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The photo, if it is of the library.
    pub photo: Option<PhotoId>,
    /// The file.
    pub path: PathBuf,
}

/// The order of `request.layout` or, for a change, of the layout that the comic has.
pub(super) fn order(
    request: &ComicRequest,
    layout: ComicLayout,
    settings: &Settings,
    prepared: &[Prepared],
    previews: u8,
) -> DrawOrder {
    let text = match request.parent {
        Some(_) => prompt::change(&request.prompt, layout),
        None => prompt::story(&request.prompt, layout, prepared.len()),
    };
    let image_model = match request.purpose {
        Purpose::Draft => &settings.draft_model,
        Purpose::Final => &settings.final_model,
    };
    DrawOrder {
        route: request.route.clone().or_else(|| settings.route.clone()),
        text_model: settings.text_model.clone(),
        image_model: image_model.clone(),
        prompt: text,
        pictures: prepared.iter().map(|prepared| prepared.picture.clone()).collect(),
        sides: prepared.iter().map(|prepared| (prepared.width, prepared.height)).collect(),
        change: request.parent.is_some(),
        size: request.size.clone(),
        quality: request.quality,
        previews,
        safety_identifier: None,
    }
}

/// Refuses what no service would draw, and more photos than this one takes.
pub(super) fn check(request: &ComicRequest, sources: &[Source], service: Capabilities) -> Result<()> {
    let invalid = |reason: Reason| Err(Error::Invalid(reason));
    if request.prompt.trim().is_empty() {
        return invalid(FaultCode::StoryEmpty.reason());
    }
    if request.parent.is_none() && sources.is_empty() {
        return invalid(FaultCode::ComicWithoutPhotos.reason());
    }
    if sources.len() > service.most_pictures {
        return invalid(FaultCode::ComicPhotos.with("limit", service.most_pictures));
    }
    let sides =
        request.size.split_once('x').map(|(width, height)| (width.parse::<u32>(), height.parse::<u32>()));
    if !matches!(sides, Some((Ok(1..), Ok(1..)))) {
        return invalid(FaultCode::SizeUnreadable.with("size", &*request.size));
    }
    Ok(())
}

pub(super) fn prepare_all(decoders: &Decoders, sources: &[Source]) -> Result<Vec<Prepared>> {
    let each = |(index, source): (usize, &Source)| {
        let bytes = read_picture(&source.path)?;
        prepare(decoders, &bytes, &source.path, index + 1).map_err(|error| match error {
            Error::Decode(_) | Error::Harmful(_) => {
                let reason = error.reason().within(FaultCode::PhotoUnusable);
                Error::Invalid(reason.with("path", source.path.as_path()))
            }
            error => error,
        })
    };
    sources.iter().enumerate().map(each).collect()
}

pub(super) fn planned(prepared: &[Prepared], sources: &[Source]) -> Vec<PlannedPicture> {
    let photos = sources.iter().map(|source| source.photo).chain(std::iter::repeat(None));
    let each = |(prepared, photo): (&Prepared, Option<PhotoId>)| PlannedPicture {
        name: prepared.picture.name.clone(),
        photo,
        width: prepared.width,
        height: prepared.height,
        bytes: u32::try_from(prepared.picture.bytes.len()).unwrap_or(u32::MAX),
    };
    prepared.iter().zip(photos).map(each).collect()
}

/// The ledger's row of a plan, before it is sent.
pub(super) fn new_request(plan: &PreparedPlan) -> NewRequest {
    NewRequest {
        host: plan.shown.host.clone(),
        route: plan.shown.route.clone(),
        text_model: plan.shown.text_model.clone(),
        image_model: plan.shown.image_model.clone(),
        prompt: plan.request.prompt.trim().to_owned(),
        size: plan.request.size.clone(),
        quality: plan.request.quality,
        estimate: plan.shown.estimate,
    }
}

/// The record of a picture that came of `plan`; without a bill it is a preview.
pub(super) fn new_version(
    plan: &PreparedPlan,
    request: RequestId,
    bill: Option<Bill>,
    file: String,
) -> NewVersion {
    let photo = |source: &Source| (source.photo, source.path.to_string_lossy().into_owned());
    NewVersion {
        parent: plan.request.parent,
        photos: plan.sources.iter().map(photo).collect(),
        layout: plan.request.layout,
        prompt: plan.request.prompt.trim().to_owned(),
        request,
        bill,
        file,
    }
}
