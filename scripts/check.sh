#!/usr/bin/env bash
# Everything but the tests that a change must pass; with `quick`, what takes a minute: no build without stores, no licences.
. "$(dirname "$0")/common.sh"
cd "$root"

say "Scripts"
# Under pipefail a writer whose reader has heard enough is killed, at random, and the pipe counts as failed.
early='[|] *(head|grep [^|]*-[a-zA-Z]*q)'
grep -nE "$early" scripts/*.sh && fail "Read such output whole: [[ \$(command) == *text* ]]"
say "Formatting"
cargo fmt --all --check
say "Lints"
cargo clippy --locked --workspace --all-targets --features custom-protocol -- -D warnings
if [ "${1:-}" != quick ]; then
    say "The core without stores on servers"
    cargo clippy --locked --package fotonovela-core --no-default-features --lib -- -D warnings

    wanted_deny=0.20.2
    deny="$cache/tools/bin/cargo-deny"
    if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $wanted_deny" ]; then
        say "Installing cargo-deny $wanted_deny (checks licences and sources of dependencies)"
        cargo install --quiet --locked --debug --root "$cache/tools" cargo-deny --version "$wanted_deny"
    fi
    say "Licences and sources"
    "$deny" --log-level error check --hide-inclusion-graph bans licenses sources
fi
say "Interface"
npm --prefix ui run --silent check
npm --prefix ui run --silent lint
