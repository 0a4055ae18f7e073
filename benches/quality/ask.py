"""Asks the program's command line, as a person would, and reads its answers."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

WRONG_USAGE = 2
# Each question is a process of its own, which does not keep a core busy all the time.
AT_ONCE = max(4, os.cpu_count())


class Unknown(Exception):
    """The program does not know the command or one of its options."""


class Failed(Exception):
    pass


class Cost(NamedTuple):
    processor_seconds: float
    seconds: float


class Program:
    """One library of the program."""

    def __init__(self, program, library):
        self.start = [str(program), "--library", str(library)]
        self.cost = None

    def run(self, *arguments):
        """The program's answer. `cost` is then that of the run with the processes that it started, unless others ran beside it."""
        command = [*self.start, *map(str, arguments), "--json"]
        before, begun = os.times(), time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True)
        after, seconds = os.times(), time.monotonic() - begun
        used = after.children_user + after.children_system - before.children_user - before.children_system
        self.cost = Cost(used, seconds)
        if done.returncode == WRONG_USAGE:
            raise Unknown(f"{' '.join(arguments[:1])}: {done.stderr.strip().splitlines()[0]}")
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, arguments))}: {done.stdout} {done.stderr}")
        return json.loads(done.stdout)

    def index(self, folder, *options):
        answer = self.run("index", folder, *options)
        if answer["failed"]:
            raise Failed(f"not indexed: {answer['failed']}")
        return answer

    def similar(self, picture, box=None, count=10):
        """The photos most like a picture, or with a part like a box of it, best first, without itself."""
        options = ("--box", box) if box else ()
        answer = self.run("similar", picture, "-k", count + 1, *options)
        return [path for path in paths(answer["results"]) if path != picture][:count]

    def search(self, text, count=10):
        return paths(self.run("search", text, "-k", count)["results"])

    def teach(self, name, yes=(), no=()):
        answers = [option for answer in (("--yes", *yes), ("--no", *no)) if len(answer) > 1 for option in answer]
        return self.run("subject", name, *answers)

    def questions(self, name, count):
        return paths(self.run("subject", name, "--ask", count)["ask"])

    def showing(self, name, count):
        """The photos that the program takes to show the subject."""
        results = self.run("search", "--subject", name, "-k", count)["results"]
        return paths(result for result in results if result["matches"])

    def look_alikes(self):
        """Groups of files that are the same picture."""
        groups = self.run("duplicates")["groups"]
        return [[Path(path) for path in group["photos"]] for group in groups if group["kind"] != "series"]


def answers(question, *asked):
    """What `question` answers to each, in their order. The first is asked alone: it makes the indexes that others read."""
    first, *others = zip(*asked)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [question(*first), *threads.map(lambda one: question(*one), others)]


def paths(results):
    return [Path(result["path"]) for result in results]
