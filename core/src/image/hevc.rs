//! One HEVC picture to its planes, with the colours that its parameter sets name.
//!
//! Phones name matrix and range there and nowhere else. heic-rs reads over them and would take BT.709 in limited range
//! instead, which is visibly wrong (28 dB).

use heic_rs::hevc::{self, Frame};
use heic_rs::props::hvcc::{HevcConfig, NAL_SPS};
use heic_rs::{ChromaFormat, Error, MatrixCoefficients, Nclx, Range};
use scuffle_h265::SpsNALUnit;

use super::de265;
use crate::error::{DecodeError, Need};
use crate::types::MAX_PIXELS;

/// Decodes an item: its configuration record and its bytes.
pub(super) fn decode(config: &HevcConfig<'_>, item: &[u8]) -> Result<(Frame, Option<Nclx>), DecodeError> {
    let sets = config.parameter_sets();
    let size = hevc::probe(&sets).map_err(refused)?;
    if u64::from(size.width) * u64::from(size.height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width: size.width, height: size.height });
    }
    let units = config.split_nals(item).map_err(refused)?;
    let frame = if matches!(size.chroma, ChromaFormat::Yuv422 | ChromaFormat::Yuv444) {
        // heic-rs 0.1.4 misreads both (docs/decisions/0017).
        de265::decode(sets.into_iter().chain(units)).ok_or_else(undecodable)?
    } else {
        hevc::decode_still(&sets, &units).map_err(refused)?
    };
    Ok((frame, colors(config)))
}

fn undecodable() -> DecodeError {
    DecodeError::Corrupt("its HEVC picture cannot be decoded".into())
}

fn colors(config: &HevcConfig<'_>) -> Option<Nclx> {
    let unit = config.arrays.iter().find(|array| array.nal_type == NAL_SPS)?.nals.first()?;
    let signal = SpsNALUnit::parse(*unit).ok()?.rbsp.vui_parameters?.video_signal_type;
    let matrix_code = u16::from(signal.matrix_coeffs);
    Some(Nclx {
        primaries: signal.colour_primaries.into(),
        transfer: signal.transfer_characteristics.into(),
        matrix: MatrixCoefficients::from_code(matrix_code),
        matrix_code,
        range: if signal.video_full_range_flag { Range::Full } else { Range::Limited },
    })
}

/// What heic-rs refuses, for people.
pub(super) fn refused(error: Error) -> DecodeError {
    match error {
        Error::Truncated(_) => DecodeError::Truncated,
        Error::Unsupported(what) => {
            DecodeError::Lacking { kind: "HEIC".into(), needs: Need::Feature(what.into()) }
        }
        other => DecodeError::Corrupt(other.to_string()),
    }
}
