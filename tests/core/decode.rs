//! Bytes to pixels and facts: every orientation, every kind of JPEG and PNG, and files that are broken or made to harm.

use std::io::Cursor;
use std::path::Path;

use fotonovela_core::error::{DecodeError, Need};
use fotonovela_core::image::{Format, Metadata, decode, header, metadata};
use fotonovela_core::pixels::{Orientation, Rgb};
use fotonovela_core::types::Facts;
use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
use image::{GrayImage, ImageBuffer, ImageFormat, Luma, RgbImage, RgbaImage};
use turbojpeg::{Colorspace, Compressor, PixelFormat, Subsamp};

use crate::harm::{png_by_hand, scan_bomb};
use crate::support::{Exif, jpeg, png, scene, with_segment};

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 200, 40];
const BLUE: [u8; 3] = [30, 40, 220];
const WHITE: [u8; 3] = [255, 255, 255];

/// Red, green / blue, white.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        image::Rgb(match (x * 2 < width, y * 2 < height) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

/// What a camera stores so that turning it by `orientation` gives `upright`.
fn stored(upright: &RgbImage, orientation: u16) -> RgbImage {
    match orientation {
        2 => flip_horizontal(upright),
        3 => rotate180(upright),
        4 => flip_vertical(upright),
        5 => flip_horizontal(&rotate90(upright)),
        6 => rotate270(upright),
        7 => flip_vertical(&rotate90(upright)),
        8 => rotate90(upright),
        _ => upright.clone(),
    }
}

fn pixel(picture: &Rgb, x: u32, y: u32) -> [u8; 3] {
    let start = (y as usize * picture.width as usize + x as usize) * 3;
    picture.data[start..start + 3].try_into().unwrap()
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 24)
}

fn assert_quarters(picture: &Rgb, what: &str) {
    let (width, height) = (picture.width, picture.height);
    let corners = [
        (width / 4, height / 4, RED),
        (width * 3 / 4, height / 4, GREEN),
        (width / 4, height * 3 / 4, BLUE),
        (width * 3 / 4, height * 3 / 4, WHITE),
    ];
    for (x, y, color) in corners {
        let found = pixel(picture, x, y);
        assert!(
            is_near(found, color),
            "{what}: {found:?} at {x}, {y} of {width} x {height}, {color:?} wanted"
        );
    }
}

fn decoded(bytes: &[u8], side: u32) -> Result<fotonovela_core::image::Decoded, DecodeError> {
    decode(bytes, Path::new("photo.jpg"), side)
}

#[test]
fn all_eight_orientations_are_upright_in_the_thumbnail_and_in_the_model_s_picture() {
    let upright = quarters(1200, 800);
    for orientation in 1..=8 {
        let exif = Exif { orientation: Some(orientation), ..Exif::default() };
        let bytes = exif.in_jpeg(&jpeg(&stored(&upright, orientation)));
        // 512 lets libjpeg-turbo shrink while it decodes.
        let decoded = decoded(&bytes, 512).unwrap();
        assert!(decoded.pixels.width < 1200 && decoded.pixels.height < 1200);
        let thumbnail = decoded.fitted(512);
        assert_eq!((thumbnail.width, thumbnail.height), (512, 341), "orientation {orientation}");
        assert_quarters(&thumbnail, &format!("thumbnail, orientation {orientation}"));
        let tensor = decoded.squashed(224);
        assert_eq!((tensor.width, tensor.height), (224, 224));
        assert_quarters(&tensor, &format!("tensor, orientation {orientation}"));
    }
}

#[test]
fn png_and_webp_are_turned_too() {
    let pixels = stored(&quarters(60, 40), 6);
    let tiff = Exif { orientation: Some(6), ..Exif::default() }.tiff();
    let rows: Vec<Vec<u8>> = pixels.rows().map(|row| row.flat_map(|pixel| pixel.0).collect()).collect();
    let bytes = png_by_hand((40, 60), (8, 2), &[(*b"eXIf", &tiff)], &rows);
    assert_quarters(&decoded(&bytes, 512).unwrap().fitted(512), "PNG");

    let mut webp = Cursor::new(Vec::new());
    pixels.write_to(&mut webp, ImageFormat::WebP).unwrap();
    let decoded = decoded(&extended_webp(&webp.into_inner(), (40, 60), &tiff), 512).unwrap();
    assert_quarters(&decoded.fitted(512), "WebP");
}

