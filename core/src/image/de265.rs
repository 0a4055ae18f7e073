//! The functions of libde265 that decode one still picture. All that is unsafe about it lies in this file.
//!
//! Declared by hand: no kept crate binds libde265 (docs/decisions/0017). What is used here is in every version since 2014.

use std::ffi::{c_int, c_void};
use std::ptr::{NonNull, null_mut};

use heic_rs::ChromaFormat;
use heic_rs::hevc::Frame;

type HevcContext = *mut c_void;
type HevcImage = *const c_void;

const LUMA: c_int = 0;
const BLUE: c_int = 1;
const RED: c_int = 2;
const OK: c_int = 0;

#[link(name = "de265")]
unsafe extern "C" {
    fn de265_new_decoder() -> HevcContext;
    fn de265_free_decoder(context: HevcContext) -> c_int;
    fn de265_push_NAL(
        context: HevcContext,
        data: *const c_void,
        length: c_int,
        time: i64,
        user: *mut c_void,
    ) -> c_int;
    fn de265_flush_data(context: HevcContext) -> c_int;
    fn de265_decode(context: HevcContext, more: *mut c_int) -> c_int;
    fn de265_get_next_picture(context: HevcContext) -> HevcImage;
    fn de265_get_image_width(image: HevcImage, channel: c_int) -> c_int;
    fn de265_get_image_height(image: HevcImage, channel: c_int) -> c_int;
    fn de265_get_chroma_format(image: HevcImage) -> c_int;
    fn de265_get_bits_per_pixel(image: HevcImage, channel: c_int) -> c_int;
    fn de265_get_image_plane(image: HevcImage, channel: c_int, stride: *mut c_int) -> *const u8;
}

struct HevcDecoder(NonNull<c_void>);

impl Drop for HevcDecoder {
    fn drop(&mut self) {
        // SAFETY: it was made by the library, and is not used afterwards.
        unsafe { de265_free_decoder(self.0.as_ptr()) };
    }
}

/// Decodes the first picture of units without start codes: parameter sets, then slices. `None` for what cannot be decoded.
pub(super) fn decode<'a>(units: impl IntoIterator<Item = &'a [u8]>) -> Option<Frame> {
    // SAFETY: null is checked.
    let decoder = HevcDecoder(NonNull::new(unsafe { de265_new_decoder() })?);
    let context = decoder.0.as_ptr();
    for unit in units {
        let length = c_int::try_from(unit.len()).ok()?;
        // SAFETY: the bytes are copied.
        let pushed = unsafe { de265_push_NAL(context, unit.as_ptr().cast(), length, 0, null_mut()) };
        (pushed == OK).then_some(())?;
    }
    // SAFETY: the decoder is there; `more` outlives each call; the picture is read before the decoder goes on or goes away.
    unsafe {
        (de265_flush_data(context) == OK).then_some(())?;
        loop {
            let mut more = 0;
            (de265_decode(context, &raw mut more) == OK).then_some(())?;
            let image = de265_get_next_picture(context);
            if !image.is_null() {
                return frame(image);
            }
            (more != 0).then_some(())?;
        }
    }
}

/// # Safety
/// `image` is a picture of a decoder that is there.
unsafe fn frame(image: HevcImage) -> Option<Frame> {
    // SAFETY: as above.
    let (luma, format, bits) = unsafe {
        (plane(image, LUMA)?, de265_get_chroma_format(image), de265_get_bits_per_pixel(image, LUMA))
    };
    let chroma = ChromaFormat::from_idc(u8::try_from(format).ok()?)?;
    let [blue, red] = if chroma == ChromaFormat::Monochrome {
        [LibPlane::default(), LibPlane::default()]
    } else {
        // SAFETY: as above.
        unsafe { [plane(image, BLUE)?, plane(image, RED)?] }
    };
    let (chroma, blue, red) = match chroma {
        ChromaFormat::Yuv422 => (ChromaFormat::Yuv444, blue.doubled(luma.width), red.doubled(luma.width)),
        other => (other, blue, red),
    };
    Some(Frame {
        width: luma.width,
        height: luma.height,
        bit_depth: u8::try_from(bits).ok()?,
        chroma,
        y_stride: luma.width,
        c_stride: blue.width,
        y: luma.samples,
        cb: blue.samples,
        cr: red.samples,
    })
}

#[derive(Default)]
struct LibPlane {
    width: u32,
    height: u32,
    samples: Vec<u16>,
}

impl LibPlane {
    /// Each sample for two columns, as libheif shows 4:2:2; averages between them would blur sharp edges.
    fn doubled(self, width: u32) -> Self {
        let last = self.width.saturating_sub(1) as usize;
        let wide = |row: &[u16]| (0..width as usize).map(|x| row[(x / 2).min(last)]).collect::<Vec<_>>();
        let samples = self.samples.chunks_exact(self.width.max(1) as usize).flat_map(wide).collect();
        Self { width, samples, ..self }
    }
}

/// # Safety
/// `image` is a picture with this plane.
unsafe fn plane(image: HevcImage, channel: c_int) -> Option<LibPlane> {
    let mut stride = 0;
    // SAFETY: as above. A row has as many samples as the plane is wide, of two bytes where more than 8 bits are used, and rows
    // are `stride` bytes apart.
    unsafe {
        let start = de265_get_image_plane(image, channel, &raw mut stride);
        let width = u32::try_from(de265_get_image_width(image, channel)).ok()?;
        let height = u32::try_from(de265_get_image_height(image, channel)).ok()?;
        let stride = usize::try_from(stride).ok()?;
        let is_wide = de265_get_bits_per_pixel(image, channel) > 8;
        if start.is_null() || stride < width as usize * (1 + usize::from(is_wide)) {
            return None;
        }
        let mut samples = Vec::with_capacity(width as usize * height as usize);
        for row in 0..height as usize {
            let row = start.add(row * stride);
            if is_wide {
                let row = row.cast::<u16>();
                samples.extend((0..width as usize).map(|at| row.add(at).read_unaligned()));
            } else {
                samples.extend(
                    std::slice::from_raw_parts(row, width as usize).iter().map(|&value| u16::from(value)),
                );
            }
        }
        Some(LibPlane { width, height, samples })
    }
}
