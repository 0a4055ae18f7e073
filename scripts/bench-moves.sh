#!/usr/bin/env bash
# Moves the vectors of a library to each store and back, by the program of `make build`: time, the server's memory and its
# disk. Argument: rows. QDRANT_URL and QDRANT_TOKEN name a Qdrant to be measured too.
. "$(dirname "$0")/common.sh"

rows="${1:-30000}"
"$root/scripts/test-stores.sh"
cd "$root"
cargo bench --quiet --locked --package fotonovela-core --bench stages -- \
    library "$cache/bench-vectors" "$cache/bench-libraries/2/$rows" "$rows"
"$cache/stores-venv/bin/python" benches/moves.py "$target/release/fotonovela" "$cache/bench-libraries/2/$rows" "$cache"
