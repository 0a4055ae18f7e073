//! Where facts lie in files of each kind, and where others lie that are not of their picture.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;

/// EXIF data that says orientation 6.
const TURNED: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
/// The same of the camera "Cam" alone.
const CAMERA: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x10\0\x02\0\0\0\x04Cam\0\0\0\0\0";

fn told(bytes: &[u8]) -> Metadata {
    read(bytes, Path::new("photo"))
}

fn is_turned(bytes: &[u8]) -> bool {
    told(bytes).orientation == Orientation::from_exif(6)
}

fn rated(stars: i8) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='{stars}'/></rdf:RDF></x:xmpmeta>"
    )
}

fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    for (marker, content) in segments {
        bytes.extend([0xFF, *marker]);
        bytes.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        bytes.extend(content);
    }
    [bytes.as_slice(), b"\xff\xda\0\x02\xff\xd9"].concat()
}

fn app1(parts: &[&[u8]]) -> (u8, Vec<u8>) {
    (0xE1, parts.concat())
}

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0".to_vec();
    for (kind, content) in chunks {
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(*kind);
        bytes.extend(content);
        bytes.extend([0; 4]);
    }
    bytes
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A packet as ImageMagick writes it into a text.
fn profile(name: &str, packet: &[u8]) -> Vec<u8> {
    let digits: String = packet.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<&str> =
        (0..digits.len()).step_by(72).map(|at| &digits[at..digits.len().min(at + 72)]).collect();
    format!("\n{name}\n{:>8}\n{}\n", packet.len(), lines.join("\n")).into_bytes()
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, content) in chunks {
        body.extend(*kind);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(*content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF", u32::try_from(body.len()).unwrap().to_le_bytes().as_slice(), &body].concat()
}

fn boxes(contents: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x0cJXL \r\n\x87\n".to_vec();
    for (kind, content) in contents {
        bytes.extend(u32::try_from(content.len() + 8).unwrap().to_be_bytes());
        bytes.extend(*kind);
        bytes.extend(content);
    }
    bytes
}

/// A stream of one block that is not packed (RFC 7932, 9.2), and its end.
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let head = u32::try_from(bytes.len() - 1).unwrap() << 4 | 1 << 20;
    [&head.to_le_bytes()[..3], bytes, &[3]].concat()
}

