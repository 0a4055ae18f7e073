//! The tray outlives what happens to the program and to its photos.

use fotonovela_core::types::{ComicLayout, ComicRequest, Edit, Purpose, Quality};

use crate::home::Home;

/// A request without photos.
pub(crate) fn story(prompt: &str) -> ComicRequest {
    ComicRequest {
        photos: Vec::new(),
        prompt: prompt.into(),
        layout: ComicLayout::Single,
        purpose: Purpose::Final,
        size: "1024x1024".into(),
        quality: Quality::High,
        parent: None,
        route: None,
    }
}

#[test]
fn the_tray_stays_over_restarts_and_while_its_photos_are_away() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let (open, shown) = home.index(&["a.jpg", "b.jpg"]);
    assert_eq!(open.library.tray().unwrap(), None);
    let tray =
        ComicRequest { photos: vec![shown["b.jpg"].id, shown["a.jpg"].id], ..story("The dog takes a bow") };
    open.library.keep_tray(&story("The dog sleeps")).unwrap();
    open.library.keep_tray(&tray).unwrap();
    drop(open);

    let open = home.open();
    assert_eq!(open.library.tray().unwrap().as_ref(), Some(&tray));
    open.library.apply(&Edit::RemoveFolder { folder: open.folder().id }).unwrap();
    open.has(&[]);
    assert_eq!(open.library.tray().unwrap().as_ref(), Some(&tray));
    open.library.undo(None).unwrap();
    let back = open.has(&["a.jpg", "b.jpg"]);
    assert_eq!(tray.photos, [back["b.jpg"].id, back["a.jpg"].id], "they are the same photos");
}
