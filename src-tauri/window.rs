//! The window: one page, the core behind it, and nothing that the page may do beyond our commands.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fotonovela_core::error::Result;
use fotonovela_core::library::Library;
use fotonovela_core::types::{NoticeCode, Reason, ReasonCode};
use tauri::webview::{DownloadEvent, NewWindowResponse};
use tauri::{
    App, AppHandle, CloseRequestApi, Emitter, Manager, RunEvent, Url, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent, Wry,
};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
#[cfg(target_os = "linux")]
use webkit2gtk::WebViewExt;

use crate::cli::Arguments;
use crate::events::Outlet;
use crate::texts::Texts;
use crate::{commands, protocol};

const WINDOW: &str = "main";
/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";
/// Asks the page whether the window may close.
const CLOSE_ASKED: &str = "close-asked";

/// Whether the person is being asked.
#[derive(Default)]
struct Asking(AtomicBool);

/// Opens the window and runs until it is closed.
pub(crate) fn open(arguments: &Arguments) -> ExitCode {
    let outlet = Outlet::default();
    let is_default_library = arguments.library.is_none();
    let opened = open_library(arguments, &outlet);
    let mut builder = tauri::Builder::default();
    if is_default_library {
        // Two windows on one library would fight over it; another library may have a window of its own.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| focus(app)));
    }
    let built = builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .manage(outlet)
        .manage(Asking::default())
        .register_asynchronous_uri_scheme_protocol("thumb", |context, request, responder| {
            protocol::answer(context, request, responder, protocol::thumbnail);
        })
        .register_asynchronous_uri_scheme_protocol("photo", |context, request, responder| {
            protocol::answer(context, request, responder, protocol::original);
        })
        .register_asynchronous_uri_scheme_protocol("comic", |context, request, responder| {
            protocol::answer(context, request, responder, protocol::comic);
        })
        .invoke_handler(commands::handler())
        .setup(move |app| {
            match opened {
                Ok(library) => show(app, library)?,
                Err(error) => refuse(app, &error.reason()),
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| match event {
                RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } => {
                    ask(app, &api)
                }
                RunEvent::Exit => close(app),
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

fn open_library(arguments: &Arguments, outlet: &Outlet) -> Result<Library> {
    let mut options = crate::options(arguments)?;
    options.on_event = outlet.sink();
    let library = Library::open(options)?;
    library.start_indexing(true)?;
    Ok(library)
}

fn show(app: &App<Wry>, library: Library) -> tauri::Result<()> {
    app.manage(Arc::new(library));
    let own = own_page(app);
    let mut builder = WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::default());
    if !tauri::is_dev() {
        // Web views connect, and ask for names, before they ask whether they may go there.
        builder = builder.proxy_url(NOWHERE.parse().expect("the address is valid"));
    }
    builder
        .on_navigation(move |asked| is_at(&own, asked) || refuse_to_go(asked))
        .on_new_window(|asked, _| {
            refuse_to_go(&asked);
            NewWindowResponse::Deny
        })
        .on_download(|_, event| match event {
            DownloadEvent::Requested { url, .. } => refuse_to_go(&url),
            _ => false,
        })
        .title("Fotonovela")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .build()
        .and_then(|window| outlive_page(&window))
}

/// Where the page lies: in the program, or on the development server.
fn own_page(app: &App<Wry>) -> Url {
    let served = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    let scheme = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
    served.unwrap_or_else(|| scheme.parse().expect("the address is valid"))
}

fn is_at(own: &Url, asked: &Url) -> bool {
    let place = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port());
    place(own) == place(asked)
}

/// The page never leaves: what it knows could leave in the address. Returns that it may not.
fn refuse_to_go(asked: &Url) -> bool {
    // Not the whole address, which may hold what is nobody's business.
    tracing::warn!(scheme = asked.scheme(), host = asked.host_str(), "the page may not go there");
    false
}

/// Loads the page again when its process ended: killed for want of memory, or crashed.
#[cfg(target_os = "linux")]
fn outlive_page(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        webview.inner().connect_web_process_terminated(|view, reason| {
            tracing::warn!(?reason, "the page's process ended, so the page is loaded again");
            view.reload();
        });
    })
}

/// Elsewhere the system's web view does so itself.
#[cfg(not(target_os = "linux"))]
fn outlive_page(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Asks before a drawing that is under way is lost with the window. Who closes it again meanwhile has answered, also where
/// the page does not ask any more.
fn ask(app: &AppHandle, api: &CloseRequestApi) {
    let is_drawing = app.try_state::<Arc<Library>>().is_some_and(|library| library.is_drawing());
    if !is_drawing || app.state::<Asking>().0.swap(true, Ordering::Relaxed) {
        return;
    }
    match app.emit_to(WINDOW, CLOSE_ASKED, ()) {
        Ok(()) => api.prevent_close(),
        Err(error) => tracing::warn!(%error, "the page cannot ask whether the window may close"),
    }
}

/// Closes the window, or leaves it open until it is asked to close again.
pub(crate) fn answer_close(app: &AppHandle, close: bool) {
    app.state::<Asking>().0.store(false, Ordering::Relaxed);
    if close
        && let Some(window) = app.get_webview_window(WINDOW)
        && let Err(error) = window.destroy()
    {
        tracing::error!(%error, "the window cannot be closed");
    }
}

/// Ends the work before the process does: the system's exit tears ONNX Runtime down, which must not be under way then.
fn close(app: &AppHandle) {
    if let Some(library) = app.try_state::<Arc<Library>>() {
        library.close();
    }
}

/// Says why there is no window, and ends.
fn refuse(app: &App<Wry>, reason: &Reason) {
    let texts = Texts::of_environment();
    let message = texts.sentence(reason);
    tracing::error!("{message}");
    let handle = app.handle().clone();
    app.dialog()
        .message(message)
        .title(texts.explain(&NoticeCode::CannotStart.reason()))
        .kind(MessageDialogKind::Error)
        .show(move |_| handle.exit(1));
}

fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(WINDOW)
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_is_at_its_place() {
        let own: Url = "tauri://localhost".parse().unwrap();
        for (asked, is_own) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html?photo=1#top", true),
            ("tauri://localhost.example.com/", false),
            ("tauri://user@elsewhere/", false),
            ("http://localhost/", false),
            ("https://tauri.localhost/", false),
            ("about:blank", false),
            ("data:text/html,x", false),
            ("file:///etc/passwd", false),
            ("mailto:a@example.com?body=secret", false),
        ] {
            assert_eq!(is_at(&own, &asked.parse().unwrap()), is_own, "{asked}");
        }
        let served: Url = "http://127.0.0.1:5173".parse().unwrap();
        assert!(is_at(&served, &"http://127.0.0.1:5173/index.html".parse().unwrap()));
        assert!(!is_at(&served, &"http://127.0.0.1:5174/".parse().unwrap()));
    }
}
