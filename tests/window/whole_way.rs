//! The whole way: from an empty window to a comic, and the day after.

use std::io::Cursor;

use fotonovela_core::catalog::Catalog;
use serde_json::json;

use crate::fake_service::{FakeService, SentPicture};
use crate::photos;
use crate::stage::Stage;
use crate::support::Window;

const STORY: &str = "A sun that is turned on its side meets the sea";
const CHANGE: &str = "Make the sea red";
/// What the fake service draws when it is asked for 1024 x 1536.
const DRAWN: (u32, u32) = (512, 768);

#[test]
fn from_an_empty_window_to_a_comic_and_back_the_next_day() {
    let service = FakeService::start("slow");
    let stage = Stage::with_photos().drawing_at(&service);

    let window = stage.open();
    add_the_folder(&window);
    find_similar(&window);
    mark_a_favourite(&window);
    fill_the_tray(&window);
    draw(&window, &service);
    change(&window, &service);
    save(&window, &stage);
    window.click("nav-comics");
    window.until("the comic is listed", || window.count("comic-card") == 1);
    let card = window.await_text("comic-card", "2 versions");
    assert!(card.contains(STORY), "{card}");
    window.until("with its page and its photos", || window.has_pictures("comic-card", 4));
    window.shot("comics");
    assert_eq!(service.posts(), 2, "one drawing and one change");
    for picture in sent(&service, 0) {
        assert_clean(&picture);
    }
    window.close();

    let before = revision(&stage);
    let window = stage.open();
    window.until("all photos are there again", || window.has_pictures("photo", photos::COUNT));
    window.until_indexed();
    window.await_text("nav-favourite", "1");
    window.click("nav-comics");
    window.until("the comic as well", || window.has_pictures("comic-card", 4));
    window.click_css("[data-testid=comic-card] button");
    window.until("with its page", || window.pictures("comic-result") == [DRAWN]);
    assert_eq!(window.count("comic-version"), 2);
    window.await_text("comic-story", STORY);
    window.await_text("comic-story", CHANGE);
    window.close();
    assert_eq!(revision(&stage), before, "no photo was touched by the second start");
    assert_eq!(service.posts(), 2, "nothing was sent by itself");
}

fn add_the_folder(window: &Window) {
    window.await_text("welcome", "Add your photos");
    window.shot("empty");
    window.js::<()>(
        "window.statusSeen = '';
         const look = () => window.statusSeen += document.querySelector('[data-testid=status]')?.innerText ?? '';
         new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });",
        json!([]),
    );
    window.click("add-folder");
    window.until("all photos are there", || window.has_pictures("photo", photos::COUNT));
    assert_eq!(window.names(), photos::names(), "newest first");
    let addresses: Vec<String> = window.js(
        "return [...document.querySelectorAll('[data-testid=photo] img')].map((img) => img.src)",
        json!([]),
    );
    assert!(addresses.iter().all(|address| address.starts_with("thumb://localhost/")), "{addresses:?}");
    window.until_indexed();
    window.until("the status line is gone", || !window.shows("status"));
    let seen: String = window.js("return window.statusSeen", json!([]));
    assert!(seen.contains("Getting") && seen.contains("ready"), "the status said: {seen}");
    assert_eq!(window.text("count"), format!("{} photos", photos::COUNT));

    let turned = window.photo("turned.jpg");
    let (width, height): (f64, f64) = window.js(
        "const box = document.querySelector(`[data-photo=\"${arguments[0]}\"]`).getBoundingClientRect();
         return [box.width, box.height]",
        json!([turned]),
    );
    assert!(width < height, "a photo that was stored on its side stands upright: {width} x {height}");
    window.shot("grid");
}

