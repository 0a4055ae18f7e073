"""Photos like a photo: of the same kind, of the same thing, and with the same thing somewhere in them."""

from functools import partial

from ask import answers
from photos import labelled, lines, on_white, walls
from PIL import Image
from score import average_precision, mean, precision, recall
from views import cut_out, scene, views

INSTANCES = 40
SCENES = 3


def category(bench):
    for name, told in (("tuxpaint", "fitted on"), ("gcompris", "held out")):
        yield f"same kind, {name} ({told}): mAP@10", of_one_set(bench, name)


def of_one_set(bench, name):
    photos = labelled(bench.pictures, name)
    with bench.apart() as here:
        program, paths = here.of_photos(photos)
        asked = [(photo, path) for photo, path in zip(photos, paths) if photo.label]
        found = answers(program.similar, [path for _, path in asked])
    right = {label: {path for photo, path in asked if photo.label == label} for label in {photo.label for photo, _ in asked}}
    return mean(average_precision(answer, right[photo.label] - {path}) for answer, (photo, path) in zip(found, asked))


def instance(bench):
    chance = bench.chance()
    photos = labelled(bench.pictures, "gcompris")
    chosen = chance.sample(range(len(photos)), INSTANCES)
    pictures = [on_white(photo.path) for photo in photos]
    seen = [(number, view) for number in chosen for view in views(pictures[number], chance)]
    program, paths = bench.library(pictures + [view for _, view in seen])
    originals, of_views = paths[: len(photos)], paths[len(photos) :]
    same = {number: {originals[number]} for number in chosen}
    for (number, _), path in zip(seen, of_views):
        same[number].add(path)
    found = zip(answers(program.similar, of_views), seen, of_views)
    figure = mean(average_precision(answer, same[number] - {path}) for answer, (number, _), path in found)
    yield "same photo, gcompris (held out): mAP@10", figure


def parts(bench):
    chance = bench.chance()
    others = [on_white(photo.path) for photo in labelled(bench.pictures, "gcompris")]
    around = list(walls(bench.cache))
    subjects = [cut_out(bench.pictures / "tuxpaint" / line) for line in lines("subjects.txt")]
    made = [[scene(subject, wall, chance) for wall in chance.sample(around, SCENES + 1)] for subject in subjects]
    program, paths = bench.library([picture for scenes in made for picture, _ in scenes[:SCENES]] + others)
    right = [set(paths[begin : begin + SCENES]) for begin in range(0, SCENES * len(subjects), SCENES)]
    alone = bench.lay([whitened(subject) for subject in subjects], "alone")
    further = bench.lay([scenes[SCENES][0] for scenes in made], "further")
    boxes = [",".join(f"{side:.4f}" for side in scenes[SCENES][1]) for scenes in made]
    asked = {
        "whole list": (program.similar, alone),
        "--box 0,0,1,1": (partial(program.similar, box="0,0,1,1"), alone),
        "--box in a fourth scene": (program.similar, further, boxes),
    }
    for how, question in asked.items():
        found = answers(*question)
        yield f"small subjects, {how}: P@3", mean(precision(*pair, 3) for pair in zip(found, right))
        yield f"small subjects, {how}: recall@10", mean(recall(*pair, 10) for pair in zip(found, right))


def whitened(subject):
    white = Image.new("RGB", subject.size, "white")
    white.paste(subject, mask=subject.getchannel("A"))
    return white
