//! The functions of libtiff that are used here, over bytes in memory. All that is unsafe about it lies in this file.
//!
//! Declared by hand: no kept crate binds libtiff. Its binary interface has been the same since version 4.0 of 2011, and what
//! is used here is older. Sizes of buffers are always asked of libtiff itself, as it has its own view of a broken file.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{NonNull, null_mut};
use std::sync::Once;

const WIDTH: u32 = 256;
const HEIGHT: u32 = 257;
const BITS_PER_SAMPLE: u32 = 258;
const COMPRESSION: u32 = 259;
const PHOTOMETRIC: u32 = 262;
const ORIENTATION: u32 = 274;
const SAMPLES_PER_PIXEL: u32 = 277;
const ROWS_PER_STRIP: u32 = 278;
const PLANAR_CONFIGURATION: u32 = 284;
const WHITE_POINT: u32 = 318;
const TILE_WIDTH: u32 = 322;
const TILE_HEIGHT: u32 = 323;
const EXTRA_SAMPLES: u32 = 338;
const SAMPLE_FORMAT: u32 = 339;
const ICC_PROFILE: u32 = 34675;

/// Photometric interpretations.
pub(super) const WHITE_IS_ZERO: u16 = 0;
pub(super) const BLACK_IS_ZERO: u16 = 1;
pub(super) const RGB: u16 = 2;
pub(super) const INKS: u16 = 5;
pub(super) const CIE_LAB: u16 = 8;
pub(super) const ICC_LAB: u16 = 9;

const SEPARATE_PLANES: u16 = 2;
const TOP_LEFT: c_int = 1;

type Handle = *mut c_void;
type Transfer = unsafe extern "C" fn(Handle, *mut c_void, isize) -> isize;

#[link(name = "tiff")]
unsafe extern "C" {
    fn TIFFClientOpen(
        name: *const c_char,
        mode: *const c_char,
        source: *mut c_void,
        read: Transfer,
        write: Transfer,
        seek: unsafe extern "C" fn(Handle, u64, c_int) -> u64,
        close: unsafe extern "C" fn(Handle) -> c_int,
        size: unsafe extern "C" fn(Handle) -> u64,
        map: Option<unsafe extern "C" fn(Handle, *mut *mut c_void, *mut u64) -> c_int>,
        unmap: Option<unsafe extern "C" fn(Handle, *mut c_void, u64)>,
    ) -> Handle;
    fn TIFFClose(tiff: Handle);
    fn TIFFSetErrorHandler(handler: *mut c_void) -> *mut c_void;
    fn TIFFSetWarningHandler(handler: *mut c_void) -> *mut c_void;
    fn TIFFSetSubDirectory(tiff: Handle, offset: u64) -> c_int;
    fn TIFFGetField(tiff: Handle, tag: u32, ...) -> c_int;
    fn TIFFGetFieldDefaulted(tiff: Handle, tag: u32, ...) -> c_int;
    fn TIFFSetField(tiff: Handle, tag: u32, ...) -> c_int;
    fn TIFFIsCODECConfigured(compression: u16) -> c_int;
    fn TIFFIsTiled(tiff: Handle) -> c_int;
    fn TIFFStripSize64(tiff: Handle) -> u64;
    fn TIFFTileSize64(tiff: Handle) -> u64;
    fn TIFFComputeStrip(tiff: Handle, row: u32, sample: u16) -> u32;
    fn TIFFComputeTile(tiff: Handle, x: u32, y: u32, z: u32, sample: u16) -> u32;
    fn TIFFReadEncodedStrip(tiff: Handle, strip: u32, buffer: *mut c_void, size: isize) -> isize;
    fn TIFFReadEncodedTile(tiff: Handle, tile: u32, buffer: *mut c_void, size: isize) -> isize;
    fn TIFFReadRGBAStripExt(tiff: Handle, row: u32, raster: *mut u32, stops: c_int) -> c_int;
    fn TIFFReadRGBATileExt(tiff: Handle, x: u32, y: u32, raster: *mut u32, stops: c_int) -> c_int;
}

/// One directory of a file, open for its pixels.
pub(super) struct LibTiff<'a> {
    handle: NonNull<c_void>,
    /// Lies still, as libtiff has a pointer to it.
    _source: Box<TiffBytes<'a>>,
}

struct TiffBytes<'a> {
    bytes: &'a [u8],
    at: u64,
}

/// How the samples of a page lie in its strips or tiles ("chunks").
pub(super) struct SampleLayout {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bits: u16,
    /// Samples of each pixel.
    pub(super) samples: u16,
    /// Whether each chunk has one sample of each pixel.
    pub(super) is_planar: bool,
    /// 1: whole numbers, 2: with sign, 3: floating point.
    pub(super) sample_format: u16,
    pub(super) photometric: u16,
    /// The meaning of the first sample behind the colours: 1 is opacity that the colours are multiplied with, 2 opacity.
    pub(super) extra: Option<u16>,
    /// Width and height of a chunk.
    pub(super) chunk: (u32, u32),
}