/// Puts EXIF data into a plain lossless WebP.
fn extended_webp(plain: &[u8], (width, height): (u32, u32), tiff: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let mut chunk = name.to_vec();
        chunk.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        chunk.extend_from_slice(content);
        chunk.extend(std::iter::repeat_n(0, content.len() % 2));
        chunk
    };
    let mut head = vec![0x08, 0, 0, 0];
    head.extend_from_slice(&(width - 1).to_le_bytes()[..3]);
    head.extend_from_slice(&(height - 1).to_le_bytes()[..3]);
    let body = [b"WEBP".to_vec(), chunk(b"VP8X", &head), plain[12..].to_vec(), chunk(b"EXIF", tiff)].concat();
    chunk(b"RIFF", &body)
}

#[test]
fn a_cut_off_file_is_refused_wherever_it_is_cut() {
    let scene = scene(1, 640, 480);
    for (name, bytes) in [("JPEG", jpeg(&scene)), ("PNG", png(&scene))] {
        assert!(decoded(&bytes, 512).is_ok());
        for part in 0..40 {
            let length = bytes.len() * part / 40;
            let error = decoded(&bytes[..length], 512).expect_err(name);
            if length == 0 {
                assert_eq!(error, DecodeError::Empty);
            } else if length > bytes.len() / 4 {
                assert_eq!(error, DecodeError::Truncated, "{name} cut at {length} of {}", bytes.len());
            } else {
                assert!(
                    matches!(
                        error,
                        DecodeError::Truncated | DecodeError::NotAPicture | DecodeError::Corrupt(_)
                    ),
                    "{name}: {error:?}"
                );
            }
        }
    }
}

#[test]
fn what_a_decoder_cannot_do_is_not_called_damage() {
    // A BMP of one pixel, whose header says that a JPEG is inside.
    let jpeg_inside = 4_u32;
    let mut bmp = b"BM".to_vec();
    bmp.extend(
        [58_u32, 0, 54, 40, 1, 1, 24 << 16 | 1, jpeg_inside, 4, 0, 0, 0, 0].map(u32::to_le_bytes).concat(),
    );
    bmp.extend([0; 4]);
    let error = decode(&bmp, Path::new("a.bmp"), 512).unwrap_err();
    assert!(
        matches!(&error, DecodeError::Lacking { kind, needs } if kind == "BMP" && matches!(needs, Need::Feature(feature) if feature.contains("JPEG"))),
        "{error:?}"
    );
}

#[test]
fn garbage_is_refused_with_a_reason_for_people() {
    let noise: Vec<u8> = (0_u32..20_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let of = |start: &[u8], name: &str| {
        let bytes = [start, &noise].concat();
        decode(&bytes, Path::new(name), 512).unwrap_err()
    };
    assert!(matches!(of(b"\xFF\xD8\xFF\xE0", "a.jpg"), DecodeError::Corrupt(_) | DecodeError::Truncated));
    let cut_head = [&jpeg(&scene(1, 64, 48))[..300], b"no picture"].concat();
    assert_eq!(decode(&cut_head, Path::new("a.jpg"), 512).unwrap_err(), DecodeError::Truncated);
    assert!(matches!(of(b"\x89PNG\r\n\x1a\n", "a.png"), DecodeError::Corrupt(_) | DecodeError::Truncated));
    assert!(matches!(
        of(b"RIFF\x40\x4e\0\0WEBPVP8 ", "a.webp"),
        DecodeError::Corrupt(_) | DecodeError::Truncated
    ));
    assert_eq!(of(b"", "a.JPG"), DecodeError::NotAPicture, "JPEG can be shown; this is none");
    assert_eq!(of(b"", "a.psd"), DecodeError::Unsupported(Some(".psd".into())));
    assert_eq!(of(b"DDS ", "a.jpg"), DecodeError::Unsupported(Some("DDS".into())));
    assert_eq!(of(b"", "a.psd").to_string(), "unsupported format=.psd");
}

#[test]
fn flipped_bytes_never_panic() {
    let scene = scene(2, 200, 150);
    let seeds = [
        jpeg(&scene),
        png(&scene),
        Exif { taken: Some("2024:01:01 00:00:00"), ..Exif::default() }.in_jpeg(&jpeg(&scene)),
    ];
    for bytes in seeds {
        for step in 0..300_usize {
            let mut broken = bytes.clone();
            let at = step * 7919 % broken.len();
            broken[at] = broken[at].wrapping_add(1 + u8::try_from(step % 255).unwrap());
            if let Ok(decoded) = decoded(&broken, 512) {
                assert!(decoded.pixels.width > 0);
            }
            let _ = metadata::read(&broken, Path::new("a.jpg"));
        }
    }
}

#[test]
fn stray_bytes_between_segments_do_no_harm() {
    let plain = jpeg(&quarters(400, 300));
    let commented = with_segment(&plain, 0xFE, b"a comment");
    let behind_comment = 2 + 4 + "a comment".len();
    let stray = [&commented[..behind_comment], &[0, 1, 2, 3], &commented[behind_comment..]].concat();
    assert_eq!(
        header(&stray, Path::new("a.jpg")).map(|header| (header.width, header.height)),
        Ok((400, 300))
    );
    assert_quarters(&decoded(&stray, 512).unwrap().fitted(512), "stray bytes");
    let trailing = [plain.as_slice(), b"trailing bytes of a phone's video"].concat();
    assert_quarters(&decoded(&trailing, 512).unwrap().fitted(512), "trailing bytes");
}

#[test]
fn grey_cmyk_and_progressive_jpeg_have_the_right_colours() {
    let mut grey = Vec::new();
    let ramp = GrayImage::from_fn(256, 64, |x, _| Luma([u8::try_from(x).unwrap()]));
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut grey, 95).encode_image(&ramp).unwrap();
    let picture = decoded(&grey, 512).unwrap().fitted(512);
    assert!(is_near(pixel(&picture, 40, 32), [40; 3]) && is_near(pixel(&picture, 220, 32), [220; 3]));

    let quarters = quarters(400, 300);
    let progressive = compress(quarters.as_raw(), PixelFormat::RGB, 3, |compressor| {
        compressor.set_progressive(true).unwrap();
    });
    assert_quarters(&decoded(&progressive, 512).unwrap().fitted(512), "progressive");

    // As Adobe's programs store it: inverted, and black apart.
    let inks: Vec<u8> = quarters.pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
    for space in [Colorspace::CMYK, Colorspace::YCCK] {
        let cmyk =
            compress(&inks, PixelFormat::CMYK, 4, |compressor| compressor.set_colorspace(space).unwrap());
        assert_quarters(&decoded(&cmyk, 512).unwrap().fitted(512), &format!("{space:?}"));
    }
}

