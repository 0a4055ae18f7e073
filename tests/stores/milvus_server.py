"""Becomes a Milvus server: writes its configuration as the package of PyPI does, then runs its program in this process.

Arguments: folder of the unpacked package, folder for data, port, then settings such as authorization_enabled=true.
"""

import os
import socket
import sys

package, data, port, *settings = sys.argv[1:]
sys.path.insert(0, os.path.join(package, "python"))
import milvus  # noqa: E402

config = milvus.MilvusServerConfig(data_dir=data, proxy_port=int(port))
for setting in settings:
    name, value = setting.split("=", 1)
    kind = config.get_type(name)
    config.set(name, value == "true" if kind is bool else kind(value))
# A server that starts again has its configuration. Its old port may look taken while old connections time out.
if not os.path.exists(os.path.join(data, "configs", "milvus.yaml")):
    config.resolve()
metrics, held = config.resolve_port(9091)
held.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


# Its etcd would take 2379 and 2380, and there could be one server on a machine. What this file does not say comes from
# milvus.yaml.
etcd = os.path.join(data, "configs", "etcd.yaml")
if not os.path.exists(etcd):
    client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    with open(etcd, "w") as file:
        file.write(
            f"listen-client-urls: {client}\nadvertise-client-urls: {client}\n"
            f"listen-peer-urls: {peer}\ninitial-advertise-peer-urls: {peer}\ninitial-cluster: default={peer}\n"
        )
program = os.path.join(package, "bin", "milvus")
os.environ.update(
    DEPLOY_MODE="STANDALONE",
    ETCD_CONFIG_PATH=etcd,
    METRICS_PORT=str(metrics),
    MILVUS_RUN_DIR=os.path.join(data, "run"),
    LD_LIBRARY_PATH=os.path.dirname(program),
)
os.chdir(data)
os.execv(program, [program, "run", "standalone"])
