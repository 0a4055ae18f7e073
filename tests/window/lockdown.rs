//! What the page cannot do: the policy of the page and the permissions of the shell, in a build as it is shipped.

use serde_json::json;

use crate::photos;
use crate::site::Site;
use crate::stage::Stage;
use crate::support::Window;

#[test]
fn the_page_runs_no_code_but_its_own() {
    let stage = Stage::empty();
    let window = stage.open();
    watch_violations(&window);
    let address: String = window.js("return location.href", json!([]));
    assert!(address.starts_with("tauri://localhost"), "the embedded page, not a server's: {address}");

    let ran: bool = window.js(
        "const script = document.createElement('script');
         script.textContent = 'window.inlineRan = true';
         document.head.append(script);
         const button = document.createElement('button');
         button.setAttribute('onclick', 'window.inlineRan = true');
         document.body.append(button);
         button.click();
         button.remove();
         return window.inlineRan === true",
        json!([]),
    );
    assert!(!ran, "inline code ran");
    for code in
        ["eval('1 + 1')", "new Function('return 2')()", "setTimeout('window.inlineRan = true', 0) && 0"]
    {
        let script = format!("try {{ return String({code}) }} catch (error) {{ return error.name }}");
        let answer: String = window.js(&script, json!([]));
        assert_ne!(answer, "2", "{code} ran");
    }
    window.until("the policy was broken and held", || {
        let violations = violations(&window);
        violations.iter().any(|one| one == "script-src inline" || one == "script-src-elem inline")
    });
    let ran: bool = window.js("return window.inlineRan === true", json!([]));
    assert!(!ran, "code as text ran");
    let (tauri, modules): (String, u32) = window.js(
        "return [typeof window.__TAURI__, document.querySelectorAll('script:not([src])').length]",
        json!([]),
    );
    assert_eq!(tauri, "undefined");
    assert!(modules <= 1, "the page came with inline scripts");
}

#[test]
fn the_page_reaches_no_server() {
    let site = Site::start();
    assert!(site.visit().starts_with("HTTP/1.1 200"), "the site answers whom nothing holds back");
    let visits = site.visits();
    let stage = Stage::empty();
    let window = stage.open();
    watch_violations(&window);

    let reached: Vec<String> = window.promise(
        "const url = arguments[0];
         const fails = (work) => work.then(() => true, () => false);
         const load = (element, where) => new Promise((done, fail) => {
            element.onload = done;
            element.onerror = fail;
            element[where] = url;
            document.body.append(element);
            setTimeout(fail, 3000);
         });
         const ways = {
            fetch: fetch(url),
            blind: fetch(url, { mode: 'no-cors' }),
            post: fetch(url, { method: 'POST', body: 'x' }),
            image: load(new Image(), 'src'),
            script: load(document.createElement('script'), 'src'),
            style: load(Object.assign(document.createElement('link'), { rel: 'stylesheet' }), 'href'),
            request: new Promise((done, fail) => {
                const request = new XMLHttpRequest();
                request.onload = done;
                request.onerror = fail;
                request.open('GET', url);
                request.send();
            }),
            socket: new Promise((done, fail) => {
                const socket = new WebSocket(url.replace('http', 'ws'));
                socket.onopen = done;
                socket.onerror = fail;
            }),
            beacon: Promise.resolve(navigator.sendBeacon?.(url, 'x')).then(() => Promise.reject()),
         };
         const reached = [];
         for (const [name, way] of Object.entries(ways)) if (await fails(way)) reached.push(name);
         return reached;",
        json!([site.url()]),
    );
    assert_eq!(reached, [] as [&str; 0]);
    window.until("the policy was what held them back", || {
        let violations = violations(&window);
        ["connect-src http", "img-src http"]
            .iter()
            .all(|one| violations.iter().any(|violation| violation.starts_with(one)))
    });
    assert_eq!(site.visits(), visits, "the site was reached");
}

#[test]
fn the_page_stays_where_it_is() {
    let site = Site::start();
    let stage = Stage::empty();
    let window = stage.open();
    watch_violations(&window);
    window.js::<()>("window.stays = true", json!([]));
    let link =
        "const link = Object.assign(document.createElement('a'), { href: arguments[0], ...arguments[1] });
                document.body.append(link); link.click();";
    let form = "const form = Object.assign(document.createElement('form'), { action: arguments[0], ...arguments[1] });
                document.body.append(form); form.submit();";
    let refresh = "document.head.append(Object.assign(document.createElement('meta'),
                    { httpEquiv: 'refresh', content: `0; url=${arguments[0]}` }));";
    let (url, file) = (site.url(), format!("file://{}", stage.launcher().display()));
    // The web view itself refuses this, and tells nobody.
    window.js::<()>("location.href = arguments[0]", json!([file]));
    for (name, script, address, more) in [
        ("location", "location.href = arguments[0]", url.as_str(), json!({})),
        ("replace", "location.replace(arguments[0])", &url, json!({})),
        ("mail", "location.href = arguments[0]", "mailto:a@example.com?body=secret", json!({})),
        ("link", link, &url, json!({})),
        ("form", form, &url, json!({ "method": "post" })),
        ("refresh", refresh, &url, json!({})),
        ("download", link, &url, json!({ "download": "x" })),
        ("data", "location.href = arguments[0]", "data:text/html,elsewhere", json!({})),
    ] {
        let before = refusals(&stage, &window);
        window.js::<()>(script, json!([address, more]));
        window.until(&format!("{name} was refused"), || refusals(&stage, &window) > before);
    }
    let opened: bool = window.js("return window.open(arguments[0]) !== null", json!([url]));
    assert!(!opened, "another window was opened");
    window.js::<()>(
        "document.body.prepend(Object.assign(document.createElement('a'),
            { id: 'out', href: arguments[0], target: '_blank', textContent: 'Out' }))",
        json!([url]),
    );
    window.click_css("#out");
    // Refused later than that.
    let before = refusals(&stage, &window);
    window.js::<()>("location.href = arguments[0]", json!([url]));
    window.until("the last way was refused", || refusals(&stage, &window) > before);

    let (stays, address): (bool, String) =
        window.js("return [window.stays === true, location.href]", json!([]));
    assert!(stays && address.starts_with("tauri://localhost"), "the page is {address} now");
    assert_eq!(site.visits(), 0, "the site was reached");
}

