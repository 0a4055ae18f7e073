#!/usr/bin/env bash
# Runs each fuzz target for this many seconds. What it finds lies in fuzz/artifacts; the file is the input.
. "$(dirname "$0")/common.sh"
cd "$root"

cargo +nightly --version >/dev/null 2>&1 || fail "Fuzzing needs a nightly compiler: rustup toolchain install nightly"
cargo +nightly fuzz --version >/dev/null 2>&1 || fail "Fuzzing needs cargo-fuzz: cargo install cargo-fuzz"
say "Writing samples to begin with"
FOTONOVELA_WRITE_SAMPLES="$root/fuzz/corpus" \
    cargo test --quiet --locked --package fotonovela-core --test core fuzzed:: >/dev/null
for target in $(cargo +nightly fuzz list); do
    say "Fuzzing $target for ${1:-60} s"
    cargo +nightly fuzz run "$target" -- -max_total_time="${1:-60}" -rss_limit_mb=4096 -max_len=65536
done
