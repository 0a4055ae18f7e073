"""What all measures begin with: the program, the photos, a library of some of them, and the same chances in every run."""

import random
import tempfile
from contextlib import contextmanager
from pathlib import Path

from ask import Program
from photos import lay, on_white

SEED = 20261127


class Bench:
    def __init__(self, program, cache, pictures, work):
        self.program = program
        self.cache = cache
        self.pictures = pictures
        self.work = Path(work).resolve()

    def chance(self):
        return random.Random(SEED)

    def lay(self, pictures, name):
        """Files of pictures, and their paths in the same order. Their names tell nothing, nor how they stand to each other."""
        return lay(pictures, self.work / name, self.chance())

    def library(self, pictures):
        """A library of these pictures, all passes done, and their paths in the same order."""
        paths = self.lay(pictures, "photos")
        program = self.empty("library")
        program.index(self.work / "photos")
        return program, paths

    @contextmanager
    def apart(self):
        """A bench of its own for a measure with several libraries."""
        with tempfile.TemporaryDirectory(dir=self.work) as work:
            yield Bench(self.program, self.cache, self.pictures, work)

    def empty(self, name):
        return Program(self.program, self.work / name)

    def of_photos(self, photos):
        """A library of photos as they are listed, those that are cut out on white."""
        return self.library(on_white(photo.path) for photo in photos)
