#!/usr/bin/env bash
# How long a library takes to move to each store and back: Milvus Lite and a Milvus server on this machine, and Qdrant
# where QDRANT_URL names one. Argument: photos.
. "$(dirname "$0")/common.sh"

rows="${1:-30000}"
"$root/scripts/test-stores.sh"
cd "$root"
private=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
    rm -rf "$private"
}
trap finish EXIT

port=29530
python="$cache/stores-venv/bin/python"
mkdir "$private/milvus"
"$python" tests/stores/milvus_server.py "$cache/milvus-2.3.5" "$private/milvus" "$port" >"$private/milvus.log" 2>&1 &
server=$!
for _ in {1..600}; do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.2
done
stores=("milvus-lite:$private/lite" "http://127.0.0.1:$port")
[ -z "${QDRANT_URL:-}" ] || stores+=("qdrant+$QDRANT_URL")
export FOTONOVELA_MILVUS_LITE="$cache/stores-venv/bin/milvus-lite" FOTONOVELA_STORE_TOKEN="${QDRANT_TOKEN:-}"
cargo bench --quiet --locked --package fotonovela-core --bench stages -- moves "$cache/bench-moves" "$rows" "${stores[@]}"
