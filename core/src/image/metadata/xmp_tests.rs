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
    let inside = [&b"\xff\xd8 other bytes \0\xff"[..], packet.as_bytes(), b"\0\0pixels"].concat();
    let facts = sidecar(packet.as_bytes());
    assert_eq!(embedded(&inside), facts, "the same inside a photo");
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
    let told = |text: &str| date(text).map(|taken| (taken.at, taken.zone));
    assert_eq!(told("1970-01-02"), Some((day, None)));
    assert_eq!(told("1970-02"), Some((31 * day, None)));
    assert_eq!(told("1971"), Some((365 * day, None)));
    assert_eq!(told("1970-01-01T00:01"), Some((60_000, None)));
    assert_eq!(told("1970-01-01T00:01:00Z"), Some((60_000, Some(0))));
    assert_eq!(told("1970-01-01T00:01:00-03:30"), Some((60_000, Some(-210))));
    for nonsense in ["", "T", "yesterday", "2024-13-01", "2024-01-01T99:00", "-1", "99999-01-01"] {
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
    let at = memmem::find(&bytes, b"M?").unwrap();
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
