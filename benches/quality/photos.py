"""The photos: fetched as Debian packages, labelled by the lists beside this file, laid down under names that tell nothing."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from rcc import Rcc

PACKAGES = {"tuxpaint": "tuxpaint-stamps-default", "gcompris": "gcompris-qt-data"}
# Raised when other files are taken out of the packages.
VERSION = "1"
NO_LABEL = "-"
MOST_PHOTOS = 10_000
WALL_SIDE = 1600


class Photo(NamedTuple):
    label: str | None
    name: str
    path: Path


def lines(name):
    text = Path(__file__).with_name(name).read_text()
    return [line for line in text.splitlines() if not line.startswith("#")]


def listed(name):
    return [line.split(" ", 1) for line in lines(f"{name}.txt")]


def fetch(cache):
    """Lays the pictures of all sets below the folder that it returns, once."""
    pictures = cache / "quality-photos" / VERSION
    if (pictures / "done").exists():
        return pictures
    print("Fetching labelled photos (200 MB, once)", file=sys.stderr)
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=pictures) as work:
        for name, package in PACKAGES.items():
            subprocess.run(["apt-get", "download", "-qq", package], cwd=work, check=True)
            (deb,) = Path(work).glob(f"{package}_*.deb")
            subprocess.run(["dpkg-deb", "-x", deb, name], cwd=work, check=True)
            unpack = {"tuxpaint": unpack_tuxpaint, "gcompris": unpack_gcompris}[name]
            unpack(Path(work) / name, pictures / name)
            shutil.copy(Path(work, name, "usr/share/doc", package, "copyright"), pictures / name)
    (pictures / "done").touch()
    return pictures


def unpack_tuxpaint(package, pictures):
    for _, path in listed("tuxpaint"):
        stamp = package / "usr/share/tuxpaint/stamps" / path
        if stamp.exists():
            keep(pictures / path, stamp.read_bytes())


def unpack_gcompris(package, pictures):
    wanted = {path for _, path in listed("gcompris")}
    for activity in sorted({path.split("/")[0] for path in wanted}):
        archive = package / "usr/share/gcompris-qt/rcc" / f"{activity}.rcc"
        for path, content in Rcc(archive).files() if archive.exists() else ():
            path = path.removeprefix("/gcompris/src/activities/")
            if path in wanted:
                keep(pictures / path, content)


def keep(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def labelled(pictures, *sets):
    """The photos of these sets, in the order of the lists. Other versions of a package may lack some: that is said."""
    photos = []
    for name in sets:
        wanted = listed(name)
        there = [(label, path) for label, path in wanted if (pictures / name / path).exists()]
        if len(there) < len(wanted):
            print(f"{PACKAGES[name]} lacks {len(wanted) - len(there)} of {len(wanted)} photos", file=sys.stderr)
        for label, path in there:
            known = None if label == NO_LABEL else label
            photos.append(Photo(known, f"{label}/{Path(path).stem}", pictures / name / path))
    return photos


def backgrounds(cache):
    """Wallpapers, as `scripts/test-photos.sh` lays them down."""
    return sorted((cache / "test-photos").glob("*.jpg"))


def walls(cache):
    """Wallpapers as pictures of the size of a screen."""
    for path in backgrounds(cache):
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((WALL_SIDE, WALL_SIDE))
        yield picture


def on_white(path):
    picture = Image.open(path)
    if picture.mode not in ("RGBA", "LA", "P"):
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def lay(pictures, folder, chance):
    """Saves pictures as JPEG files under numbers by chance, and returns their paths in the order of the pictures."""
    folder.mkdir(parents=True)
    paths = []
    for picture, number in zip(pictures, chance.sample(range(10**6), MOST_PHOTOS)):
        paths.append(folder / f"{number:06}.jpg")
        picture.save(paths[-1], quality=90)
    return paths