/// Encodes 400 x 300 pixels in a way that the `image` crate cannot.
fn compress(pixels: &[u8], format: PixelFormat, channels: usize, set: impl Fn(&mut Compressor)) -> Vec<u8> {
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(95).unwrap();
    compressor.set_subsamp(Subsamp::None).unwrap();
    set(&mut compressor);
    let image = turbojpeg::Image { pixels, width: 400, pitch: 400 * channels, height: 300, format };
    compressor.compress_to_vec(image).unwrap()
}

#[test]
fn palettes_sixteen_bits_and_transparency_of_png_have_the_right_colours() {
    let colors = [RED, GREEN, BLUE, WHITE].concat();
    let rows: Vec<Vec<u8>> =
        (0..20).map(|y| (0..20).map(|x| u8::from(x >= 10) + 2 * u8::from(y >= 10)).collect()).collect();
    let palette = png_by_hand((20, 20), (8, 3), &[(*b"PLTE", &colors)], &rows);
    assert_quarters(&decoded(&palette, 512).unwrap().pixels, "palette");

    let deep = ImageBuffer::from_fn(20, 20, |x, y| {
        let color = quarters(20, 20).get_pixel(x, y).0;
        image::Rgb(color.map(|value| u16::from(value) * 257))
    });
    let mut bytes = Cursor::new(Vec::new());
    deep.write_to(&mut bytes, ImageFormat::Png).unwrap();
    assert_quarters(&decoded(&bytes.into_inner(), 512).unwrap().pixels, "16 bits");

    let glass = RgbaImage::from_fn(20, 20, |x, _| image::Rgba([0, 0, 0, if x < 10 { 0 } else { 128 }]));
    let mut bytes = Cursor::new(Vec::new());
    glass.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let picture = decoded(&bytes.into_inner(), 512).unwrap().pixels;
    assert_eq!((pixel(&picture, 2, 2), pixel(&picture, 15, 2)), (WHITE, [127; 3]), "on white");
}

#[test]
fn lossless_webp_decodes_and_small_pictures_are_not_enlarged() {
    let mut bytes = Cursor::new(Vec::new());
    quarters(30, 20).write_to(&mut bytes, ImageFormat::WebP).unwrap();
    let picture = decoded(&bytes.into_inner(), 512).unwrap();
    assert_quarters(&picture.pixels, "WebP");
    assert_eq!((picture.fitted(512).width, picture.fitted(512).height), (30, 20));
    assert_quarters(&picture.squashed(224), "a small one for the model");
    let dot = decoded(&png(&quarters(1, 1)), 512).unwrap();
    assert_eq!((dot.fitted(512).width, dot.squashed(224).width), (1, 224));
}

#[test]
fn a_huge_header_is_refused_by_its_size() {
    for (width, height, limit) in [(50_000, 50_000, true), (3_000_000, 100, true), (14_000, 14_000, false)] {
        let bomb = png_by_hand((width, height), (8, 2), &[], &[vec![0; 64]]);
        assert!(bomb.len() < 1000);
        let error = decoded(&bomb, 512).unwrap_err();
        if limit {
            assert_eq!(error, DecodeError::TooLarge { width, height });
            assert!(
                error.to_string().contains(&format!("height={height} megapixels=200 width={width}")),
                "{error}"
            );
        }
    }
    let empty = png_by_hand((0, 10), (8, 2), &[], &[]);
    assert!(matches!(decoded(&empty, 512).unwrap_err(), DecodeError::Corrupt(_)));
}

