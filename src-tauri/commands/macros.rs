//! One list of commands gives Tauri its functions, and the page their names, arguments and types.

/// Declares the commands of the page.
///
/// - `core`: `name(argument: Type) -> Result = |library| call;`. The call runs on a thread that may block; it gets the
///   `Arc<Library>` and gives the core's `Result`.
/// - `window`: `name(argument: Type) -> Result = function;` for what needs the window too. The function is async and gets
///   the app's handle, the library and the arguments.
/// - `raw`: functions that take more than JSON, such as bytes or a channel. The page calls them by hand.
///
/// Comments become those of the page. Gives `handler()` for Tauri, and `signatures()` for `typescript.rs`.
macro_rules! commands {
    (
        core {
            $(
                $(#[doc = $doc:literal])*
                $name:ident($($argument:ident: $type:ty),*) -> $result:ty = |$library:ident| $call:expr;
            )*
        }
        window {
            $(
                $(#[doc = $window_doc:literal])*
                $window_name:ident($($window_argument:ident: $window_type:ty),*) -> $window_result:ty = $function:path;
            )*
        }
        raw { $($raw:path),* $(,)? }
    ) => {
        mod generated {
            use super::*;

            $(
                #[tauri::command]
                pub(crate) async fn $name(
                    library: tauri::State<'_, Arc<Library>>,
                    $($argument: $type),*
                ) -> CommandResult<$result> {
                    blocking(&library, move |$library| $call).await
                }
            )*

            $(
                #[tauri::command]
                pub(crate) async fn $window_name(
                    app: tauri::AppHandle,
                    library: tauri::State<'_, Arc<Library>>,
                    $($window_argument: $window_type),*
                ) -> CommandResult<$window_result> {
                    $function(app, Arc::clone(&library), $($window_argument),*).await
                }
            )*
        }

        /// All commands.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $(generated::$name,)*
                $(generated::$window_name,)*
                $($raw),*
            ]
        }

        #[cfg(test)]
        pub(crate) fn signatures(config: &ts_rs::Config) -> Vec<super::typescript::Signature> {
            use ts_rs::TS;
            vec![
                $(super::typescript::Signature {
                    doc: concat!($($doc),*),
                    name: stringify!($name),
                    arguments: vec![$((stringify!($argument), <$type as TS>::name(config))),*],
                    result: <$result as TS>::name(config),
                },)*
                $(super::typescript::Signature {
                    doc: concat!($($window_doc),*),
                    name: stringify!($window_name),
                    arguments: vec![$((stringify!($window_argument), <$window_type as TS>::name(config))),*],
                    result: <$window_result as TS>::name(config),
                },)*
            ]
        }
    };
}

pub(crate) use commands;
