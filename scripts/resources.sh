#!/usr/bin/env bash
# Lays the app's own files (models, ONNX Runtime) where builds look for them: target/resources.
. "$(dirname "$0")/common.sh"

library="$cache/onnxruntime/$(sha256sum "$root/scripts/onnxruntime.txt" | cut -c1-16)"
if [ ! -e "$library/done" ]; then
    say "Fetching ONNX Runtime (the library that runs the model)"
    download=$(mktemp -d)
    trap 'rm -rf "$download"' EXIT
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
        --platform "manylinux_2_28_$(uname -m)" --python-version 3.11 --implementation cp \
        --requirement "$root/scripts/onnxruntime.txt" --dest "$download"
    unzip -q -o "$download"/*.whl 'onnxruntime/capi/libonnxruntime.so*' 'onnxruntime/LICENSE' \
        'onnxruntime/ThirdPartyNotices.txt' -d "$download"
    mkdir -p "$library"
    cp "$download"/onnxruntime/capi/libonnxruntime.so* "$download"/onnxruntime/{LICENSE,ThirdPartyNotices.txt} "$library/"
    touch "$library/done"
fi

# Never written in place: a program that is running keeps the file that it opened.
mkdir -p "$target/resources/onnxruntime"
cp -u --remove-destination "$library"/{libonnxruntime.so*,LICENSE,ThirdPartyNotices.txt} "$target/resources/onnxruntime/"
if ! diff -rq "$root/models" "$target/resources/models" >/dev/null 2>&1; then
    rm -rf "$target/resources/models"
    cp -r "$root/models" "$target/resources/models"
fi
