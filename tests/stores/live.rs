//! Stores that change while the library is open, as the window does it: moves in the background, searches meanwhile.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fotonovela_core::catalog::{Finished, Outcome, Probe, ProbeResult, SeenFile, Stage, WorkItem};
use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::settings::Settings;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{
    ContentHash, ErrorCode, Event, Facts, KeyState, PhotoId, PhotoQuery, Scope, Similar, SimilarQuery,
    StoreJob, StoreStep, StoreWork,
};
use fotonovela_core::vectors::StoreUri;
use tempfile::TempDir;

use crate::milvus::{self, pymilvus};
use crate::qdrant_server::Qdrant;
use crate::servers::{Kind, Server};
use crate::support::{holds_for, wait_for};

const TOKEN: &str = "right-token";

/// An open library of photos that have vectors, and no files.
struct Open {
    library: Arc<Library>,
    told: Arc<Mutex<Vec<StoreWork>>>,
    _data: TempDir,
}

impl Open {
    fn with(photos: u32) -> Self {
        let data = tempfile::tempdir().unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let telling = Arc::clone(&told);
        let on_event = Arc::new(move |event| {
            if let Event::Store { work } = event {
                telling.lock().unwrap().push(work);
            }
        });
        let options = Options { on_event, ..Options::new(data.path().to_owned(), resources::folder()) };
        let library = Arc::new(Library::open(options).unwrap());
        library.catalog().add_folder("/photos").unwrap();
        let open = Self { library, told, _data: data };
        open.add(0..photos);
        open
    }

    /// Photos that were read and embedded.
    fn add(&self, numbers: std::ops::Range<u32>) {
        let catalog = self.library.catalog();
        let folder = catalog.folders().unwrap()[0].id;
        let model = self.library.model().id();
        let probe = Probe { format: "JPEG".into(), width: 4, height: 3, facts: Facts::default() };
        let seen: Vec<_> = numbers
            .clone()
            .map(|number| SeenFile {
                folder,
                path: format!("/photos/{number}.jpg"),
                size: 10,
                modified: i64::from(number),
                probe: ProbeResult::Photo(probe.clone()),
                content: Some(content(number)),
            })
            .collect();
        catalog.apply(&seen, &[], &[]).unwrap();
        let ids: Vec<_> = numbers.map(|number| self.id(number)).collect();
        let finish = |item: WorkItem| {
            let name = item.path.file_stem().unwrap().to_str().unwrap();
            let content = content(name.parse().unwrap());
            let vector = Some(self.vector(content));
            let probe = Box::new(probe.clone());
            Finished {
                item,
                outcome: Outcome::Photo {
                    content,
                    probe,
                    color: Some("#808080".into()),
                    vector,
                    regions: Vec::new(),
                },
            }
        };
        let finished: Vec<_> =
            catalog.pending_of(&ids, &Stage::first(&model)).unwrap().into_iter().map(finish).collect();
        assert_eq!(finished.len(), ids.len());
        catalog.finish(&finished, &Stage::first(&model)).unwrap();
    }

    fn id(&self, number: u32) -> PhotoId {
        self.library.catalog().photo_at(Path::new(&format!("/photos/{number}.jpg"))).unwrap().unwrap()
    }

    fn vector(&self, content: ContentHash) -> Vec<f32> {
        let values: Vec<f32> = (0..self.library.model().dimension())
            .map(|place| f32::from(content.0[place % 32]) - 127.5 + (place as f32).sin())
            .collect();
        let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        values.iter().map(|value| value / norm).collect()
    }

    fn similar(&self, number: u32) -> Similar {
        let query = SimilarQuery::Photo { id: self.id(number) };
        self.library.similar(&PhotoQuery::like(query, Scope::default(), 5)).unwrap()
    }

    /// The address of a server whose token is known.
    fn address(&self, url: &str, token: Option<&str>) -> StoreUri {
        let uri: StoreUri = url.parse().unwrap();
        if let Some(token) = token {
            assert_eq!(self.library.set_store_token(&uri, token, false).unwrap(), KeyState::Session);
        }
        uri
    }

    fn knows(&self, server: &Qdrant) -> StoreUri {
        self.address(&format!("qdrant+{}", server.url()), Some(TOKEN))
    }

    fn begin(&self, to: &StoreUri) {
        self.library.start_store_work(StoreJob::Move { to: to.to_string() }).unwrap();
    }

    fn ended(&self) -> StoreWork {
        wait_for("the end of the work", || {
            let work = self.library.store_work().unwrap();
            (!matches!(work.step, StoreStep::Filling | StoreStep::Verifying)).then_some(work)
        })
    }