#[test]
fn a_jpeg_of_hundreds_of_scans_is_refused_for_their_number() {
    let honest = scan_bomb(10);
    let grey = decoded(&honest, 512).unwrap();
    assert!(is_near(pixel(&grey.pixels, 5, 5), [128; 3]), "ten scans are an ordinary progressive file");
    let bomb = scan_bomb(882);
    assert!(bomb.len() < 100_000);
    let error = decoded(&bomb, 512).unwrap_err();
    // By the count of scans, before the first is decoded.
    assert!(error.to_string().contains("scans"), "{error:?}");
    assert!(matches!(&error, DecodeError::Lacking { kind, .. } if kind == "JPEG"), "{error:?}");
    assert!(decoded(&scan_bomb(40), 512).is_ok(), "some encoders write so many");
}

#[test]
fn a_png_of_apples_own_kind_is_refused_by_its_name() {
    let png = png_by_hand((8, 8), (8, 2), &[(*b"CgBI", &[0x50, 0, 0x20, 2])], &[]);
    let cgbi = [&png[..8], &png[33..49], &png[8..33], &png[49..]].concat();
    let error = decoded(&cgbi, 512).unwrap_err();
    assert!(error.to_string().contains("CgBI") && !error.to_string().contains("ChunkType"), "{error}");
}

#[test]
fn facts_of_the_camera_are_read_also_where_a_part_is_broken() {
    let exif = Exif {
        orientation: Some(8),
        taken: Some("2024:05:17 18:30:05"),
        make: Some("NIKON"),
        model: Some("Z 6"),
        gps: Some([([33, 51, 36], 'S'), ([151, 12, 36], 'E')]),
        ..Exif::default()
    };
    let photo = jpeg(&scene(5, 60, 40));
    for broken_link in [false, true] {
        let Metadata { orientation, facts } =
            metadata::read(&Exif { broken_link, ..exif }.in_jpeg(&photo), Path::new("a.jpg"));
        let Facts { taken, camera, gps, .. } = facts;
        assert_eq!(orientation, Orientation::from_exif(8));
        assert_eq!(taken.unwrap().at, 1_715_970_605_000, "broken link: {broken_link}");
        assert_eq!(camera.as_deref(), Some("NIKON Z 6"));
        let gps = gps.unwrap();
        assert!((gps.latitude + 33.86).abs() < 1e-6 && (gps.longitude - 151.21).abs() < 1e-6, "{gps:?}");
    }
}

#[test]
fn nonsense_of_the_camera_is_left_out_and_the_rest_kept() {
    let photo = jpeg(&scene(5, 60, 40));
    let read = |exif: Exif<'_>| metadata::read(&exif.in_jpeg(&photo), Path::new("a.jpg"));
    for taken in ["0000:00:00 00:00:00", "2024:13:40 99:00:00", "yesterday", ""] {
        let facts = read(Exif { taken: Some(taken), model: Some("X100"), ..Exif::default() }).facts;
        assert_eq!((facts.taken, facts.camera.as_deref()), (None, Some("X100")), "{taken}");
    }
    assert_eq!(read(Exif { orientation: Some(77), ..Exif::default() }).orientation, Orientation::UPRIGHT);
    let nowhere = [([0, 0, 0], 'N'), ([0, 0, 0], 'E')];
    let beyond = [([120, 0, 0], 'N'), ([10, 0, 0], 'E')];
    for gps in [nowhere, beyond] {
        assert_eq!(read(Exif { gps: Some(gps), ..Exif::default() }).facts.gps, None);
    }
    // An EXIF block cut in its middle costs what lay behind the cut, and never the picture.
    let whole = Exif { orientation: Some(6), taken: Some("2024:05:17 18:30:05"), ..Exif::default() }.tiff();
    for length in 0..whole.len() {
        let block = [b"Exif\0\0", &whole[..length]].concat();
        let cut = with_segment(&photo, 0xE1, &block);
        let _ = metadata::read(&cut, Path::new("a.jpg"));
        assert!(decoded(&cut, 512).is_ok(), "cut at {length}");
    }
}

#[test]
fn the_kind_is_told_by_content() {
    let kinds = [(jpeg(&scene(1, 8, 8)), Format::Jpeg), (png(&scene(1, 8, 8)), Format::Png)];
    for (bytes, kind) in kinds {
        assert_eq!(header(&bytes, Path::new("misleading.txt")).unwrap().format, kind);
    }
}
