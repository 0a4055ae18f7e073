"""Subjects taught by a few ticks, then by answers to the program's own questions."""

import random
from functools import partial

from ask import answers
from bench import SEED
from photos import labelled
from score import f1, mean

NAMES = ("bird", "fish", "flower", "fruit", "vegetable", "windmill")
TICKS = 8
# Which photos are ticked matters more than most changes of the program.
DRAWS = 3
ROUNDS, QUESTIONS = 4, 5


def subjects(bench):
    photos = [photo for photo in labelled(bench.pictures, "tuxpaint", "gcompris") if photo.label]
    program, paths = bench.of_photos(photos)
    right = [{path for photo, path in zip(photos, paths) if photo.label == name} for name in NAMES]
    draws = [(name, showing, draw) for name, showing in zip(NAMES, right) for draw in range(DRAWS)]
    ticked, answered = zip(*answers(partial(taught, program, len(paths)), *zip(*draws)))
    yield f"subjects, {TICKS} ticks: F1", mean(ticked)
    yield f"subjects, and {ROUNDS * QUESTIONS} answers: F1", mean(answered)


def taught(program, count, label, right, draw):
    """F1 after the ticks, and after the answers, over the photos about which nothing was told by then."""
    name = f"{label} {draw}"
    told = set(random.Random(SEED + draw).sample(sorted(right), TICKS))

    def of_the_rest():
        return f1(set(program.showing(name, count)) - told, right - told)

    program.teach(name, yes=told)
    ticked = of_the_rest()
    for _ in range(ROUNDS):
        asked = set(program.questions(name, QUESTIONS))
        program.teach(name, yes=asked & right, no=asked - right)
        told |= asked
    return ticked, of_the_rest()
