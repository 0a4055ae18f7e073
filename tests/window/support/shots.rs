//! Pictures of the window, for a person to look at.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::Window;

impl Window {
    /// With FOTONOVELA_SHOTS: what the window shows now, light and dark, and on a large screen.
    pub fn shot(&self, name: &str) {
        let Some(folder) = folder() else { return };
        self.shots.set(self.shots.get() + 1);
        let number = self.shots.get();
        let file = |kind: &str| folder.join(format!("{number:02}-{name}{kind}.png"));
        let own: String = self.js("return document.documentElement.dataset.theme ?? ''", json!([]));
        let theme = |theme: &str| {
            self.js::<()>("document.documentElement.dataset.theme = arguments[0]", json!([theme]));
            self.settle();
        };
        theme("light");
        self.save_shot(&file(""));
        theme("dark");
        self.save_shot(&file("-dark"));
        self.resize(1920, 1080);
        self.save_shot(&file("-large-dark"));
        theme("light");
        self.save_shot(&file("-large"));
        self.resize(1280, 800);
        theme(&own);
    }

    fn resize(&self, width: u32, height: u32) {
        self.runtime.block_on(self.client.set_window_size(width, height)).unwrap();
        self.until("the window has its size", || {
            self.js::<(u32, u32)>("return [innerWidth, innerHeight]", json!([])) == (width, height)
        });
        self.settle();
    }

    /// Waits until transitions are over and what was found is painted.
    fn settle(&self) {
        self.promise::<()>(
            // Those in a closed <details> rest until it is opened.
            "await Promise.all(document.getAnimations()
                .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
                .filter((one) => one.effect.target.checkVisibility())
                .map((one) => one.finished.catch(() => null)));
             await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
             await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));",
            json!([]),
        );
    }

    pub(super) fn save_shot(&self, file: &Path) {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        // The driver takes the next frame, and a page that rests draws none.
        self.js::<()>(
            "const dot = document.createElement('i');
             Object.assign(dot.style, { position: 'fixed', width: '1px', height: '1px', left: '0', top: '0' });
             document.body.append(dot);
             const flicker = (time) => {
                dot.style.background = `rgb(128 128 128 / ${(time % 9) / 1000})`;
                if (dot.isConnected) requestAnimationFrame(flicker);
             };
             flicker(0);
             window.stopFlicker = () => dot.remove();",
            json!([]),
        );
        let png = self.runtime.block_on(self.client.screenshot()).unwrap();
        self.js::<()>("window.stopFlicker()", json!([]));
        std::fs::write(file, png).unwrap();
    }
}

pub(super) fn folder() -> Option<PathBuf> {
    std::env::var_os("FOTONOVELA_SHOTS").map(PathBuf::from)
}
