//! HEIC and AVIF: the container, its tiles, its turns and its colours. The pictures in it go to [`super::hevc`] and
//! [`super::av1`].
//!
//! The container is read by heic-rs for both: AVIF is the same container around another codec.

use heic_rs::color::convert;
use heic_rs::context::Context;
use heic_rs::ftyp::FileType;
use heic_rs::hevc::Frame;
use heic_rs::meta::iref::RefKind;
use heic_rs::props::ItemProps;
use heic_rs::transform::crop_rect;
use heic_rs::{
    Brand, ChromaFormat, Grid, MatrixCoefficients, Mirror, Nclx, PixelLayout, Range, Rotation, Transform,
    meta,
};

use super::av1;
use super::canvas::Canvas;
use super::color::{Channels, Colors};
use super::decoded::{Decoded, Shape};
use super::hevc::{self, refused};
use crate::error::{DecodeError, Need};
use crate::pixels::{Orientation, Rgb};
use crate::types::MAX_PIXELS;

/// Where neither container nor codec says anything: what phones write.
const UNLABELLED: Nclx = Nclx {
    primaries: 1,
    transfer: 13,
    matrix: MatrixCoefficients::Bt601,
    matrix_code: 6,
    range: Range::Full,
};

/// Opacity uses all its values.
const OPACITY: Nclx = UNLABELLED;

/// Reads size and turn.
pub(super) fn shape(bytes: &[u8]) -> Result<Shape, DecodeError> {
    let context = open(bytes)?;
    let props = context.props(context.meta.primary).map_err(refused)?;
    let (_, _, width, height) = visible(&context, &props)?;
    Ok(Shape { width, height, orientation: orientation(&props) })
}

/// Decodes the main picture, transparency laid on white.
pub(super) fn decode(bytes: &[u8], side: u32) -> Result<Decoded, DecodeError> {
    let context = open(bytes)?;
    let primary = context.meta.primary;
    let props = context.props(primary).map_err(refused)?;
    let size = checked(context.coded_size(primary, &props).map_err(refused)?)?;
    let Assembled { mut picture, colors, factor } =
        assemble(&context, primary, &props, size, side, PixelLayout::Rgb8)?;
    if let Some(item) = context.alpha_item(primary).map_err(refused)? {
        let opacity_props = context.props(item).map_err(refused)?;
        if context.coded_size(item, &opacity_props).map_err(refused)? == size {
            let opacity = assemble(&context, item, &opacity_props, size, side, PixelLayout::Gray8)?;
            lay_on_white(&mut picture, &opacity.picture, is_premultiplied(&context, primary));
        }
    }
    let area = visible(&context, &props)?;
    Ok(Decoded { pixels: cropped(picture, size, area, factor), orientation: orientation(&props), colors })
}

fn open(bytes: &[u8]) -> Result<Context<'_>, DecodeError> {
    // The brands were looked at already, and heic-rs would refuse AVIF by them.
    let ftyp = FileType { major: Brand::Mif1, effective: Brand::Mif1, minor_version: 0, compatible_count: 0 };
    Ok(Context { file: bytes, ftyp, meta: meta::parse(bytes).map_err(refused)? })
}

