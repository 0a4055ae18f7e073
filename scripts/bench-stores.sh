#!/usr/bin/env bash
# The embedded store beside other libraries, over the same vectors, in one table. Arguments: rows and dimension.
. "$(dirname "$0")/common.sh"

rows="${1:-30000}"
dimension="${2:-512}"
venv="$cache/stores-venv"
"$root/scripts/test-stores.sh"
cd "$root"
cargo bench --quiet --locked --package fotonovela-core --bench stages -- store "$cache/bench-vectors" "$rows" "$dimension"
"$venv/bin/python" benches/compare_stores.py "$cache/bench-vectors" "$rows" "$dimension"
