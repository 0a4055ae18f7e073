//! What a drawing costs on api.openai.com, in US dollars: an estimate before, the bill by the counted tokens after.
//!
//! Nothing here is a quote. The service publishes no token counts for its newest models, so the estimate is a
//! range, and prices change: all of them stand in the two tables below, as of [`PRICES_OF`]. Other
//! hosts have other prices; whoever asks must know that the host is api.openai.com.

use crate::types::{CostRange, Quality, Usage};

/// The day the tables were compiled.
pub const PRICES_OF: &str = "2026-11-22";

/// US dollars for a million tokens of an image model.
#[derive(Clone, Copy, Debug)]
struct ImagePrice {
    text_input: f64,
    image_input: f64,
    image_output: f64,
}

/// US dollars for a million tokens of a text model.
#[derive(Clone, Copy, Debug)]
struct TextPrice {
    input: f64,
    output: f64,
}

const GPT_IMAGE_2: ImagePrice = ImagePrice { text_input: 5.0, image_input: 8.0, image_output: 30.0 };

/// Source for 2.6-sunburst: its page on developers.openai.com. The others are said to cost the same by second-hand
/// lists (apidog and laozhang for 2.5 and 2.6 flare, robotsatlas quoting openai.com/api/pricing for 2).
const IMAGE_PRICES: &[(&str, ImagePrice)] = &[
    ("gpt-image-2.6-sunburst", GPT_IMAGE_2),
    ("gpt-image-2.6-flare", GPT_IMAGE_2),
    ("gpt-image-2.5-sunburst", GPT_IMAGE_2),
    ("gpt-image-2.5-flare", GPT_IMAGE_2),
    ("gpt-image-2", GPT_IMAGE_2),
];

/// Source: platform.openai.com/docs/pricing as quoted by aimodelcalc in May 2026. No price of gpt-6-luna was found:
/// a model that is not here has no estimate, rather than a wrong one.
const TEXT_PRICES: &[(&str, TextPrice)] = &[
    ("gpt-4o", TextPrice { input: 2.5, output: 10.0 }),
    ("gpt-4o-mini", TextPrice { input: 0.15, output: 0.6 }),
];

/// Tokens of a drawn picture by quality (low, medium, high), least and most. Two counts are known: gpt-image-2's
/// published prices at $30 a million (1024 x 1024: $0.006, 0.053, 0.211; 1024 x 1536: $0.005, 0.041, 0.165), and
/// gpt-image-1's as its guide gave them (272, 1056, 4160; 408, 1584, 6240). The least is the smaller of both, the
/// most the larger and a quarter, since nothing is published for 2.5 and 2.6.
const SQUARE_TOKENS: [(f64, f64); 3] = [(200.0, 340.0), (1056.0, 2209.0), (4160.0, 8791.0)];
const OBLONG_TOKENS: [(f64, f64); 3] = [(167.0, 510.0), (1367.0, 1980.0), (5500.0, 7800.0)];
const SQUARE_AREA: f64 = 1024.0 * 1024.0;
const OBLONG_AREA: f64 = 1024.0 * 1536.0;

/// Output tokens of each partial picture (apidog, from OpenAI's guide).
const PARTIAL_TOKENS: f64 = 100.0;

/// What a drawing's price depends on.
#[derive(Clone, Copy, Debug)]
pub struct PriceFactors<'a> {
    /// The model that draws.
    pub image_model: &'a str,
    /// The main model, on the Responses route.
    pub text_model: Option<&'a str>,
    /// The whole text that is sent.
    pub prompt: &'a str,
    /// Width and height of each picture that is sent, in pixels.
    pub pictures: &'a [(u32, u32)],
    /// Width and height as asked for, such as `1024x1536`, or `auto`.
    pub size: &'a str,
    /// How carefully.
    pub quality: Quality,
    /// How many previews are asked for.
    pub partial_images: u8,
}