fn checked((width, height): (u32, u32)) -> Result<(u32, u32), DecodeError> {
    if width == 0 || height == 0 {
        return Err(DecodeError::Corrupt("it has no pixels".into()));
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    Ok((width, height))
}

/// The part that is meant to be seen: left, top, width, height.
fn visible(context: &Context<'_>, props: &ItemProps<'_>) -> Result<(u32, u32, u32, u32), DecodeError> {
    let (width, height) = context.coded_size(context.meta.primary, props).map_err(refused)?;
    props.clap().map_or(Ok((0, 0, width, height)), |clap| crop_rect(width, height, clap).map_err(refused))
}

fn orientation(props: &ItemProps<'_>) -> Orientation {
    let turns = props.transforms.iter().map(|transform| match transform {
        Transform::Crop(_) | Transform::Rotate(Rotation::None) => 1,
        Transform::Rotate(Rotation::Ccw90) => 8,
        Transform::Rotate(Rotation::Ccw180) => 3,
        Transform::Rotate(Rotation::Ccw270) => 6,
        // heic-rs has the two the wrong way round: axis 0 exchanges top and bottom (ISO/IEC 23008-12:2022, 6.5.12, whose
        // note names EXIF orientation 4 for it).
        Transform::Mirror(Mirror::LeftRight) => 4,
        Transform::Mirror(Mirror::TopBottom) => 2,
    });
    turns.map(Orientation::from_exif).fold(Orientation::UPRIGHT, Orientation::then)
}

fn is_premultiplied(context: &Context<'_>, primary: u32) -> bool {
    context.meta.refs.iter().any(|link| link.kind == RefKind::Other(*b"prem") && link.from == primary)
}

struct Assembled {
    picture: Rgb,
    colors: Colors,
    /// How many of the file's pixels became one along each side.
    factor: u32,
}

/// Decodes an item, or the tiles that it consists of, onto a canvas.
fn assemble(
    context: &Context<'_>,
    item: u32,
    props: &ItemProps<'_>,
    size: (u32, u32),
    side: u32,
    layout: PixelLayout,
) -> Result<Assembled, DecodeError> {
    let whole = Grid { rows: 1, columns: 1, output_width: size.0, output_height: size.1 };
    let (grid, tiles) = context.grid(item).map_err(refused)?.unwrap_or((whole, vec![item]));
    let first = *tiles.first().ok_or_else(|| DecodeError::Corrupt("it has no tiles".into()))?;
    let tile_props = context.props(first).map_err(refused)?;
    let step = tile_props.ispe.map_or(size, |size| (size.width, size.height));
    let steps = if tiles.len() == 1 { [1 << 16; 2] } else { [step.0, step.1] };
    let tile_pixels = u64::from(step.0) * u64::from(step.1);
    if tile_pixels.saturating_mul(tiles.len() as u64) > MAX_PIXELS * 2 {
        return Err(DecodeError::TooLarge { width: size.0, height: size.1 });
    }
    let mut canvas = Canvas::new(size, side, steps);
    let mut code_points = UNLABELLED;
    let mut channels = Channels::Rgb;
    for (tile, place) in tiles.iter().zip(0..) {
        let (frame, coded) = frame(context, *tile)?;
        if frame.chroma == ChromaFormat::Monochrome {
            channels = Channels::Grey;
        }
        code_points = labelled(props.nclx.or(tile_props.nclx).or(coded))?;
        let meaning = if layout == PixelLayout::Gray8 { OPACITY } else { code_points };
        let tile = to_rgb(&frame, meaning, layout)?;
        let (column, row) = (place % grid.columns, place / grid.columns);
        canvas.paste(&tile, column.saturating_mul(step.0), row.saturating_mul(step.1));
    }
    // Some phones name the colours of the tiles alone.
    let colors = match props.icc.or(tile_props.icc) {
        Some(icc) => Colors::from_icc(icc, channels),
        None => Colors::from_code_points(code_points.primaries, code_points.transfer),
    };
    let factor = canvas.factor();
    Ok(Assembled { picture: canvas.finish(), colors, factor })
}

fn frame(context: &Context<'_>, item: u32) -> Result<(Frame, Option<Nclx>), DecodeError> {
    let kind = context.meta.item(item).map(|info| info.item_type);
    let data = context.item_data(item).map_err(refused)?;
    match kind.as_ref() {
        Some(b"hvc1" | b"hev1") => {
            let props = context.props(item).map_err(refused)?;
            let config = props.hvcc.ok_or_else(|| DecodeError::Corrupt("it lacks its HEVC set-up".into()))?;
            hevc::decode(&config, &data)
        }
        Some(b"av01") => av1::decode(&data).map(|(frame, coded)| (frame, Some(coded))),
        Some(other) => {
            let needs = Need::Codec(String::from_utf8_lossy(other).into_owned());
            Err(DecodeError::Lacking { kind: "HEIF".into(), needs })
        }
        None => Err(DecodeError::Corrupt("its main picture is missing".into())),
    }
}

/// The matrix and range to use, from what the file says.
fn labelled(said: Option<Nclx>) -> Result<Nclx, DecodeError> {
    let nclx = said.unwrap_or(UNLABELLED);
    match nclx.matrix {
        MatrixCoefficients::Unspecified => Ok(Nclx { matrix: UNLABELLED.matrix, matrix_code: 6, ..nclx }),
        MatrixCoefficients::Other(code) => {
            Err(DecodeError::Lacking { kind: "HEIF".into(), needs: Need::ColorMatrix(code) })
        }
        _ => Ok(nclx),
    }
}

fn to_rgb(frame: &Frame, meaning: Nclx, layout: PixelLayout) -> Result<Rgb, DecodeError> {
    let image = convert(frame, None, meaning, layout, MAX_PIXELS, Some(1)).map_err(refused)?;
    let data = match layout {
        PixelLayout::Gray8 => image.data.iter().flat_map(|&value| [value; 3]).collect(),
        _ => image.data,
    };
    Ok(Rgb { width: image.width, height: image.height, data })
}

fn lay_on_white(picture: &mut Rgb, opacity: &Rgb, is_premultiplied: bool) {
    for (value, &opacity) in picture.data.iter_mut().zip(&opacity.data) {
        let (color, opacity) = (u32::from(*value), u32::from(opacity));
        let color = if is_premultiplied { color * 255 } else { color * opacity };
        *value = u8::try_from((color + 255 * (255 - opacity) + 127) / 255).unwrap_or(u8::MAX);
    }
}

/// Cuts the area (of the full-size picture) out of the shrunk one.
fn cropped(picture: Rgb, size: (u32, u32), area: (u32, u32, u32, u32), factor: u32) -> Rgb {
    if area == (0, 0, size.0, size.1) {
        return picture;
    }
    let (left, top) = (area.0 / factor, area.1 / factor);
    let width = (area.2 / factor).clamp(1, picture.width - left);
    let height = (area.3 / factor).clamp(1, picture.height - top);
    let row = |y: u32| {
        let start = ((top + y) as usize * picture.width as usize + left as usize) * 3;
        &picture.data[start..start + width as usize * 3]
    };
    Rgb { width, height, data: (0..height).flat_map(row).copied().collect() }
}