    fn moved(&self, to: &StoreUri) -> StoreWork {
        self.begin(to);
        let work = self.ended();
        assert_eq!(work.step, StoreStep::Done, "{work:?}");
        work
    }

    /// Waits until the new store has so many rows.
    fn has_sent(&self, rows: usize) {
        wait_for("rows", || (self.library.store_work().unwrap().sent >= rows).then_some(()));
    }
}

fn content(number: u32) -> ContentHash {
    ContentHash::of(&number.to_le_bytes())
}

#[test]
fn a_move_takes_effect_at_once_and_back_while_searches_go_on() {
    let open = Open::with(50);
    let server = Qdrant::start(TOKEN);
    let uri = open.knows(&server);
    let before = open.similar(7);
    assert_eq!((before.photos.len(), &before.notice), (5, &None));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let searches = scope.spawn(|| {
            let mut count = 0;
            while !over.load(Ordering::Relaxed) {
                let answer = open.similar(7);
                let ids = |similar: &Similar| similar.photos.iter().map(|photo| photo.id).collect::<Vec<_>>();
                assert_eq!((ids(&answer), &answer.notice), (ids(&before), &None));
                count += 1;
            }
            count
        });
        let work = open.moved(&uri);
        assert_eq!((work.from.as_str(), work.sent, work.of), ("embedded", 50, 50));
        assert!(work.verification.unwrap().ok);
        assert_eq!(open.library.store_in_use(), uri);
        // A window that knows the settings of before saves them.
        open.library.save_settings(Settings::default()).unwrap();
        assert_eq!(open.library.settings().store, uri.to_string(), "for later runs too");
        let state = open.library.store_state().unwrap();
        assert_eq!((state.rows, state.expected), (50, 50));
        open.moved(&StoreUri::Embedded);
        assert_eq!(open.library.store_in_use(), StoreUri::Embedded);
        over.store(true, Ordering::Relaxed);
        assert!(searches.join().unwrap() > 0);
    });
    let told = open.told.lock().unwrap();
    let steps: Vec<_> = told.iter().filter(|work| work.task == told[0].task).map(|work| work.step).collect();
    assert_eq!((steps[0], *steps.last().unwrap()), (StoreStep::Filling, StoreStep::Done));
    assert!(steps.contains(&StoreStep::Verifying));
}

#[test]
fn to_ask_a_store_makes_nothing_there() {
    let open = Open::with(20);
    let server = Qdrant::start(TOKEN);
    let uri = open.knows(&server);
    let state = open.library.test_store(&uri).unwrap();
    assert_eq!((state.rows, state.expected), (0, 20));
    let collection = state.collection.unwrap();
    assert_eq!(server.indexes(&collection), None);

    open.moved(&uri);
    assert!(server.indexes(&collection).is_some());
    server.lose_all();
    open.library.store_state().expect_err("the connection still counts on the collection");
    assert_eq!(open.library.store_state().unwrap().rows, 0);
    let lost = open.library.verify_store(|_| (), &CancelToken::default()).unwrap_err();
    assert_eq!(lost.reason().code, "store_rows_lost");
    assert_eq!(server.indexes(&collection), None);
}

#[test]
fn when_the_new_store_goes_away_the_embedded_one_answers_and_says_so() {
    let open = Open::with(20);
    let server = Qdrant::start(TOKEN);
    open.moved(&open.knows(&server));
    assert_eq!(open.similar(3).notice, None);
    drop(server);
    let answer = open.similar(3);
    assert_eq!(answer.photos.len(), 5);
    let notice = answer.notice.unwrap();
    assert_eq!(notice.code, "answered_here");
    assert!(["store_away", "store_slow"].contains(&&*notice.params["cause"].to_string()), "{notice}");
    assert_eq!(open.library.store_state().unwrap_err().code(), ErrorCode::Offline);
    open.moved(&StoreUri::Embedded);
    assert_eq!(open.similar(3).notice, None, "back without a restart");
}

#[test]
fn a_move_that_fails_leaves_the_old_store_in_use() {
    let open = Open::with(5);
    let server = Qdrant::start(TOKEN);
    let uri = open.knows(&server);
    open.library.set_store_token(&uri, "wrong-token", false).unwrap();
    open.begin(&uri);
    let work = open.ended();
    assert_eq!((work.step, work.error.unwrap().code), (StoreStep::Failed, ErrorCode::Key));
    assert_eq!(open.library.store_in_use(), StoreUri::Embedded);
    assert_eq!(open.library.settings().store, "embedded");

    // In the middle of it.
    let open = Open::with(3000);
    open.knows(&server);
    server.slow_down(Duration::from_millis(300));
    open.begin(&uri);
    open.has_sent(1000);
    drop(server);
    let work = open.ended();
    assert_eq!((work.step, work.error.unwrap().code), (StoreStep::Failed, ErrorCode::Offline));
    assert_eq!(open.library.store_in_use(), StoreUri::Embedded);
    assert_eq!(open.similar(3).notice, None);
}

