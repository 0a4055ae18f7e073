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

mkdir -p "$target/resources/onnxruntime"
cp -u "$library"/{libonnxruntime.so*,LICENSE,ThirdPartyNotices.txt} "$target/resources/onnxruntime/"
rm -rf "$target/resources/models"
cp -r "$root/models" "$target/resources/models"
