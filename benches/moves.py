"""Moves the vectors of a library to each store and back: rows of one table.

Arguments: the program, a library, the cache of the tests. `scripts/bench-moves.sh` runs it. Each move begins with a copy
of the library and an empty server on loopback; its time includes the start of the program and 100 searches that are
compared with the exact answers.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE_SECONDS = 120


def run(program, library, *arguments, token=None):
    """The answer of the program, and the seconds it took."""
    environment = dict(os.environ)
    if token:
        environment["FOTONOVELA_STORE_TOKEN"] = token
    begun = time.monotonic()
    command = [program, "--library", library, "store", *arguments, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    seconds = time.monotonic() - begun
    answer = json.loads(done.stdout)
    if done.returncode != 0:
        raise RuntimeError(answer)
    return answer, seconds


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


def megabytes_on_disk(folder):
    files = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return sum(os.lstat(file).st_blocks for file in files) * 512 / 1e6


def most_memory(pid):
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def measure(name, program, library, uri, server=None, data=None, token=None):
    with tempfile.TemporaryDirectory(dir=os.path.dirname(library)) as copy:
        shutil.copy(os.path.join(library, "catalog.sqlite"), copy)
        # The embedded store is full, and the server answers.
        run(program, copy, "verify")
        begun = time.monotonic()
        while True:
            try:
                run(program, copy, "status", "--store", uri, token=token)
                break
            except RuntimeError:
                if time.monotonic() - begun > PATIENCE_SECONDS:
                    raise
        there, seconds = run(program, copy, "move", uri, token=token)
        back, seconds_back = run(program, copy, "move", "embedded", token=token)
    memory = f"{most_memory(server.pid):.0f}" if server else "-"
    disk = f"{megabytes_on_disk(data):.0f}" if data else "-"
    rate = there["rows"] / seconds
    print(
        f"| {name} | {there['rows']} | {seconds:.1f} | {rate:.0f} | {there['recall']:.4f} | {seconds_back:.1f} "
        f"| {memory} | {disk} |",
        flush=True,
    )


def with_server(name, command, port, program, library, data):
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            measure(name, program, library, f"http://127.0.0.1:{port}", server, data)
        finally:
            server.kill()


def main(program, library, cache):
    print("| store | rows | there, s | rows/s | recall | back, s | its memory, MB | its disk, MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        lite = os.path.join(cache, "stores-venv/bin/milvus-lite")
        command = [lite, "server", "--host", "127.0.0.1", "--port", str(port), "--data-dir", data]
        with_server("Milvus Lite 3.2.2", command, port, program, library, data)
    package = os.path.join(cache, "milvus-2.3.5")
    if os.path.exists(os.path.join(package, "done")):
        with tempfile.TemporaryDirectory() as data:
            port = free_port()
            script = os.path.join(os.path.dirname(__file__), "../tests/stores/milvus_server.py")
            command = [sys.executable, script, package, data, str(port)]
            with_server("Milvus 2.3.5 standalone", command, port, program, library, data)
    qdrant = os.environ.get("QDRANT_URL")
    if qdrant:
        measure("Qdrant", program, library, f"qdrant+{qdrant}", token=os.environ.get("QDRANT_TOKEN"))


main(*sys.argv[1:])