impl SampleLayout {
    /// Where each chunk starts, column and row.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (u32, u32)> {
        let starts = |length: u32, step: u32| (0..length).step_by(step as usize);
        let columns = move || starts(self.width, self.chunk.0);
        starts(self.height, self.chunk.1).flat_map(move |y| columns().map(move |x| (x, y)))
    }
}

impl<'a> LibTiff<'a> {
    /// Opens the directory at an offset. `None` for what libtiff cannot read.
    pub(super) fn open(bytes: &'a [u8], directory: u64) -> Option<Self> {
        static QUIET: Once = Once::new();
        let mut source = Box::new(TiffBytes { bytes, at: 0 });
        let pointer: *mut TiffBytes<'_> = &raw mut *source;
        // SAFETY: the source lives as long as the handle, which alone uses the pointer; null is a handler that does nothing.
        let handle = unsafe {
            QUIET.call_once(|| {
                TIFFSetErrorHandler(null_mut());
                TIFFSetWarningHandler(null_mut());
            });
            // Only the head is read at first, and nothing is mapped.
            let (name, mode): (&CStr, &CStr) = (c"", c"rhm");
            let (name, mode) = (name.as_ptr(), mode.as_ptr());
            TIFFClientOpen(name, mode, pointer.cast(), read, write, seek, close, size, None, None)
        };
        let tiff = Self { handle: NonNull::new(handle)?, _source: source };
        // SAFETY: the handle is open.
        (unsafe { TIFFSetSubDirectory(tiff.handle.as_ptr(), directory) } == 1).then_some(tiff)
    }

    /// `None` for a page without a size.
    pub(super) fn layout(&self) -> Option<SampleLayout> {
        let (width, height) = (self.long(WIDTH)?, self.long(HEIGHT)?);
        let samples = self.short(SAMPLES_PER_PIXEL)?;
        let chunk = if self.is_tiled() {
            (self.long(TILE_WIDTH)?, self.long(TILE_HEIGHT)?)
        } else {
            (width, self.long(ROWS_PER_STRIP)?.min(height))
        };
        let guess = if samples < 3 { BLACK_IS_ZERO } else { RGB };
        (chunk.0 > 0 && chunk.1 > 0 && samples > 0).then_some(SampleLayout {
            width,
            height,
            bits: self.short(BITS_PER_SAMPLE)?,
            samples,
            is_planar: samples > 1 && self.short(PLANAR_CONFIGURATION)? == SEPARATE_PLANES,
            sample_format: self.short(SAMPLE_FORMAT)?,
            photometric: self.short(PHOTOMETRIC).unwrap_or(guess),
            extra: self.extra(),
            chunk,
        })
    }

    /// Whether this build of libtiff knows the page's compression.
    pub(super) fn can_decompress(&self) -> bool {
        // SAFETY: any number may be asked for.
        self.short(COMPRESSION).is_some_and(|compression| unsafe { TIFFIsCODECConfigured(compression) } == 1)
    }

    pub(super) fn icc_profile(&self) -> Option<&[u8]> {
        let (mut length, mut data) = (0_u32, std::ptr::null::<u8>());
        // SAFETY: the tag has a length and a pointer to data that the directory keeps.
        unsafe {
            let found = TIFFGetField(self.handle.as_ptr(), ICC_PROFILE, &raw mut length, &raw mut data);
            (found == 1 && !data.is_null()).then(|| std::slice::from_raw_parts(data, length as usize))
        }
    }

    /// The chromaticity of white, if the page names it.
    pub(super) fn white_point(&self) -> Option<(f32, f32)> {
        let mut place = std::ptr::null::<f32>();
        // SAFETY: the tag has a pointer to two numbers, which the directory keeps.
        unsafe {
            let found = TIFFGetField(self.handle.as_ptr(), WHITE_POINT, &raw mut place);
            (found == 1 && !place.is_null()).then(|| (*place, *place.add(1)))
        }
    }

    /// Bytes of a chunk.
    pub(super) fn chunk_bytes(&self) -> u64 {
        let handle = self.handle.as_ptr();
        // SAFETY: the handle is open.
        unsafe { if self.is_tiled() { TIFFTileSize64(handle) } else { TIFFStripSize64(handle) } }
    }

    /// The samples of the chunk that holds a pixel, whole numbers of 16, 24, 32 and 64 bits in the machine's order.
    pub(super) fn chunk(&self, (x, y): (u32, u32), sample: u16) -> Option<Vec<u8>> {
        let mut buffer = vec![0; usize::try_from(self.chunk_bytes()).ok()?];
        let (handle, data) = (self.handle.as_ptr(), buffer.as_mut_ptr().cast());
        let size = isize::try_from(buffer.len()).ok()?;
        // SAFETY: no more than `size` bytes are written, which the buffer has.
        let read = unsafe {
            if self.is_tiled() {
                TIFFReadEncodedTile(handle, TIFFComputeTile(handle, x, y, 0, sample), data, size)
            } else {
                TIFFReadEncodedStrip(handle, TIFFComputeStrip(handle, y, sample), data, size)
            }
        };
        (read > 0).then_some(buffer)
    }

