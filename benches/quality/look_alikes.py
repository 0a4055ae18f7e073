"""Copies of photos among other photos."""

from photos import labelled, on_white, walls
from score import f1, pairs
from views import copies

COPIED = 40


def look_alikes(bench):
    chance = bench.chance()
    pictures = [*walls(bench.cache), *(on_white(photo.path) for photo in labelled(bench.pictures, "tuxpaint"))]
    chosen = chance.sample(range(len(pictures)), COPIED)
    made = [(number, copy) for number in chosen for copy in copies(pictures[number], chance)]
    program, paths = bench.library(pictures + [copy for _, copy in made])
    groups = {number: [paths[number]] for number in chosen}
    for (number, _), path in zip(made, paths[len(pictures) :]):
        groups[number].append(path)
    found, right = pairs(program.look_alikes()), pairs(groups.values())
    yield "look-alikes: precision of pairs", len(found & right) / max(1, len(found))
    yield "look-alikes: recall of pairs", len(found & right) / len(right)
    yield "look-alikes: F1 of pairs", f1(found, right)
