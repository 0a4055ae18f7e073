//! XMP, as cameras and editors embed it in photos of all kinds and put it beside them (ISO 16684-1).

use jiff::civil;
use memchr::memmem;
use roxmltree::{Document, Node, ParsingOptions};

use super::values::{camera, clean, positive, taken, zone};
use crate::types::{DateSource, Exposure, Facts, Gps, Taken};

/// More than any editor writes about one photo.
pub const MAX_BYTES: usize = 4 << 20;
const MAX_KEYWORDS: usize = 500;
/// Elements, texts and so on. The other two keep the parser from quadratic time: it compares all attributes of an
/// element with one another, and copies the name spaces into each element that adds one.
const MAX_NODES: u32 = 100_000;
const MAX_ATTRIBUTES: usize = 1000;
const MAX_NAME_SPACES: usize = 1000;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const TIFF: &str = "http://ns.adobe.com/tiff/1.0/";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const EXIF_EX: &str = "http://cipa.jp/exif/1.0/";
const AUX: &str = "http://ns.adobe.com/exif/1.0/aux/";

/// Facts from the XMP inside a photo. Its bytes lie there as they are in every format, so they are looked for; part 3
/// of the specification calls this packet scanning.
pub(super) fn embedded(bytes: &[u8]) -> Facts {
    let Some(start) = memmem::find(bytes, b"<rdf:RDF") else { return Facts::default() };
    let rest = &bytes[start..bytes.len().min(start + MAX_BYTES)];
    let end = b"</rdf:RDF>";
    memmem::find(rest, end).map_or_else(Facts::default, |at| facts(&rest[..at + end.len()]))
}

/// Facts from a file beside the photo. One that is damaged or larger than [`MAX_BYTES`] says nothing.
pub fn sidecar(bytes: &[u8]) -> Facts {
    if bytes.len() > MAX_BYTES { Facts::default() } else { facts(bytes) }
}

fn facts(bytes: &[u8]) -> Facts {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    if !is_tame(text) {
        return Facts::default();
    }
    Document::parse_with_options(text, options)
        .map(|document| Properties(&document).facts())
        .unwrap_or_default()
}

fn is_tame(text: &str) -> bool {
    text.matches("xmlns").count() <= MAX_NAME_SPACES
        && text.split('<').all(|tag| tag.bytes().filter(|byte| *byte == b'=').count() <= MAX_ATTRIBUTES)
}

struct Properties<'a>(&'a Document<'a>);

impl Properties<'_> {
    fn facts(&self) -> Facts {
        let dates = [(EXIF, "DateTimeOriginal"), (PHOTOSHOP, "DateCreated"), (XMP, "CreateDate")];
        let gps = || {
            Gps { latitude: self.degrees("GPSLatitude")?, longitude: self.degrees("GPSLongitude")? }
                .on_earth()
        };
        Facts {
            taken: dates.into_iter().find_map(|(space, name)| date(&self.text(space, name)?)),
            camera: camera(self.text(TIFF, "Make"), self.text(TIFF, "Model")),
            lens: self.text(EXIF_EX, "LensModel").or_else(|| self.text(AUX, "Lens")),
            exposure: self.exposure(),
            gps: gps(),
            rating: self.text(XMP, "Rating").and_then(|text| rating(&text)),
            keywords: self.keywords(),
        }
    }

    fn exposure(&self) -> Exposure {
        let number = |name| self.text(EXIF, name).and_then(|text| ratio(&text));
        let iso =
            self.text(EXIF_EX, "PhotographicSensitivity").or_else(|| self.text(EXIF, "ISOSpeedRatings"));
        Exposure {
            seconds: number("ExposureTime"),
            aperture: number("FNumber"),
            iso: iso.and_then(|text| text.parse().ok()).filter(|iso| *iso > 0),
            focal_mm: number("FocalLength"),
        }
    }

    fn keywords(&self) -> Vec<String> {
        let mut keywords = Vec::new();
        let elements = self.descriptions().flat_map(|node| node.children());
        for subject in elements.filter(|node| node.has_tag_name((DC, "subject"))) {
            for keyword in items(subject).filter_map(|item| clean(item.text()?)).take(MAX_KEYWORDS) {
                if !keywords.contains(&keyword) {
                    keywords.push(keyword);
                }
            }
        }
        keywords.truncate(MAX_KEYWORDS);
        keywords
    }

    fn degrees(&self, name: &str) -> Option<f64> {
        degrees(&self.text(EXIF, name)?)
    }

    fn descriptions(&self) -> impl Iterator<Item = Node<'_, '_>> {
        let rdf = self.0.descendants().find(|node| node.has_tag_name((RDF, "RDF")));
        rdf.into_iter().flat_map(|rdf| rdf.children()).filter(|node| node.has_tag_name((RDF, "Description")))
    }

    /// A property as an attribute or an element, of a list its first item.
    fn text(&self, space: &str, name: &str) -> Option<String> {
        self.descriptions().find_map(|node| {
            let element = || {
                let element = node.children().find(|child| child.has_tag_name((space, name)))?;
                items(element).next().unwrap_or(element).text()
            };
            clean(node.attribute((space, name)).or_else(element)?)
        })
    }
}

fn items<'a, 'input>(property: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    property.children().flat_map(|list| list.children()).filter(|node| node.has_tag_name((RDF, "li")))
}

/// `2024`, `2024-05`, `2024-05-17`, `2024-05-17T18:30`, with seconds, their parts and a zone.
fn date(text: &str) -> Option<Taken> {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let mut part = || parts.next().map_or(Some(1), |part| part.parse().ok());
    let date = civil::Date::new(year, part()?, part()?).ok()?;
    let clock = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at(clock);
    let clock = if clock.is_empty() { civil::Time::MIN } else { clock.parse().ok()? };
    taken(date.to_datetime(clock), zone(offset), DateSource::Xmp)
}

/// `-1` to `5`, also as `4.0`.
fn rating(text: &str) -> Option<i8> {
    let stars: f64 = text.parse().ok()?;
    (-1.0..=5.0).contains(&stars).then_some(stars.round() as i8)
}

/// `1/250` or `0.004`.
fn ratio(text: &str) -> Option<f64> {
    let value = match text.split_once('/') {
        Some((above, below)) => above.parse::<f64>().ok()? / below.parse::<f64>().ok()?,
        None => text.parse().ok()?,
    };
    positive(value)
}

/// `40,25.2N` or `40,25,12N`.
fn degrees(text: &str) -> Option<f64> {
    let side = text.chars().last()?;
    let sign = match side {
        'N' | 'E' => 1.0,
        'S' | 'W' => -1.0,
        _ => return None,
    };
    let mut value = 0.0;
    for (part, unit) in text[..text.len() - 1].split(',').zip([1.0, 60.0, 3600.0]) {
        value += part.parse::<f64>().ok()? / unit;
    }
    value.is_finite().then_some(sign * value)
}

#[cfg(test)]
#[path = "xmp_tests.rs"]
mod tests;
