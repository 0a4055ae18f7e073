//! XMP as Lightroom, darktable and cameras write it, and as nobody should.

use super::*;
use crate::types::{DateSource, Exposure, Facts};

const SPACES: &str = r#"xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:exifEX="http://cipa.jp/exif/1.0/""#;

fn packet(attributes: &str, elements: &str) -> String {
    format!(
        "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF {SPACES}><rdf:Description rdf:about=\"\" {attributes}>{elements}</rdf:Description></rdf:RDF>\
         </x:xmpmeta><?xpacket end='w'?>"
    )
}

fn read(attributes: &str, elements: &str) -> Facts {
    let packet = packet(attributes, elements);
    let padded = [packet.as_bytes(), b"\0\0 \n\0"].concat();
    let facts = sidecar(packet.as_bytes());
    let mut inside = embedded(&padded);
    if let Some(taken) = inside.taken.as_mut().filter(|taken| taken.rank == DateRank::Original) {
        taken.rank = DateRank::Set;
    }
    assert_eq!(inside, facts, "the same inside a photo, where nobody set the date");
    facts
}

#[test]
fn properties_are_read_as_attributes_and_as_elements() {
    let written = [
        read(
            r#"xmp:Rating="4" photoshop:DateCreated="2024-05-17T18:30:05.250+02:00" tiff:Make="Canon"
               tiff:Model="Canon EOS R6" aux:Lens="RF50mm F1.8" exif:ExposureTime="1/250" exif:FNumber="28/10"
               exif:FocalLength="50/1" exifEX:PhotographicSensitivity="800" exif:GPSLatitude="40,25.2N"
               exif:GPSLongitude="3,42,0W""#,
            "<dc:subject><rdf:Bag><rdf:li>Cola</rdf:li><rdf:li> snow &amp; ice </rdf:li><rdf:li>Cola</rdf:li></rdf:Bag></dc:subject>",
        ),
        read(
            "",
            "<xmp:Rating>4.0</xmp:Rating><photoshop:DateCreated>2024-05-17T18:30:05+02:00</photoshop:DateCreated>\
             <tiff:Make>Canon</tiff:Make><tiff:Model>Canon EOS R6</tiff:Model><aux:Lens>RF50mm F1.8</aux:Lens>\
             <exif:ExposureTime>0.004</exif:ExposureTime><exif:FNumber>2.8</exif:FNumber>\
             <exif:FocalLength>50</exif:FocalLength>\
             <exif:ISOSpeedRatings><rdf:Seq><rdf:li>800</rdf:li></rdf:Seq></exif:ISOSpeedRatings>\
             <exif:GPSLatitude>40,25,12N</exif:GPSLatitude><exif:GPSLongitude>3,42.0W</exif:GPSLongitude>\
             <dc:subject><rdf:Seq><rdf:li>Cola</rdf:li><rdf:li>snow &amp; ice</rdf:li></rdf:Seq></dc:subject>",
        ),
    ];
    for facts in written {
        let taken = facts.taken.unwrap();
        assert_eq!((taken.at / 1000, taken.zone, taken.source), (1_715_970_605, Some(120), DateSource::Xmp));
        assert_eq!(
            (facts.camera.as_deref(), facts.lens.as_deref()),
            (Some("Canon EOS R6"), Some("RF50mm F1.8"))
        );
        let Exposure { seconds, aperture, iso, focal_mm } = facts.exposure;
        assert_eq!((seconds, aperture, iso, focal_mm), (Some(0.004), Some(2.8), Some(800), Some(50.0)));
        let gps = facts.gps.unwrap();
        assert!((gps.latitude - 40.42).abs() < 1e-9 && (gps.longitude + 3.7).abs() < 1e-9, "{gps:?}");
        assert_eq!(
            (facts.rating, facts.keywords),
            (Some(4), vec!["Cola".to_owned(), "snow & ice".to_owned()])
        );
    }
}