/// About what `order` will cost on api.openai.com. `None` if the price of a model is not known.
pub fn estimate(order: &PriceFactors<'_>) -> Option<CostRange> {
    let image = price(IMAGE_PRICES, order.image_model)?;
    let text = match order.text_model {
        Some(model) => Some(price(TEXT_PRICES, model)?),
        None => None,
    };
    // English has about 4 characters a token, other languages fewer.
    let letters = order.prompt.chars().count() as f64;
    let prompt = (letters / 5.0, letters / 1.5 + 100.0);
    let pictures = sum(order.pictures.iter().map(|&size| image_model_input(size)));
    let drawn = output_tokens(order.size, order.quality);
    // Fewer partials than asked may come.
    let partials = (0.0, PARTIAL_TOKENS * f64::from(order.partial_images));

    let mut low = prompt.0 * image.text_input + pictures.0 * image.image_input + drawn.0 * image.image_output;
    let mut high = prompt.1 * image.text_input
        + pictures.1 * image.image_input
        + (drawn.1 + partials.1) * image.image_output;
    if let Some(text) = text {
        let seen: f64 = order.pictures.iter().map(|&size| vision_tokens(size)).sum();
        // The main model rewrites the prompt for the tool and mostly says nothing else.
        low += (prompt.0 + seen) * text.input + 50.0 * text.output;
        high += (prompt.1 + seen) * text.input + 1000.0 * text.output;
    }
    Some(CostRange { low_usd: low / 1e6, high_usd: high / 1e6 })
}

/// What counted tokens cost on api.openai.com, without discounts for cached input. `None` if the price of a model
/// is not known, or if the drawing was not counted.
pub fn actual(usage: &Usage, image_model: &str, text_model: Option<&str>) -> Option<f64> {
    // `tool_usage` may be missing: half a price would be a wrong price.
    if usage.image_output == 0 {
        return None;
    }
    let image = price(IMAGE_PRICES, image_model)?;
    let mut micro_dollars = usage.image_text_input as f64 * image.text_input
        + usage.image_input as f64 * image.image_input
        + usage.image_output as f64 * image.image_output;
    if let Some(model) = text_model {
        let text = price(TEXT_PRICES, model)?;
        micro_dollars +=
            usage.text_model_input as f64 * text.input + usage.text_model_output as f64 * text.output;
    }
    Some(micro_dollars / 1e6)
}

