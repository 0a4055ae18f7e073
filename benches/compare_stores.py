"""Exact and approximate search of other libraries over the vectors of `make bench`: rows of one table.

Arguments: folder of the vectors, rows, dimension. One thread each; times are CPU time of the process, so that a busy
machine does not count. `scripts/bench-stores.sh` runs it in an environment of its own.
"""

import os
import statistics
import sys
import tempfile
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import faiss  # noqa: E402  the variables come first
import numpy as np  # noqa: E402
from pymilvus import DataType, MilvusClient  # noqa: E402
from usearch.index import Index  # noqa: E402

LIMIT = 50
TIMES = 5


def cpu(work):
    """CPU seconds of the whole process, and the answer."""
    started = time.process_time()
    answer = work()
    return time.process_time() - started, answer


def measure(name, fill, search, queries, truth):
    """Prints a row: search answers the ids of the best rows."""
    times, found = [], 0
    for query, best in zip(queries, truth):
        runs = [cpu(lambda: search(query)) for _ in range(TIMES)]
        times.append(min(seconds for seconds, _ in runs))
        found += len(set(map(int, runs[0][1])) & set(map(int, best)))
    recall = found / (LIMIT * len(queries))
    print(f"| {name} | {fill:.1f} | {statistics.median(times) * 1e3:.2f} | {recall:.4f} |", flush=True)


def numpy_exact(vectors, query):
    scores = vectors @ query
    best = np.argpartition(-scores, LIMIT)[:LIMIT]
    return best[np.argsort(-scores[best])]


def with_faiss(vectors, queries, truth):
    flat = faiss.IndexFlatIP(vectors.shape[1])
    fill, _ = cpu(lambda: flat.add(vectors))
    measure("faiss flat, f32", fill, lambda query: flat.search(query[None], LIMIT)[1][0], queries, truth)
    graph = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = 128
    fill, _ = cpu(lambda: graph.add(vectors))
    for effort in (128, 400):
        graph.hnsw.efSearch = effort
        name = f"faiss HNSW 16, ef {effort}"
        measure(name, fill, lambda query: graph.search(query[None], LIMIT)[1][0], queries, truth)


def with_usearch(vectors, queries, truth):
    graph = Index(ndim=vectors.shape[1], metric="cos", dtype="f16", connectivity=16)
    fill, _ = cpu(lambda: graph.add(np.arange(len(vectors)), vectors, threads=1))
    for effort in (128, 400):
        graph.expansion_search = effort
        name = f"usearch HNSW 16, f16, ef {effort}"
        measure(name, fill, lambda query: graph.search(query, LIMIT).keys, queries, truth)


def with_milvus_lite(vectors, queries, truth):
    with tempfile.TemporaryDirectory() as folder:
        client = MilvusClient(os.path.join(folder, "bench.db"))
        schema = client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        index = client.prepare_index_params()
        index.add_index("vector", index_type="FLAT", metric_type="COSINE")
        client.create_collection("bench", schema=schema, index_params=index)

        def fill():
            for start in range(0, len(vectors), 500):
                rows = enumerate(vectors[start : start + 500], start)
                client.insert("bench", [{"id": id, "vector": row} for id, row in rows])
            client.flush("bench")
            client.load_collection("bench")

        def search(query):
            hits = client.search("bench", data=[query.tolist()], limit=LIMIT, anns_field="vector")
            return [hit["id"] for hit in hits[0]]

        seconds, _ = cpu(fill)
        measure("Milvus Lite, FLAT", seconds, search, queries, truth)
        client.close()


def main():
    folder, rows, dimension = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    faiss.omp_set_num_threads(1)
    halves = np.fromfile(os.path.join(folder, f"{rows}x{dimension}.f16"), dtype="<f2")
    vectors = np.ascontiguousarray(halves.reshape(rows, dimension), dtype=np.float32)
    queries = np.fromfile(os.path.join(folder, f"queries-{dimension}.f32"), dtype="<f4").reshape(-1, dimension)
    truth = [numpy_exact(vectors, query) for query in queries]
    measure("numpy, f32", 0, lambda query: numpy_exact(vectors, query), queries, truth)
    with_faiss(vectors, queries, truth)
    with_usearch(vectors, queries, truth)
    with_milvus_lite(vectors, queries, truth)


main()