#[test]
fn a_cancelled_move_goes_on_where_it_was_and_takes_what_came_meanwhile() {
    let open = Open::with(3000);
    let server = Qdrant::start(TOKEN);
    let uri = open.knows(&server);
    server.slow_down(Duration::from_millis(300));
    open.begin(&uri);
    open.has_sent(1000);
    let refused = open.library.start_store_work(StoreJob::Verify).unwrap_err();
    assert_eq!(refused.reason().code, "store_busy");
    open.library.cancel_store_work();
    assert_eq!(open.ended().step, StoreStep::Cancelled);
    assert_eq!(open.library.store_in_use(), StoreUri::Embedded);
    let received = server.received();
    assert!((1000..3000).contains(&received), "{received}");
    holds_for(Duration::from_millis(700), "nothing more is sent", || {
        // One call was under way, a batch of a page.
        server.received() < received + 1000
    });

    open.begin(&uri);
    open.has_sent(1000);
    open.add(3000..3010);
    let work = open.ended();
    assert_eq!(work.step, StoreStep::Done, "{work:?}");
    let verification = work.verification.unwrap();
    assert_eq!((verification.rows, verification.expected), (3010, 3010));
    let again = server.received() - 3010;
    assert!(again <= 1000, "{again} rows were sent twice, more than a page");
    assert_eq!(open.similar(3005).photos[0].id, open.id(3005));
}

#[test]
fn an_address_is_tested_without_being_used() {
    let open = Open::with(10);
    let server = Qdrant::start(TOKEN);
    let uri: StoreUri = format!("qdrant+{}", server.url()).parse().unwrap();
    assert_eq!(open.library.test_store(&uri).unwrap_err().code(), ErrorCode::Key);
    open.knows(&server);
    let state = open.library.test_store(&uri).unwrap();
    assert_eq!((state.version.as_str(), state.rows, state.expected), ("qdrant 1.16.0-test", 0, 10));
    assert!(state.latency_ms > 0.0);
    assert_eq!(server.collections(), Vec::<String>::new(), "asking leaves nothing there");
    assert_eq!(open.library.store_in_use(), StoreUri::Embedded);
    let error = open.library.start_store_work(StoreJob::Move { to: "nowhere".into() }).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Invalid);
    assert_eq!(open.library.store_work(), None);
}

/// A library whose server forgot its collection: the embedded store answers, and the rows come again.
fn forgets_and_gets_again(open: &Open, uri: &StoreUri, forget: impl FnOnce(&str)) {
    open.moved(uri);
    let ids = |similar: Similar| similar.photos.iter().map(|photo| photo.id).collect::<Vec<_>>();
    let before = ids(open.similar(7));
    forget(&open.library.store_state().unwrap().collection.unwrap());
    let meanwhile = open.similar(7);
    assert!(meanwhile.notice.is_some());
    assert_eq!(ids(meanwhile), before, "the store of the app answers");
    // What comes now must not hide that the others are lost.
    open.add(50..55);
    wait_for("the rows", || (open.similar(52).notice.is_none()).then_some(()));
    assert_eq!(open.similar(52).photos[0].id, open.id(52));
    assert_eq!(open.library.store_state().unwrap().rows, 55);
}

#[test]
fn a_qdrant_server_that_lost_its_rows_gets_them_again() {
    let open = Open::with(50);
    let server = Qdrant::start(TOKEN);
    forgets_and_gets_again(&open, &open.knows(&server), |_| server.lose_all());
}

#[test]
fn a_milvus_server_that_lost_its_rows_gets_them_again() {
    let lite = Server::start(Kind::Lite, &[]);
    for (server, token) in [(&lite, None), (milvus::alone(), Some(milvus::TOKEN))] {
        let open = Open::with(50);
        let uri = open.address(&server.url(), token);
        forgets_and_gets_again(&open, &uri, |collection| {
            let drop = "
for alias in client.list_aliases(arguments[0])['aliases']:
    client.drop_alias(alias)
client.drop_collection(arguments[0])
";
            pymilvus(&server.url(), token, drop, &[collection]);
        });
    }
}
