"""What a photo costs, by the wallpapers as they are."""

import shutil

from photos import backgrounds


def cost(bench):
    folder = bench.work / "photos"
    folder.mkdir()
    walls = backgrounds(bench.cache)
    for number, wall in enumerate(walls):
        shutil.copy(wall, folder / f"{number:05}.jpg")
    for told, options in (("until they can be found", ("--passes", "photo")), ("all passes", ())):
        program = bench.empty(told.replace(" ", "-"))
        program.index(folder, *options)
        yield f"index, {told}: processor seconds a photo", program.cost.processor_seconds / len(walls)
        yield f"index, {told}: photos a second", len(walls) / program.cost.seconds