fn find_similar(window: &Window) {
    let sun = window.photo("sun.jpg");
    window.click_photo(sun);
    window.until("its similar photos show", || window.has_pictures("similar-result", photos::COUNT - 1));
    let expected = window.layout(&json!({ "what": { "kind": "photo", "id": sun }, "limit": 50 }));
    assert_eq!(expected[0], sun);
    let shown: Vec<i64> =
        window.attributes("similar-result", "data-id").iter().map(|id| id.parse().unwrap()).collect();
    assert_eq!(shown, expected[1..], "in the order of the answer, without the photo itself");
    assert_eq!(shown[0], window.photo("sun-brighter.jpg"), "its brighter copy is the most similar");
    let scores: Vec<f64> = window
        .texts("similar-result")
        .iter()
        .map(|text| text.trim().trim_end_matches('%').parse().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
    window.shot("similar");

    window.click("find-similar");
    window.until("they are the grid", || window.shows("chip") && window.grid() == expected);
    window.until("with their pictures", || window.has_pictures("photo", photos::COUNT));
    window.shot("similar-grid");
    window.click("back");
    window.until("all photos are back", || !window.shows("chip") && window.grid()[0] == sun);
}

fn mark_a_favourite(window: &Window) {
    let sun = window.photo("sun.jpg");
    window.click_photo(sun);
    window.press(&['f']);
    window.await_text("nav-favourite", "1");
    window.click("find-similar");
    window.until("similar photos are the grid", || window.grid().len() == photos::COUNT);
    window.js::<()>(
        "const among = document.querySelector('[data-testid=scope-among]');
         among.value = 'favourite';
         among.dispatchEvent(new Event('change', { bubbles: true }));",
        json!([]),
    );
    window.until("it is looked for among favourites", || window.grid() == [sun]);
    window.shot("favourites");
    window.click("nav-all");
    window.until("all photos are back", || window.grid().len() == photos::COUNT);
}

fn fill_the_tray(window: &Window) {
    for (count, name) in [(1, "sun.jpg"), (2, "turned.jpg")] {
        let photo = format!("[data-photo=\"{}\"]", window.photo(name));
        window.drag(&photo, "[data-testid=tray]");
        window.until("the dragged photo is in the tray", || window.count("tray-photo") == count);
        assert!(!window.shows("viewer") && window.count("ghost") == 0);
    }
    // The tray took room from the grid.
    window.click_photo(window.photo("sea.jpg"));
    window.press(&['c']);
    window.until("the third photo is in the tray", || window.has_pictures("tray-photo", 3));
    let tray: Vec<String> = window.attributes("tray-photo", "data-tray-photo");
    let wanted = ["sun.jpg", "turned.jpg", "sea.jpg"].map(|name| window.photo(name).to_string());
    assert_eq!(tray, wanted);
    window.write("comic-prompt", STORY);
    window.shot("tray");
}

fn draw(window: &Window, service: &FakeService) {
    remember_previews(window);
    window.click("comic-draw");
    window.until("the pictures that will leave are shown", || window.has_pictures("planned-picture", 3));
    assert_eq!(window.pictures("planned-picture"), [(1200, 800), (800, 1200), (900, 900)], "upright");
    let planned = window.texts("planned-picture");
    for (number, text) in planned.iter().enumerate() {
        assert!(text.contains(&format!("photo-{}.jpg", number + 1)), "under neutral names: {text}");
    }
    assert_eq!(window.text("plan-host"), service.host());
    window.shot("review");
    let flows: String = window
        .js("return getComputedStyle(document.querySelector('[data-testid=grid]')).overflowY", json!([]));
    assert_eq!(flows, "hidden", "no scrollbar of the window lies over the dialog");
    assert_eq!(service.posts(), 0, "nothing was sent yet");

    window.click("comic-send");
    window.until("the comic is there", || window.pictures("comic-result") == [DRAWN]);
    let previews: Vec<(u32, String)> = window.js("return window.previews", json!([]));
    assert_eq!(previews.len(), 2, "both previews were seen: {previews:?}");
    assert!(previews.iter().all(|(width, _)| *width > 0), "{previews:?}");
    window.shot("comic");

    let pictures = sent(service, 0);
    assert_eq!(pictures.len(), planned.len(), "just what was shown");
    let turned = image::load_from_memory(&pictures[1].bytes).unwrap().to_rgb8();
    assert_eq!(turned.dimensions(), (800, 1200));
    let brightness = |y| turned.get_pixel(400, y).0.iter().map(|channel| u32::from(*channel)).sum::<u32>();
    assert!(brightness(100) > 2 * brightness(1100), "the sky is above");
}

/// Keeps the width and address of every preview that loads.
fn remember_previews(window: &Window) {
    window.js::<()>(
        "window.previews = [];
         document.addEventListener('load', ({ target }) => {
            if (target.dataset?.testid === 'comic-partial') window.previews.push([target.naturalWidth, target.src]);
         }, true);",
        json!([]),
    );
}

fn change(window: &Window, service: &FakeService) {
    let first = window.attributes("comic-result", "data-version");
    window.write("comic-change", CHANGE);
    window.click("comic-change-send");
    window.until("the drawing that will leave is shown", || window.pictures("planned-picture") == [DRAWN]);
    assert_eq!(service.posts(), 1, "the change was not sent yet");
    window.click("comic-send");
    window.until("the page is drawn anew", || window.shows("drawing"));
    window.shot("drawing");
    window.until("the second version is there", || {
        window.pictures("comic-result") == [DRAWN]
            && window.attributes("comic-result", "data-version") != first
    });
    window.until("beside the first", || window.has_pictures("comic-version", 2));
    window.shot("changed");
    let pictures = sent(service, 1);
    assert_eq!(pictures.len(), 1, "only the drawing was sent");
    let prompt = service.requests().last().unwrap().body["prompt"].as_str().unwrap().to_owned();
    assert!(prompt.contains(CHANGE), "{prompt}");
}

fn save(window: &Window, stage: &Stage) {
    window.click("comic-save");
    window.await_text("toast", stage.saved_file().to_str().unwrap());
    let saved = image::ImageReader::new(Cursor::new(std::fs::read(stage.saved_file()).unwrap()));
    let saved = saved.with_guessed_format().unwrap();
    assert_eq!(saved.format(), Some(image::ImageFormat::Png));
    let saved = saved.decode().unwrap();
    assert_eq!((saved.width(), saved.height()), DRAWN);
}

/// The pictures of the drawing that was asked for as number `index`.
fn sent(service: &FakeService, index: usize) -> Vec<SentPicture> {
    let posts = service.requests().into_iter().filter(|request| request.method == "POST");
    posts.map(|request| request.pictures).nth(index).unwrap()
}

/// Nothing but pixels: no EXIF or other application data, no trace of the camera.
fn assert_clean(picture: &SentPicture) {
    let bytes = &picture.bytes;
    assert_eq!(bytes[..2], [0xff, 0xd8], "a JPEG");
    let mut at = 2;
    // Segments until the scan begins.
    while bytes[at + 1] != 0xda {
        let marker = bytes[at + 1];
        assert!(
            !(0xe1..=0xef).contains(&marker) && marker != 0xfe,
            "{} holds a segment {marker:x}",
            picture.name
        );
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
    }
    for trace in [b"Exif".as_slice(), photos::MAKER.as_bytes()] {
        assert!(!bytes.windows(trace.len()).any(|part| part == trace), "{} tells too much", picture.name);
    }
}

/// The newest change of a photo in the catalogue, while no window is open.
fn revision(stage: &Stage) -> i64 {
    Catalog::open(&stage.library().join("catalog.sqlite")).unwrap().revision()
}
