#!/usr/bin/env bash
# The embedded store beside other libraries, over the same vectors, in one table. Arguments: rows and dimension.
. "$(dirname "$0")/common.sh"

rows="${1:-30000}"
dimension="${2:-512}"
venv="$cache/stores-venv"
wanted=(numpy==2.4.6 faiss-cpu==1.15.1 usearch==2.26.6 pymilvus==3.0.2 milvus-lite==3.2.2)
if [ "$(cat "$venv/done" 2>/dev/null)" != "${wanted[*]}" ]; then
    say "Fetching the libraries to compare with"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}"
    echo "${wanted[*]}" > "$venv/done"
fi
cd "$root"
cargo bench --quiet --locked --package fotonovela-core --bench stages -- store "$cache/bench-vectors" "$rows" "$dimension"
"$venv/bin/python" benches/compare_stores.py "$cache/bench-vectors" "$rows" "$dimension"