#[test]
fn exif_counts_in_any_segment_with_any_mark() {
    for mark in [&b"Exif\0\0"[..], b"exif\0\0", b"EXIF\0\0", b"Exif\0\xff", b"Exif\0\0\0\0", b"Exif", b""] {
        assert!(is_turned(&jpeg(&[app1(&[mark, TURNED])])), "{mark:?}");
    }
    let empty = || app1(&[b"Exif\0\0"]);
    let good = || app1(&[b"Exif\0\0", TURNED]);
    assert!(is_turned(&jpeg(&[empty(), good()])));
    assert!(is_turned(&jpeg(&[app1(&[b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"]), good()])), "without entries");
    let both = told(&jpeg(&[good(), app1(&[b"Exif\0\0", CAMERA])]));
    assert_eq!((both.orientation.to_exif(), both.facts.camera.as_deref()), (6, Some("Cam")));
    assert!(!is_turned(&jpeg(&[(0xE2, [b"Exif\0\0", TURNED].concat()), (0xFE, TURNED.to_vec())])));
}

#[test]
fn exif_that_is_longer_than_a_segment_goes_on_in_the_next() {
    let (head, tail) = TURNED.split_at(12);
    assert!(is_turned(&jpeg(&[app1(&[b"Exif\0\0", head]), app1(&[b"Exif\0\0", tail])])));
}

/// The pieces of an extension that a packet names by its digest.
fn extended(digest: &str, packet: &str, size: usize) -> Vec<(u8, Vec<u8>)> {
    let mark = b"http://ns.adobe.com/xmp/extension/\0";
    let length = u32::try_from(packet.len()).unwrap().to_be_bytes();
    let piece = |(number, bytes): (usize, &[u8])| {
        let start = u32::try_from(number * size).unwrap().to_be_bytes();
        app1(&[mark, digest.as_bytes(), &length, &start, bytes])
    };
    packet.as_bytes().chunks(size).enumerate().map(piece).collect()
}

#[test]
fn xmp_that_is_longer_than_a_segment_counts_by_its_digest_and_only_whole() {
    let digest = "0123456789ABCDEF0123456789ABCDEF";
    let main = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>\
         <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:xmpNote='http://ns.adobe.com/xmp/note/' xmpNote:HasExtendedXMP='{digest}'/></rdf:RDF></x:xmpmeta>"
    );
    let main = || app1(&[main.as_bytes()]);
    let pieces = extended(digest, &rated(4), 60);
    assert!(pieces.len() > 2);
    let with = |pieces: &[(u8, Vec<u8>)]| told(&jpeg(&[&[main()], pieces].concat())).facts.rating;
    assert_eq!(with(&pieces), Some(4));
    let backwards: Vec<_> = pieces.iter().rev().cloned().collect();
    assert_eq!(with(&backwards), Some(4));
    assert_eq!(with(&[pieces.clone(), pieces.clone()].concat()), Some(4), "twice");
    assert_eq!(with(&pieces[1..]), None, "without its start");
    assert_eq!(with(&pieces[..pieces.len() - 1]), None, "without its end");
    assert_eq!(with(&extended(&digest.replace('0', "1"), &rated(4), 60)), None, "of another packet");
    assert_eq!(told(&jpeg(&pieces)).facts.rating, None, "nobody names it");
}

#[test]
fn the_last_change_of_a_png_is_its_date_where_there_is_no_better() {
    let time = |second| (b"tIME", vec![0x07, 0xDE, 1, 31, 14, 22, second]);
    let dated = |chunks: &[(&[u8; 4], Vec<u8>)], name: &str| read(&png(chunks), Path::new(name)).facts.taken;
    let taken = dated(&[time(33)], "screen.png").unwrap();
    assert_eq!(
        (taken.at, taken.zone, taken.source),
        (1_391_178_153_000, Some(0), crate::types::DateSource::File)
    );
    assert_eq!(dated(&[time(60)], "screen.png").unwrap().at, 1_391_178_179_000);
    let named = dated(&[time(33)], "IMG_20120203_040506.png").unwrap();
    assert_eq!(named.source, crate::types::DateSource::Name);
    let text = (b"tEXt", b"Creation Time\x002011:05:06 07:08:09".to_vec());
    assert_eq!(dated(&[time(33), text], "screen.png").unwrap().source, crate::types::DateSource::Text);
    for broken in [vec![0; 7], vec![0x07, 0xDE, 13, 31, 14, 22, 33], vec![0x07, 0xDE]] {
        assert_eq!(dated(&[(b"tIME", broken)], "screen.png"), None);
    }
}

#[test]
fn xmp_of_another_part_or_quoted_is_not_of_the_picture() {
    let own = [b"http://ns.adobe.com/xap/1.0/\0", rated(4).as_bytes()].concat();
    assert_eq!(told(&jpeg(&[(0xE1, own.clone())])).facts.rating, Some(4));
    let second = jpeg(&[(0xE1, own)]);
    assert_eq!(told(&[jpeg(&[]), second].concat()).facts.rating, None, "a second picture behind the first");
    assert_eq!(told(&jpeg(&[(0xFE, rated(4).into_bytes())])).facts.rating, None, "a comment");
    let text = [b"Comment\0", rated(4).as_bytes()].concat();
    assert_eq!(told(&png(&[(b"tEXt", text)])).facts.rating, None);
}

#[test]
fn png_says_it_in_chunks_and_in_texts() {
    assert!(is_turned(&png(&[(b"eXIf", TURNED.to_vec())])));
    assert!(is_turned(&png(&[(b"eXIf", [b"Exif\0\0", TURNED].concat())])));
    let marked = [b"Exif\0\0", TURNED].concat();
    for name in ["exif", "APP1", "app1"] {
        let keyword = format!("Raw profile type {name}\0");
        let plain = [keyword.as_bytes(), &profile(name, &marked)].concat();
        assert!(is_turned(&png(&[(b"tEXt", plain)])), "{name}");
        let text = [keyword.as_bytes(), b"\0", &packed(&profile(name, &marked))].concat();
        assert!(is_turned(&png(&[(b"zTXt", text)])), "{name}");
    }
    let rating = |chunk| told(&png(&[chunk])).facts.rating;
    let xmp = rated(3);
    assert_eq!(rating((b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0", xmp.as_bytes()].concat())), Some(3));
    assert_eq!(
        rating((b"iTXt", [b"XML:com.adobe.xmp\0\x01\0\0\0".as_slice(), &packed(xmp.as_bytes())].concat())),
        Some(3)
    );
    assert_eq!(rating((b"iTXt", [b"XML:com.adobe.xmp\0\0\0en\0XMP\0", xmp.as_bytes()].concat())), Some(3));
    let raw = [b"Raw profile type xmp\0\0".as_slice(), &packed(&profile("xmp", xmp.as_bytes()))].concat();
    assert_eq!(rating((b"zTXt", raw)), Some(3));
    let app1 = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
    let raw = [b"Raw profile type APP1\0\0".as_slice(), &packed(&profile("generic", &app1))].concat();
    assert_eq!(rating((b"zTXt", raw)), Some(3));
    let sets = b"8BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x19\0\x03Ann";
    for packet in [&sets[..], b"\x1c\x02\x19\0\x03Ann"] {
        let raw = [b"Raw profile type iptc\0\0".as_slice(), &packed(&profile("iptc", packet))].concat();
        assert_eq!(told(&png(&[(b"zTXt", raw)])).facts.keywords, ["Ann"]);
    }
}

#[test]
fn texts_of_png_tell_date_and_description() {
    let told = |texts: &[(&str, &str)]| {
        let chunks: Vec<_> =
            texts.iter().map(|(key, text)| (b"tEXt", format!("{key}\0{text}").into_bytes())).collect();
        told(&png(&chunks)).facts
    };
    let at = |facts: Facts| facts.taken.map(|taken| (taken.at / 1000, taken.zone));
    assert_eq!(at(told(&[("Creation Time", "2013:03:04 05:06:07")])), Some((1_362_373_567, None)));
    assert_eq!(
        at(told(&[("Creation Time", "Mon, 04 Mar 2013 05:06:07 +0100")])),
        Some((1_362_373_567, Some(60)))
    );
    let both =
        told(&[("creation time", "2020:01:01 00:00:00"), ("exif:DateTimeOriginal", "2013:03:04 05:06:07")]);
    assert_eq!(at(both), Some((1_362_373_567, None)));
    assert_eq!(at(told(&[("date:create", "2020-01-01T00:00:00+00:00")])), None, "the time of a file");
    assert_eq!(told(&[("Description", "At sea"), ("Comment", "no")]).description.as_deref(), Some("At sea"));
}

#[test]
fn webp_says_it_in_chunks_wherever_they_stand() {
    let marked = [b"Exif\0\0", TURNED].concat();
    let pixels = vec![7; 301];
    for exif in [TURNED, &marked] {
        assert!(is_turned(&riff(&[(b"VP8 ", &pixels), (b"EXIF", exif)])));
    }
    for name in [b"XMP ", b"XMP\0"] {
        assert_eq!(told(&riff(&[(b"VP8 ", &pixels), (name, rated(2).as_bytes())])).facts.rating, Some(2));
    }
}

#[test]
fn gif_says_it_in_an_extension_of_its_own() {
    let xmp = rated(5);
    let end: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
    let bytes = [b"GIF89a\x01\0\x01\0\0\0\0\x21\xff\x0bXMP DataXMP", xmp.as_bytes(), &end, b"\x3b"].concat();
    assert_eq!(told(&bytes).facts.rating, Some(5));
}

#[test]
fn jpeg_xl_says_it_in_boxes_packed_or_not() {
    let exif = [b"\0\0\0\0", TURNED].concat();
    let camera = |bytes: &[u8]| told(bytes).facts.camera;
    assert!(is_turned(&boxes(&[(b"jxlc", vec![0xFF, 0x0A]), (b"Exif", exif)])));
    for head in [&b"\0\0\0\0"[..], b"\0\0\0\x06Exif\0\0", b"Exif\0\0", b"\0\0\0\x09"] {
        assert_eq!(camera(&boxes(&[(b"Exif", [head, CAMERA].concat())])).as_deref(), Some("Cam"), "{head:?}");
    }
    assert_eq!(told(&boxes(&[(b"xml ", rated(1).into_bytes())])).facts.rating, Some(1));
    let exif = brotli(&[b"\0\0\0\0", CAMERA].concat());
    assert_eq!(camera(&boxes(&[(b"brob", [b"Exif".as_slice(), &exif].concat())])).as_deref(), Some("Cam"));
}

#[test]
fn iptc_stands_in_the_resources_of_photoshop() {
    let resource = |id: [u8; 2], name: &[u8], content: &[u8]| {
        let mut bytes = [b"8BIM".as_slice(), &id, &[u8::try_from(name.len()).unwrap()], name].concat();
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    };
    let sets = b"\x1c\x02\x19\0\x03Ann";
    let all =
        [resource([4, 0x25], b"", b"odd"), resource([3, 0xED], b"nam", b"1"), resource([4, 4], b"", sets)]
            .concat();
    let mark = b"Photoshop 3.0\0";
    let keywords = |segments: &[(u8, Vec<u8>)]| told(&jpeg(segments)).facts.keywords;
    assert_eq!(keywords(&[(0xED, [mark, all.as_slice()].concat())]), ["Ann"]);
    let (head, tail) = all.split_at(30);
    assert_eq!(
        keywords(&[(0xED, [mark, head].concat()), (0xED, [mark, tail].concat())]),
        ["Ann"],
        "in two parts"
    );
    for end in 0..all.len() {
        let _ = keywords(&[(0xED, [mark, &all[..end]].concat())]);
    }
}

#[test]
fn what_unpacks_to_too_much_is_left_out() {
    let zeros = packed(&vec![b' '; 6 << 20]);
    let text = |key: &[u8]| [key, b"\0\0", &zeros].concat();
    let chunks: Vec<_> = (0..50).map(|_| (b"zTXt", text(b"Raw profile type exif"))).collect();
    let begun = std::time::Instant::now();
    assert_eq!(told(&png(&chunks)).facts, Facts::default());
    assert!(begun.elapsed().as_secs() < 20);
}
