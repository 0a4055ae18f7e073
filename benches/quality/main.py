"""Prints what is found, one row a figure. Arguments: the program, the cache, the measures (none: all)."""

import sys
import tempfile
from pathlib import Path

from ask import Unknown
from bench import Bench
from cost import cost
from look_alikes import look_alikes
from photos import fetch
from similar import category, instance, parts
from subjects import subjects
from words import words

MEASURES = {
    "category": category,
    "instance": instance,
    "parts": parts,
    "words": words,
    "subjects": subjects,
    "look-alikes": look_alikes,
    "cost": cost,
}


def main(program, cache, *names):
    unknown = set(names) - set(MEASURES)
    if unknown:
        sys.exit(f"There is no measure {', '.join(sorted(unknown))}. There are {', '.join(MEASURES)}")
    cache = Path(cache)
    pictures = fetch(cache)
    print("| measure | figure |\n|---|---|", flush=True)
    for name in names or MEASURES:
        with tempfile.TemporaryDirectory() as work:
            try:
                for what, figure in MEASURES[name](Bench(program, cache, pictures, work)):
                    print(f"| {what} | {figure:.3f} |", flush=True)
            except Unknown as unknown:
                print(f"| {name} | this program has no such command: {unknown} |", flush=True)


main(*sys.argv[1:])