/// The price of `model` or of the model that it is a dated snapshot of (`gpt-4o-2024-11-20`).
fn price<P: Copy>(table: &[(&str, P)], model: &str) -> Option<P> {
    let find = |name: &str| table.iter().find(|(known, _)| *known == name).map(|&(_, price)| price);
    find(model).or_else(|| {
        let (name, date) = model.split_at_checked(model.len().checked_sub("-2026-11-22".len())?)?;
        let digits = date.bytes().enumerate().all(|(at, byte)| match at {
            0 | 5 | 8 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if digits { find(name) } else { None }
    })
}

/// Tokens of one drawing of `size`, least and most.
fn output_tokens(size: &str, quality: Quality) -> (f64, f64) {
    let row = match quality {
        Quality::Low => 0,
        Quality::Medium => 1,
        Quality::High => 2,
    };
    let (square, oblong) = (SQUARE_TOKENS[row], OBLONG_TOKENS[row]);
    let Some((width, height)) = parse_size(size) else {
        // `auto`: the service picks one of the two.
        return (square.0.min(oblong.0), square.1.max(oblong.1));
    };
    let area = f64::from(width) * f64::from(height);
    if width == height {
        (square.0 * area / SQUARE_AREA, square.1 * area / SQUARE_AREA)
    } else {
        (oblong.0 * area / OBLONG_AREA, oblong.1 * area / OBLONG_AREA)
    }
}

/// Width and height of a text such as `1024x1536`.
pub(crate) fn parse_size(size: &str) -> Option<(u32, u32)> {
    let (width, height) = size.split_once('x')?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    (width > 0 && height > 0).then_some((width, height))
}

/// Tokens that an image model counts for a picture it reads, least and most. Only gpt-image-1 was documented: 65,
/// and 129 for each tile of 512 px of the picture with its short side at 512; at high fidelity, which newer models
/// always have, 4160 more for a square and 6240 for others.
fn image_model_input(size: (u32, u32)) -> (f64, f64) {
    let base = 65.0 + 129.0 * tiles(size, 512.0);
    let fidelity = if size.0 == size.1 { 4160.0 } else { 6240.0 };
    (base, base + fidelity)
}

/// Tokens that gpt-4o counts for a picture at detail high: 85, and 170 for each tile of 512 px of the picture fitted
/// into 2048 x 2048 with its short side at 768 (OpenAI's vision guide).
fn vision_tokens(size: (u32, u32)) -> f64 {
    85.0 + 170.0 * tiles(size, 768.0)
}

/// Tiles of 512 px that cover a picture, fitted into 2048 x 2048 and then brought down to `short` px.
fn tiles((width, height): (u32, u32), short: f64) -> f64 {
    let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let fit = (2048.0 / width.max(height)).min(1.0);
    let fit = fit * (short / (width.min(height) * fit)).min(1.0);
    // A hair less, so that rounding does not open another row of tiles.
    let count = |side: f64| ((side * fit - 1e-6) / 512.0).ceil().max(1.0);
    count(width) * count(height)
}

fn sum(ranges: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    ranges.fold((0.0, 0.0), |total, range| (total.0 + range.0, total.1 + range.1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ORDER: PriceFactors<'_> = PriceFactors {
        image_model: "gpt-image-2.6-flare",
        text_model: None,
        prompt: "Draw a comic of this dog.",
        pictures: &[(2048, 1536)],
        size: "1024x1536",
        quality: Quality::Medium,
        partial_images: 2,
    };

    #[test]
    fn vision_counts_match_the_guide() {
        assert_eq!(vision_tokens((1024, 1024)), 765.0);
        assert_eq!(vision_tokens((2048, 4096)), 1105.0);
        assert_eq!(vision_tokens((100, 100)), 255.0);
        assert_eq!(vision_tokens((0, 0)), 255.0);
    }

    #[test]
    fn the_estimate_holds_the_published_prices() {
        for (size, quality, published) in [
            ("1024x1024", Quality::Low, 0.006),
            ("1024x1024", Quality::Medium, 0.053),
            ("1024x1024", Quality::High, 0.211),
            ("1024x1536", Quality::Low, 0.005),
            ("1536x1024", Quality::Medium, 0.041),
            ("1024x1536", Quality::High, 0.165),
        ] {
            let order = PriceFactors { pictures: &[], prompt: "", size, quality, partial_images: 0, ..ORDER };
            let range = estimate(&order).unwrap();
            assert!(range.low_usd <= published + 0.0005 && published <= range.high_usd, "{size}: {range:?}");
        }
    }

    #[test]
    fn more_pictures_previews_and_pixels_cost_more() {
        let one = estimate(&ORDER).unwrap();
        assert!(0.0 < one.low_usd && one.low_usd < one.high_usd);
        let more = [
            PriceFactors { pictures: &[(2048, 1536); 3], ..ORDER },
            PriceFactors { text_model: Some("gpt-4o"), ..ORDER },
            PriceFactors { size: "2048x3072", ..ORDER },
            PriceFactors { quality: Quality::High, ..ORDER },
        ];
        for order in more {
            let range = estimate(&order).unwrap();
            assert!(range.low_usd > one.low_usd && range.high_usd > one.high_usd, "{order:?}");
        }
        let previews = estimate(&PriceFactors { partial_images: 3, ..ORDER }).unwrap();
        assert_eq!(previews.low_usd, one.low_usd);
        assert!((previews.high_usd - one.high_usd - 0.003).abs() < 1e-9);
    }

    #[test]
    fn auto_covers_both_shapes() {
        let auto = estimate(&PriceFactors { size: "auto", ..ORDER }).unwrap();
        for size in ["1024x1024", "1024x1536"] {
            let range = estimate(&PriceFactors { size, ..ORDER }).unwrap();
            assert!(auto.low_usd <= range.low_usd && range.high_usd <= auto.high_usd);
        }
    }

    #[test]
    fn unknown_models_have_no_price_and_snapshots_have_their_models() {
        assert!(estimate(&PriceFactors { image_model: "sd-cpp-local", ..ORDER }).is_none());
        assert!(estimate(&PriceFactors { text_model: Some("gpt-6-luna"), ..ORDER }).is_none());
        assert!(estimate(&PriceFactors { image_model: "gpt-image-2-2026-04-21", ..ORDER }).is_some());
        assert!(estimate(&PriceFactors { image_model: "gpt-image-2-2026-04-xx", ..ORDER }).is_none());
        assert!(estimate(&PriceFactors { image_model: "é-26", ..ORDER }).is_none());
    }

    #[test]
    fn the_bill_is_tokens_times_prices() {
        let usage = Usage {
            text_model_input: 1000,
            text_model_output: 100,
            image_text_input: 200,
            image_input: 5000,
            image_output: 1500,
        };
        let image = (200.0 * 5.0 + 5000.0 * 8.0 + 1500.0 * 30.0) / 1e6;
        let text = (1000.0 * 2.5 + 100.0 * 10.0) / 1e6;
        assert_eq!(actual(&usage, "gpt-image-2.6-flare", None), Some(image));
        let both = actual(&usage, "gpt-image-2.6-sunburst", Some("gpt-4o-2024-11-20")).unwrap();
        assert!((both - image - text).abs() < 1e-12);
        assert_eq!(actual(&usage, "gpt-image-2.6-flare", Some("gpt-6-luna")), None);
        assert_eq!(actual(&usage, "unheard-of", None), None);
        assert_eq!(actual(&Usage { image_output: 0, ..usage }, "gpt-image-2", None), None);
    }
}
