//! Folders are watched while the window is open.

use crate::photos;
use crate::stage::Stage;

#[test]
fn files_that_come_change_their_name_and_go_are_followed() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    let file = |name: &str| stage.photos().join(name);
    let has = |name: &str| window.names().iter().any(|one| one == name);

    std::fs::write(stage.path("new.jpg"), photos::outsider()).unwrap();
    std::fs::copy(stage.path("new.jpg"), file("new.jpg")).unwrap();
    window.until("the new photo is there", || has("new.jpg"));
    window.until("it is shown", || window.has_pictures("photo", photos::COUNT + 1));
    assert_eq!(window.grid()[0], window.photo("new.jpg"), "the newest photo comes first");
    window.until_indexed();

    let id = window.photo("dots.jpg");
    std::fs::rename(file("dots.jpg"), file("spots.jpg")).unwrap();
    window.until("the photo has its new name", || has("spots.jpg"));
    assert_eq!(window.photo("spots.jpg"), id, "a renamed file is the same photo");
    assert!(!has("dots.jpg"));

    std::fs::remove_file(file("sun.jpg")).unwrap();
    window.until("the deleted photo is gone", || !has("sun.jpg"));
    assert_eq!(window.count("photo"), photos::COUNT);
}
