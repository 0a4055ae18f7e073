#!/usr/bin/env bash
# Lays the test images of public imaging libraries into a folder: broken ones above all. They come in the source packages
# of PyPI and crates.io, under the licences of those, and are never part of the app.
#   scripts/corpus.sh FOLDER && make corpus DIR=FOLDER
. "$(dirname "$0")/common.sh"

folder=${1:?Name the folder for the images}
pypi=(pillow==12.0.0 imageio==2.37.0 tifffile==2025.5.10)
crates=(image-0.25.6 zune-jpeg-0.4.14 jpeg-decoder-0.3.1 tiff-0.9.1 png-0.17.16 image-webp-0.2.1 gif-0.13.1)

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in "${pypi[@]}"; do
    say "PyPI: $package"
    python3 -m pip --quiet --disable-pip-version-check download --no-deps --no-binary :all: -d pypi "$package" 2>/dev/null ||
        say "  not to be had; left out"
done
say "crates.io: ${crates[*]}"
mkdir fetch fetch/src && touch fetch/src/lib.rs
{
    printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n[dependencies]\n'
    for crate in "${crates[@]}"; do printf '%s = "=%s"\n' "${crate%-*}" "${crate##*-}"; done
} >fetch/Cargo.toml
(cd fetch && cargo vendor --quiet vendor >/dev/null 2>&1) || say "  not to be had; left out"
mkdir unpacked
for archive in pypi/*.tar.gz; do
    [ -e "$archive" ] || continue
    name=$(basename "$archive" | sed 's/\.tar\..*//')
    mkdir "unpacked/$name" && tar -xf "$archive" -C "unpacked/$name"
done
[ -d fetch/vendor ] && mv fetch/vendor unpacked/crates
# All that looks like an image by its ending; sources and texts are no test.
find unpacked -type f -size +0 -iregex \
    '.*\.\(jpe?g\|jpe\|jfif\|png\|apng\|webp\|gif\|tiff?\|bmp\|dib\|ico\|icns\|heic\|heif\|avif\|jxl\|j2k\|jp2\|qoi\|psd\|tga\|pcx\|ppm\|pgm\|pbm\|pnm\|dds\|hdr\|exr\|ff\|dng\|cr2\|nef\|arw\|raf\|rw2\|orf\|bad\|bin\)' \
    -print0 | tar --null -cf - -T - | tar -xf - -C "$folder" --strip-components=1
say "$(find "$folder" -type f | wc -l) files in $folder"