/// How often the shell or the policy kept the page from leaving.
fn refusals(stage: &Stage, window: &Window) -> usize {
    let by_policy = violations(window).iter().filter(|one| one.starts_with("form-action")).count();
    stage.log().matches("the page may not go there").count() + by_policy
}

#[test]
fn the_page_may_ask_for_nothing_but_our_commands() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    watch_violations(&window);
    assert!(window.invoke("folders", &json!({})).is_ok(), "our own commands answer");
    let path = stage.photos();
    for (command, arguments) in [
        ("plugin:dialog|open", json!({ "options": {} })),
        ("plugin:dialog|save", json!({ "options": {} })),
        ("plugin:dialog|message", json!({ "message": "x" })),
        ("plugin:opener|open_url", json!({ "url": "https://example.invalid" })),
        ("plugin:opener|open_path", json!({ "path": path })),
        ("plugin:opener|reveal_item_in_dir", json!({ "paths": [path] })),
        ("plugin:fs|read_file", json!({ "path": "/etc/passwd" })),
        ("plugin:fs|read_text_file", json!({ "path": "/etc/passwd" })),
        ("plugin:shell|execute", json!({ "program": "true" })),
        ("plugin:window-state|save_window_state", json!({ "flags": 1 })),
        ("plugin:window|close", json!({ "label": "main" })),
        ("plugin:window|set_title", json!({ "label": "main", "value": "x" })),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "x", "url": "/" } })),
        ("plugin:event|emit", json!({ "event": "x", "payload": null })),
        ("plugin:path|resolve_directory", json!({ "directory": 1 })),
        ("plugin:app|version", json!({})),
        ("no_such_command", json!({})),
    ] {
        let refused = window.invoke(command, &arguments).expect_err(command).to_string();
        let why = ["not allowed", "not found"].iter().any(|part| refused.contains(part));
        assert!(why, "{command} failed for another reason: {refused}");
    }
}

#[test]
fn the_page_gets_pictures_by_number_only() {
    let stage = Stage::with_photos();
    let window = stage.open_with_photos();
    watch_violations(&window);
    let id = window.photo("sun.jpg");
    let loads = |address: &str| -> bool {
        window.promise(
            "const image = new Image();
             image.src = arguments[0];
             return image.decode().then(() => true, () => false);",
            json!([address]),
        )
    };
    assert!(loads(&format!("thumb://localhost/{id}?v=1")), "a photo's thumbnail loads");
    let file = stage.photos().join("sun.jpg");
    let file = file.to_str().unwrap();
    for address in [
        format!("asset://localhost/{}", file.replace('/', "%2F")),
        format!("asset://localhost{file}"),
        format!("http://asset.localhost/{}", file.replace('/', "%2F")),
        format!("file://{file}"),
        format!("thumb://localhost{file}"),
        format!("photo://localhost{file}"),
        format!("photo://localhost/../..{file}"),
        "thumb://localhost/987654".into(),
        "photo://localhost/987654".into(),
        "comic://localhost/version/987654".into(),
        "comic://localhost/plan/1/0".into(),
        "comic://localhost/../catalog.sqlite".into(),
    ] {
        assert!(!loads(&address), "{address} was loaded");
    }
    for address in [
        "asset://localhost/%2Fetc%2Fpasswd",
        "file:///etc/passwd",
        "thumb://localhost/1",
        "photo://localhost/1",
    ] {
        let read: bool =
            window.promise("return fetch(arguments[0]).then(() => true, () => false)", json!([address]));
        assert!(!read, "{address} was read");
    }
    assert!(
        violations(&window).iter().any(|one| one.starts_with("img-src asset")),
        "{:?}",
        violations(&window)
    );
    assert_eq!(window.count("photo"), photos::COUNT, "the window lives on");
}

fn watch_violations(window: &Window) {
    window.js::<()>(
        "window.violations = [];
         document.addEventListener('securitypolicyviolation', (event) =>
            window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));",
        json!([]),
    );
}

/// What the policy held back: the directive and what was asked for.
fn violations(window: &Window) -> Vec<String> {
    window.js("return window.violations", json!([]))
}