    /// The pixels of the chunk that starts at a pixel, in libtiff's own conversion: a byte each of red (the lowest), green,
    /// blue and opacity, which the colours are multiplied with. The last row comes first; a strip at the end is shorter.
    pub(super) fn rgba_chunk(&self, (x, y): (u32, u32), layout: &SampleLayout) -> Option<Vec<u32>> {
        let handle = self.handle.as_ptr();
        let is_tiled = self.is_tiled();
        let rows = if is_tiled { layout.chunk.1 } else { layout.chunk.1.min(layout.height.checked_sub(y)?) };
        let mut raster = vec![0; layout.chunk.0 as usize * rows as usize];
        // SAFETY: the layout is this handle's, so that the raster has the size which libtiff fills. The turn is changed in
        // memory only, and keeps libtiff from turning.
        let done = unsafe {
            TIFFSetField(handle, ORIENTATION, TOP_LEFT);
            if is_tiled {
                TIFFReadRGBATileExt(handle, x, y, raster.as_mut_ptr(), 1)
            } else {
                TIFFReadRGBAStripExt(handle, y, raster.as_mut_ptr(), 1)
            }
        };
        (done == 1).then_some(raster)
    }

    fn is_tiled(&self) -> bool {
        // SAFETY: the handle is open.
        unsafe { TIFFIsTiled(self.handle.as_ptr()) != 0 }
    }

    /// Tags of one 16-bit number only.
    fn short(&self, tag: u32) -> Option<u16> {
        let mut value = 0_u16;
        // SAFETY: libtiff writes 16 bits for the tags that this is called with.
        let found = unsafe { TIFFGetFieldDefaulted(self.handle.as_ptr(), tag, &raw mut value) };
        (found == 1).then_some(value)
    }

    /// Tags of one 32-bit number only.
    fn long(&self, tag: u32) -> Option<u32> {
        let mut value = 0_u32;
        // SAFETY: libtiff writes 32 bits for the tags that this is called with.
        let found = unsafe { TIFFGetFieldDefaulted(self.handle.as_ptr(), tag, &raw mut value) };
        (found == 1).then_some(value)
    }

    fn extra(&self) -> Option<u16> {
        let (mut count, mut kinds) = (0_u16, std::ptr::null::<u16>());
        // SAFETY: the tag has a count and a pointer to as many numbers, which the directory keeps.
        unsafe {
            let found = TIFFGetField(self.handle.as_ptr(), EXTRA_SAMPLES, &raw mut count, &raw mut kinds);
            (found == 1 && count > 0 && !kinds.is_null()).then(|| *kinds)
        }
    }
}

impl Drop for LibTiff<'_> {
    fn drop(&mut self) {
        // SAFETY: it is open, and not used afterwards.
        unsafe { TIFFClose(self.handle.as_ptr()) }
    }
}

/// # Safety
/// `source` is the one that was given to libtiff, and `buffer` has room for `length` bytes.
unsafe extern "C" fn read(source: Handle, buffer: *mut c_void, length: isize) -> isize {
    // SAFETY: as above; nothing else uses the source meanwhile.
    let source = unsafe { &mut *source.cast::<TiffBytes<'_>>() };
    let start = usize::try_from(source.at).unwrap_or(usize::MAX).min(source.bytes.len());
    let rest = &source.bytes[start..];
    let count = rest.len().min(usize::try_from(length).unwrap_or(0));
    // SAFETY: `count` is at most what either side has, and they are not the same memory.
    unsafe { std::ptr::copy_nonoverlapping(rest.as_ptr(), buffer.cast(), count) };
    source.at += count as u64;
    count.cast_signed()
}

unsafe extern "C" fn write(_: Handle, _: *mut c_void, _: isize) -> isize {
    -1
}

/// # Safety
/// `source` is the one that was given to libtiff.
unsafe extern "C" fn seek(source: Handle, offset: u64, whence: c_int) -> u64 {
    // SAFETY: as above; nothing else uses the source meanwhile.
    let source = unsafe { &mut *source.cast::<TiffBytes<'_>>() };
    source.at = match whence {
        1 => source.at.wrapping_add(offset),
        2 => (source.bytes.len() as u64).wrapping_add(offset),
        _ => offset,
    };
    source.at
}

unsafe extern "C" fn close(_: Handle) -> c_int {
    0
}

/// # Safety
/// `source` is the one that was given to libtiff.
unsafe extern "C" fn size(source: Handle) -> u64 {
    // SAFETY: as above; nothing else uses the source meanwhile.
    let source = unsafe { &*source.cast::<TiffBytes<'_>>() };
    source.bytes.len() as u64
}
