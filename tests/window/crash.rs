//! A page whose process dies is there again, where it was.

use fotonovela_core::catalog::Catalog;
use fotonovela_core::types::PhotoId;

use crate::stage::Stage;
use crate::support::await_value;

#[test]
fn a_page_whose_process_is_killed_comes_back_with_what_was_selected() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let sun = window.photo("sun.jpg");
    window.click_photo(sun);
    window.until("it is selected", || window.text("similar-panel").contains("sun.jpg"));

    // The driver is lost with the page: from here on there are only keys and the catalogue.
    window.kill_page();
    let catalog = Catalog::open(&stage.library().join("catalog.sqlite")).unwrap();
    await_value("the key puts the photo into the tray", || {
        window.type_keys("c");
        catalog.tray().unwrap().filter(|tray| tray.photos == [PhotoId(sun)])
    });
    window.close();
}
