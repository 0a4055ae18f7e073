"""Photos by words, in two languages, where names tell nothing."""

from fnmatch import fnmatchcase

from ask import answers
from photos import labelled, lines
from score import average_precision, mean


def wordings():
    """English, Spanish, and patterns of the names of the photos that show it."""
    for line in lines("wordings.tsv"):
        english, spanish, patterns = line.split("\t")
        yield english, spanish, patterns.split(" ")


def words(bench):
    photos = labelled(bench.pictures, "tuxpaint", "gcompris")
    program, paths = bench.of_photos(photos)
    english, spanish, patterns = zip(*wordings())
    right = [{path for photo, path in zip(photos, paths) if shows(photo, names)} for names in patterns]
    for language, texts in (("English", english), ("Spanish", spanish)):
        found = answers(program.search, texts)
        yield f"words, {language}: mAP@10", mean(map(average_precision, found, right))


def shows(photo, patterns):
    return any(fnmatchcase(photo.name, pattern) for pattern in patterns)
