#!/usr/bin/env bash
# What a change should pass before the long tests: formatting, lints, types and the tests that lie beside the code.
. "$(dirname "$0")/common.sh"
cd "$root"

scripts/check.sh quick
say "Units of the interface"
npm --prefix ui run --silent test
say "Units, and the rules of the house"
# Each test in a process of its own where cargo-nextest is at hand, which is quicker; else as usual.
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --workspace --features custom-protocol --lib
else
    cargo test --locked --workspace --features custom-protocol --lib
fi
# With the features of the others: alone, the core would have its dependencies compiled once more.
cargo test --locked --workspace --features custom-protocol --test core -- bindings modules tidy
