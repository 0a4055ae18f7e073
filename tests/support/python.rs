//! What scripts/test-stores.sh fetched.

use std::path::PathBuf;

/// Where downloads of the tests are kept.
pub fn cache() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    variable("FOTONOVELA_CACHE").unwrap_or_else(|| {
        let caches = variable("XDG_CACHE_HOME").unwrap_or_else(|| variable("HOME").unwrap().join(".cache"));
        caches.join("fotonovela")
    })
}

/// A program of the Python environment.
pub fn python(name: &str) -> PathBuf {
    let program = cache().join("stores-venv/bin").join(name);
    assert!(program.exists(), "{} is missing: run `make test`, which fetches it", program.display());
    program
}