#[test]
fn dates_may_be_short_and_have_no_zone() {
    let day = 86_400_000;
    let told = |text: &str| date(text, DateRank::Original).map(|taken| (taken.at, taken.zone));
    assert_eq!(told("1970-01-02"), Some((day, None)));
    assert_eq!(told("1970-02"), Some((31 * day, None)));
    assert_eq!(told("1971"), Some((365 * day, None)));
    assert_eq!(told("1970-01-01T00:01"), Some((60_000, None)));
    assert_eq!(told("1970-01-01T00:01:00Z"), Some((60_000, Some(0))));
    assert_eq!(told("1970-01-01T00:01:00-03:30"), Some((60_000, Some(-210))));
    assert_eq!(told("1970-01-02 00:01:00"), Some((day + 60_000, None)));
    assert_eq!(told("1970-01-02T99:00"), Some((day, None)), "an odd time does not cost the day");
    for nonsense in ["", "T", "yesterday", "2024-13-01", "-1", "99999-01-01"] {
        assert_eq!(told(nonsense), None, "{nonsense}");
    }
}

#[test]
fn nonsense_costs_that_property_only() {
    let facts = read(
        r#"xmp:Rating="17" exif:ExposureTime="1/0" exif:FNumber="-2" exif:GPSLatitude="N" exif:GPSLongitude="°"
           tiff:Model="X100" photoshop:DateCreated="soon""#,
        "<dc:subject>no list</dc:subject>",
    );
    assert_eq!(facts, Facts { camera: Some("X100".into()), ..Facts::default() });
    assert_eq!(read(r#"xmp:Rating="-1""#, "").rating, Some(-1), "rejected");
}

#[test]
fn bytes_that_are_no_utf8_are_read_around() {
    let mut bytes = packet(r#"xmp:Rating="3" tiff:Model="M?""#, "").into_bytes();
    let at = bytes.windows(2).position(|pair| pair == b"M?").unwrap();
    bytes[at + 1] = 0xFF;
    let facts = sidecar(&bytes);
    assert_eq!((facts.rating, facts.camera.as_deref()), (Some(3), Some("M\u{fffd}")));
}

#[test]
fn hostile_xmp_tells_nothing_and_costs_little() {
    let whole = packet(r#"xmp:Rating="3""#, "");
    for length in 0..whole.len() {
        let _ = sidecar(&whole.as_bytes()[..length]);
        let _ = embedded(&whole.as_bytes()[..length]);
    }
    let laughs = format!(
        "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>{}",
        packet("xmp:Rating=\"3\"", "<dc:subject><rdf:Bag><rdf:li>&b;</rdf:li></rdf:Bag></dc:subject>")
    );
    let deep = packet("xmp:Rating=\"3\"", &("<xmp:a>".repeat(90_000) + &"</xmp:a>".repeat(90_000)));
    let declaring: String = (0..40_000).map(|n| format!("<a xmlns:p{n}='u{n}'>")).collect();
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
    for hostile in [
        "x".repeat(10 << 20),
        packet("xmp:Rating=\"3\"", &" ".repeat(10 << 20)),
        packet("xmp:Rating=\"3\"", &"<xmp:a/>".repeat(200_000)),
        packet("xmp:Rating=\"3\"", &declaring),
        packet(&attributes, ""),
        laughs.clone(),
    ] {
        assert_eq!(sidecar(hostile.as_bytes()), Facts::default());
    }
    // Nested deeply: whatever it says, it comes to an end.
    let _ = sidecar(deep.as_bytes());
    assert!(embedded(laughs.as_bytes()).keywords.is_empty(), "entities are not expanded");
    let many: String = (0..2000).map(|n| format!("<rdf:li>{n}</rdf:li>")).collect();
    let long = format!("<rdf:li>{}</rdf:li>", "k".repeat(5000));
    let facts = read("", &format!("<dc:subject><rdf:Bag>{long}{many}</rdf:Bag></dc:subject>"));
    assert_eq!((facts.keywords.len(), facts.keywords[0].len()), (MAX_KEYWORDS, 256));
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn a_packet_may_have_any_encoding() {
    let text = packet(r#"xmp:Rating="4" tiff:Model="Tést""#, "");
    let utf32 =
        |order: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| order(u32::from(c))).collect::<Vec<u8>>();
    let declared =
        |name: &str| format!("<?xml version='1.0' encoding='{name}'?>{}", text.replace('\u{feff}', ""));
    let latin =
        |name: &str| declared(name).chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    for (name, bytes) in [
        ("plain", text.clone().into_bytes()),
        ("mark", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16LE", utf16(&text, u16::to_le_bytes)),
        ("UTF-16BE", utf16(&text, u16::to_be_bytes)),
        ("UTF-16LE with its mark", utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)),
        ("UTF-16BE with its mark", utf16(&format!("\u{feff}{text}"), u16::to_be_bytes)),
        ("UTF-32LE", utf32(u32::to_le_bytes)),
        ("UTF-32BE", utf32(u32::to_be_bytes)),
        ("declared", declared("UTF-8").into_bytes()),
        ("declared in vain", declared("UTF-16").into_bytes()),
        ("ISO-8859-1", latin("ISO-8859-1")),
        ("windows-1252", latin("windows-1252")),
    ] {
        let facts = sidecar(&bytes);
        assert_eq!((facts.rating, facts.camera.as_deref()), (Some(4), Some("Tést")), "{name}");
    }
}

#[test]
fn what_stands_around_a_packet_does_no_harm() {
    let text = packet(r#"xmp:Rating="4""#, "");
    let bare = &text[text.find("<rdf:RDF").unwrap()..text.find("</x:xmpmeta>").unwrap()];
    for around in [
        format!("{text}\0\0\0"),
        format!("{text}   \n garbage <"),
        format!("\0\n {text}"),
        format!("<?xml version='1.0'?><!DOCTYPE x>{text}"),
        format!("<!DOCTYPE x [<!ENTITY a 'b'> <!ELEMENT c ANY>]>{text}"),
        bare.to_owned(),
        text.replace("rdf:", "r:").replace("xmlns:rdf", "xmlns:r"),
        text.replace("x:xmpmeta", "x:xapmeta"),
        text.replace("xap/1.0/", "xap/1.0"),
    ] {
        assert_eq!(sidecar(around.as_bytes()).rating, Some(4), "{around}");
    }
}

#[test]
fn a_description_of_something_else_says_nothing() {
    let described = |descriptions: &[(&str, i8)]| {
        let all: String = descriptions
            .iter()
            .map(|(about, stars)| format!("<rdf:Description rdf:about='{about}' xmp:Rating='{stars}'/>"))
            .collect();
        sidecar(format!("<rdf:RDF {SPACES}>{all}</rdf:RDF>").as_bytes()).rating
    };
    assert_eq!(described(&[("", 3)]), Some(3));
    assert_eq!(described(&[("uuid:1", 3)]), Some(3));
    assert_eq!(described(&[("uuid:other", 1), ("", 3)]), Some(3));
    assert_eq!(described(&[("uuid:1", 3), ("uuid:other", 1)]), Some(3));
    let nested =
        "<xmp:Source><rdf:Description xmp:Rating='1' exif:DateTimeOriginal='2001-01-01'/></xmp:Source>";
    assert_eq!(read("", nested), Facts::default(), "of a picture that this one was made of");
    let two = "<xmp:Rating>3</xmp:Rating></rdf:Description><rdf:Description rdf:about=''><tiff:Model>M</tiff:Model>";
    let both = read("", two);
    assert_eq!((both.rating, both.camera.as_deref()), (Some(3), Some("M")), "two about the same");
}

#[test]
fn programs_have_their_own_words_for_the_same() {
    const OTHERS: &str = "xmlns:lr='http://ns.adobe.com/lightroom/1.0/' xmlns:digiKam='http://www.digikam.org/ns/1.0/' \
        xmlns:MicrosoftPhoto='http://ns.microsoft.com/photo/1.0'";
    let keywords = |element: &str, items: &str| {
        read(OTHERS, &format!("<{element}><rdf:Seq>{items}</rdf:Seq></{element}>")).keywords
    };
    assert_eq!(
        keywords("digiKam:TagsList", "<rdf:li>People/Ann</rdf:li><rdf:li>sea</rdf:li>"),
        ["Ann", "sea"]
    );
    assert_eq!(keywords("lr:hierarchicalSubject", "<rdf:li>People|Ann</rdf:li>"), ["Ann"]);
    assert_eq!(keywords("MicrosoftPhoto:LastKeywordXMP", "<rdf:li>Ann</rdf:li>"), ["Ann"]);
    let both = "<digiKam:TagsList><rdf:Seq><rdf:li>no</rdf:li></rdf:Seq></digiKam:TagsList>\
        <dc:subject><rdf:Bag><rdf:li>Ann</rdf:li></rdf:Bag></dc:subject>";
    assert_eq!(read(OTHERS, both).keywords, ["Ann"]);
    assert_eq!(read(&format!("{OTHERS} MicrosoftPhoto:Rating='75'"), "").rating, Some(4));
    assert_eq!(read(&format!("{OTHERS} MicrosoftPhoto:Rating='75' xmp:Rating='2'"), "").rating, Some(2));
    let words = "<dc:description><rdf:Alt><rdf:li xml:lang='de'>Am Meer</rdf:li><rdf:li xml:lang='x-default'>At sea</rdf:li></rdf:Alt></dc:description>";
    assert_eq!(read("", words).description.as_deref(), Some("At sea"));
    assert_eq!(read(r#"dc:description="At sea""#, "").description.as_deref(), Some("At sea"));
    let qualified = "<xmp:Rating><rdf:Description><rdf:value>4</rdf:value></rdf:Description></xmp:Rating>";
    assert_eq!(read("", qualified).rating, Some(4));
}

#[test]
fn places_may_be_written_in_degrees_alone() {
    let place = |north: &str, east: &str| {
        let gps = read(&format!("exif:GPSLatitude='{north}' exif:GPSLongitude='{east}'"), "").gps;
        gps.map(|gps| ((gps.latitude * 1e6).round() / 1e6, (gps.longitude * 1e6).round() / 1e6))
    };
    assert_eq!(place("40,25.2N", "3,42,0w"), Some((40.42, -3.7)));
    assert_eq!(place("40.42", "-3.7"), Some((40.42, -3.7)));
    assert_eq!(place("40.42 S", "3.7E"), Some((-40.42, 3.7)));
    assert_eq!(place("north", "3.7"), None);
}

#[test]
fn many_keywords_cost_in_proportion() {
    let items: String = (0..40_000).map(|number| format!("<rdf:li>{number}</rdf:li>")).collect();
    let list = format!("<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>");
    let begun = std::time::Instant::now();
    let facts = sidecar(packet("", &list.repeat(2)).as_bytes());
    assert!(facts.keywords.len() <= MAX_KEYWORDS && begun.elapsed().as_secs() < 5);
}

#[test]
fn sensitivity_beyond_16_bits_stands_elsewhere() {
    let iso = |attributes: &str, elements: &str| read(attributes, elements).exposure.iso;
    let high = "exifEX:PhotographicSensitivity='65535' exifEX:RecommendedExposureIndex='102400'";
    assert_eq!(iso(high, ""), Some(102_400));
    assert_eq!(iso("exifEX:PhotographicSensitivity='65535'", ""), Some(65535));
    let list = "<exif:ISOSpeedRatings><rdf:Seq><rdf:li>0</rdf:li><rdf:li>400</rdf:li></rdf:Seq></exif:ISOSpeedRatings>";
    assert_eq!(iso("", list), Some(400));
}
