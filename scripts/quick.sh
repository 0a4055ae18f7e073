#!/usr/bin/env bash
# What a change should pass before the long tests: formatting, lints, types and the tests that lie beside the code.
. "$(dirname "$0")/common.sh"
cd "$root"

say "Formatting"
cargo fmt --all --check
say "Lints"
cargo clippy --locked --workspace --all-targets --features custom-protocol -- -D warnings
say "Interface"
npm --prefix ui run --silent check
npm --prefix ui run --silent lint
npm --prefix ui run --silent test
say "Units, and the rules of the house"
# Each test in a process of its own where cargo-nextest is at hand, which is quicker; else as usual.
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace --features custom-protocol --lib
else
    cargo test --locked --workspace --features custom-protocol --lib
fi
cargo test --locked --package fotonovela-core --test core -- bindings modules tidy
