//! The list of commands: what the page may ask. A new command is one line here and, for browsers and tests, one in
//! `ui/src/api/fake.ts`; `make bindings` writes its TypeScript.

use std::path::PathBuf;
use std::sync::Arc;

use fotonovela_core::library::{self, Library};
use fotonovela_core::settings::Settings;
use fotonovela_core::stores::Stores;
use fotonovela_core::types::{
    Album, AlbumId, Comic, ComicId, ComicPlan, ComicRequest, Confinement, DropKind, EditEntry, EditId,
    Folder, FolderId, FolderOptions, IndexStatus, KeyState, Mark, ModelInfo, PhotoChanges, PhotoDetail,
    PhotoId, PhotoQuery, PhotoSummary, PhotoTile, Problem, QueryImage, Reason, Scope, StoreJob, StoreKind,
    StoreState, StoreWork, TaskId, Understood, VersionId,
};

use super::macros::commands;
use super::{CommandResult, blocking, clipboard, closing, dialogs, layout, pictures, tasks};

commands! {
    core {
        folders() -> Vec<Folder> = |library| library.folders();
        add_folders(paths: Vec<PathBuf>) -> Vec<Folder> = |library| library.add_folders(&paths);
        /// Forgets a folder; its files stay untouched, and adding it again brings everything back.
        remove_folder(id: FolderId) -> Option<EditEntry> = |library| library.remove_folder(id);
        /// Changes what a folder takes, at once.
        set_folder_options(id: FolderId, options: FolderOptions) -> Option<EditEntry> =
            |library| library.set_folder_options(id, options);
        /// Answers the question of a folder in state `asking`: forget its missing photos, or keep them in the grid.
        answer_missing(id: FolderId, forget: bool) -> Option<EditEntry> = |library| library.answer_missing(id, forget);
        /// What a drop of these paths would be.
        drop_kind(paths: Vec<PathBuf>) -> DropKind = |_library| Ok(library::drop_kind(&paths));

        /// What the person should know about how the library was opened, such as that its catalogue was damaged.
        library_notice() -> Option<Reason> = |library| Ok(library.notice().cloned());
        index_status() -> IndexStatus = |library| Ok(library.index_status());
        /// Pauses until `resumeIndex`, over restarts too.
        cancel_index() -> () = |library| library.pause_indexing();
        resume_index() -> () = |library| library.resume_indexing();
        problems() -> Vec<Problem> = |library| library.problems(None);
        /// Tries these files with a problem again, or all of them (null).
        retry_problems(paths: Option<Vec<PathBuf>>) -> () = |library| library.retry_problems(paths.as_deref());

        /// What a tile of the grid shows of these photos, in this order, without those that are gone.
        photo_tiles(ids: Vec<PhotoId>) -> Vec<PhotoTile> = |library| library.tiles(&ids);
        /// What changed after `revision`, and which of it belongs to the scope.
        photo_changes(among: Scope, revision: i64) -> PhotoChanges = |library| library.photo_changes(&among, revision);
        /// The library in numbers.
        photo_summary() -> PhotoSummary = |library| library.photo_summary();
        photo(id: PhotoId) -> PhotoDetail = |library| library.photo(id);
        /// Says which photos are on screen, so that they are indexed first.
        set_visible(ids: Vec<PhotoId>) -> () = |library| library.set_visible(&ids);
        /// Marks photos, or takes the mark away.
        mark_photos(ids: Vec<PhotoId>, mark: Mark, set: bool) -> Option<EditEntry> = |library| library.set_mark(ids, mark, set);
        /// Photos of the library among dropped files; files outside it are left out.
        photos_by_path(paths: Vec<PathBuf>) -> Vec<PhotoId> = |library| library.photos_at(&paths);
        /// What is made of a text that a person typed to search.
        understand_words(text: String) -> Understood = |library| library.understand(&text);
        /// Words that go on with the last one of a text, of what is written about photos.
        suggest_words(text: String) -> Vec<String> = |library| library.suggest(&text);
        /// Keeps a dropped file as a query.
        query_image_from_path(path: PathBuf) -> QueryImage = |library| library.add_query_file(&path);

        /// Plain and smart ones, by name. What is in one is asked by its query, or by a scope with its id.
        albums() -> Vec<Album> = |library| library.albums();
        create_album(name: String, photos: Vec<PhotoId>) -> Option<EditEntry> = |library| library.create_album(&name, photos);
        /// Keeps a search as a smart album, which new photos enter by themselves.
        save_album(name: String, query: PhotoQuery) -> Option<EditEntry> = |library| library.save_album(&name, query);
        rename_album(id: AlbumId, name: String) -> Option<EditEntry> = |library| library.rename_album(id, &name);
        /// Its photos stay in the library.
        delete_album(id: AlbumId) -> Option<EditEntry> = |library| library.delete_album(id);
        add_to_album(id: AlbumId, photos: Vec<PhotoId>) -> Option<EditEntry> = |library| library.add_to_album(id, photos);
        remove_from_album(id: AlbumId, photos: Vec<PhotoId>) -> Option<EditEntry> =
            |library| library.remove_from_album(id, photos);
        /// Puts photos of an album before another one of it; null: at its end.
        move_in_album(id: AlbumId, photos: Vec<PhotoId>, before: Option<PhotoId>) -> Option<EditEntry> =
            |library| library.move_in_album(id, photos, before);

        /// Plans a comic: pictures, text and price. Sends nothing.
        plan_comic(request: ComicRequest) -> ComicPlan = |library| library.plan_comic(&request);
        /// Sends exactly the plan; progress comes as `Event` of kind `comic`.
        draw_comic(plan: u32) -> TaskId = |library| Ok(library.draw_comic(plan));
        cancel_comic(task: TaskId) -> () = |library| { library.cancel_comic(task); Ok(()) };
        /// The photos chosen for the next comic and how it shall be drawn, as kept last. Photos may be away.
        tray() -> Option<ComicRequest> = |library| library.tray();
        keep_tray(tray: ComicRequest) -> () = |library| library.keep_tray(&tray);
        /// Newest first.
        comics() -> Vec<Comic> = |library| library.comics();
        delete_comic(id: ComicId) -> Option<EditEntry> = |library| library.delete_comic(id);

        /// What the person did lately, newest first.
        edits() -> Vec<EditEntry> = |library| library.edits();
        /// Undoes an edit; null: the last one that is not undone. Returns null if there is none.
        undo(edit: Option<EditId>) -> Option<EditEntry> = |library| library.undo(edit);
        /// Makes an edit again; null: the one that was undone last. Returns null if there is none.
        redo(edit: Option<EditId>) -> Option<EditEntry> = |library| library.redo(edit);

        settings() -> Settings = |library| Ok(library.settings());
        save_settings(settings: Settings) -> () = |library| library.save_settings(settings);
        /// The models that photos can be found by.
        models() -> Vec<ModelInfo> = |library| library.model_list();
        /// Copies a model pack into the data folder. Returns its name.
        add_model(folder: PathBuf) -> String = |library| library.add_model(&folder);
        /// Finds photos by this model once it has seen all.
        use_model(id: String) -> () = |library| library.choose_model(&id);
        remove_model(id: String) -> () = |library| library.remove_model(&id);
        /// What holds the processes back that read foreign files.
        confinement() -> Confinement = |library| library.confinement();
        key_state() -> KeyState = |library| library.key_state();
        /// `remember`: keychain; otherwise in memory until the app closes.
        set_key(key: String, remember: bool) -> KeyState = |library| library.set_key(&key, remember);
        delete_key() -> KeyState = |library| library.delete_key();

        /// The kinds of stores that this build has.
        store_kinds() -> Vec<StoreKind> = |_library| Ok(Stores::kinds());
        /// The address of the active store, which is not asked.
        store_in_use() -> String = |library| Ok(library.store_in_use().to_string());
        store_state() -> StoreState = |library| library.store_state();
        /// Asks a store how it is, without using it.
        test_store(address: String) -> StoreState = |library| library.test_store(&address.parse()?);
        /// How far it is comes as `Event` of kind `store`. One at a time.
        start_store_work(job: StoreJob) -> TaskId = |library| library.start_store_work(job);
        cancel_store_work() -> () = |library| { library.cancel_store_work(); Ok(()) };
        /// The work under way, or the last one of this run.
        store_work() -> Option<StoreWork> = |library| Ok(library.store_work());
        store_token_state(address: String) -> KeyState = |library| library.store_token_state(&address.parse()?);
        /// `remember` as for `setKey`.
        set_store_token(address: String, token: String, remember: bool) -> KeyState =
            |library| library.set_store_token(&address.parse()?, &token, remember);
        delete_store_token(address: String) -> KeyState = |library| library.delete_store_token(&address.parse()?);
    }
    window {
        /// Opens the native dialog; null if the person closed it.
        pick_folder() -> Option<PathBuf> = dialogs::pick_folder;
        /// Asks for a place with the native dialog; returns the path, or null if closed.
        save_comic(version: VersionId) -> Option<PathBuf> = dialogs::save_comic;
        /// The files in the system's clipboard.
        clipboard_files() -> Vec<PathBuf> = clipboard::files;
        /// Keeps the picture in the system's clipboard as a query; null if there is none.
        query_image_from_clipboard() -> Option<QueryImage> = clipboard::query_image;
        /// Puts the files of photos into the system's clipboard, and the picture if it is one photo.
        copy_photos(ids: Vec<PhotoId>) -> () = clipboard::copy;
        /// What the person answered when the window was asked to close while a comic is drawn.
        answer_close(close: bool) -> () = closing::answer;
        /// Shows the photo's file in the file manager.
        reveal_photo(id: PhotoId) -> () = dialogs::reveal_photo;
    }
    raw { layout::photo_layout, pictures::add_query_image, tasks::subscribe_events }
}
