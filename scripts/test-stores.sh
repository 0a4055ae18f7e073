#!/usr/bin/env bash
# Lays real vector stores where the tests and `make bench-stores` look for them: in the cache, from PyPI. Milvus Lite with
# its Python client, and the last standalone server of Milvus that comes without Docker. Neither is part of the app.
. "$(dirname "$0")/common.sh"

venv="$cache/stores-venv"
wanted=(numpy==2.4.6 faiss-cpu==1.15.1 usearch==2.26.6 pymilvus==3.0.2 milvus-lite==3.2.2)
if [ "$(cat "$venv/done" 2>/dev/null)" != "${wanted[*]}" ]; then
    say "Fetching Milvus Lite (130 MB, once)"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}"
    echo "${wanted[*]}" > "$venv/done"
fi

server="$cache/milvus-2.3.5"
if [ "$(uname -m)" = x86_64 ] && [ ! -e "$server/done" ]; then
    say "Fetching a Milvus server (58 MB, once)"
    rm -rf "$server"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$server/python" milvus==2.3.5
    mkdir "$server/bin"
    for packed in "$server"/python/milvus/data/bin/*.lzma; do
        name=$(basename "$packed" .lzma)
        "$venv/bin/python" -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' \
            "$packed" "$server/bin/$name"
        rm "$packed"
    done
    chmod +x "$server"/bin/*
    touch "$server/done"
fi
