"""Three real Kafka brokers on loopback, for tests of what a cluster does: `with running_cluster(folder) as cluster`.

Each broker is also a controller, and listens in the open, with TLS (and asks for a certificate), for who signs in
(SCRAM-SHA-512 or PLAIN), and for who does both. One of them can be killed and started again. Before each open listener
is a wire (`wires`) that can be cut: clients are told its address, brokers speak with each other directly.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broker import BrokerFailed, answers, free_ports, java, listens
from processes import wait_until
from sayso_ingest.eventlog.kafka import broker_errors, build
from sayso_ingest.eventlog.security import Brokers, Security
from wires import Wires

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
NODES = (1, 2, 3)
CLUSTER_ID = "c2F5c28tdGVzdHMtMDAwMw"
SMALL = ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
USER = "sayso"
PASSWORD = "not-to-be-printed"
LISTENERS = ("CONTROLLER", "INTERNAL", "OPEN", "TLS", "SASL", "SASL_TLS")
PROTOCOLS = {"TLS": "SSL", "SASL": "SASL_PLAINTEXT", "SASL_TLS": "SASL_SSL"}

PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.listener.names=CONTROLLER
inter.broker.listener.name=INTERNAL
listeners={listeners}
advertised.listeners={advertised}
listener.security.protocol.map={protocols}
controller.quorum.voters={voters}
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
auto.create.topics.enable=false
num.partitions=3
num.network.threads=2
num.io.threads=3
log.retention.check.interval.ms=500
log.cleaner.dedupe.buffer.size=2097152
controller.quorum.election.timeout.ms=500
controller.quorum.fetch.timeout.ms=1000
broker.heartbeat.interval.ms=300
broker.session.timeout.ms=2000
replica.lag.time.max.ms=3000
log.dirs={folder}/data
ssl.keystore.type=PEM
ssl.keystore.location={certificates}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={certificates}/ca.pem
listener.name.tls.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:CN=client
{sasl}"""
SASL = """\
listener.name.{listener}.sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.{listener}.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule \
required;
listener.name.{listener}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
user_{user}="{password}";
"""


@dataclass(frozen=True)
class Certificates:
    """What TLS needs, made anew for each cluster."""

    folder: Path

    @property
    def ca(self) -> str:
        """The authority that both sides trust."""
        return str(self.folder / "ca.pem")

    @property
    def certificate(self) -> str:
        """A client's certificate and its key."""
        return str(self.folder / "client.pem")


class Cluster:
    """Three brokers that answer."""

    def __init__(self, folder: Path, wires: Wires) -> None:
        self.certificates = _certificates(folder / "certificates")
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self._folder = folder
        ports = iter(free_ports(len(NODES) * len(LISTENERS)))
        self._ports = {node: {name: next(ports) for name in LISTENERS} for node in NODES}
        self.wires = {node: wires.to(own["OPEN"]) for node, own in self._ports.items()}
        self._named = {node: {**own, "OPEN": self.wires[node].port} for node, own in self._ports.items()}
        self._format()

    def servers(self, listener: str = "OPEN") -> str:
        """The addresses of one kind of listener."""
        return ",".join(f"127.0.0.1:{self._named[node][listener]}" for node in NODES)

    def brokers(self, kind: str = "plaintext", sasl: str = "SCRAM-SHA-512") -> Brokers:
        """How to reach them: the kinds are those of the setting `kafka_security`."""
        if kind == "plaintext":
            return Brokers(self.servers())
        secured = Security(
            kind,
            ca=self.certificates.ca if "tls" in kind else "",
            certificate=self.certificates.certificate if kind == "tls" else "",
            sasl=sasl,
            user=USER if "sasl" in kind else "",
            password=PASSWORD if "sasl" in kind else "",
        )
        return Brokers(self.servers(kind.upper()), secured)

    def url(self, prefix: str) -> str:
        """The address of event logs whose topics begin with `prefix`."""
        return f"kafka://{self.servers()}/{prefix}"

    def start(self, *nodes: int) -> None:
        """Start brokers, and wait until each listens."""
        for node in nodes:
            self.launch(node)
        for node in nodes:
            if not answers(self.processes[node], self._ports[node]["OPEN"]):
                raise BrokerFailed(
                    f"Broker {node} ended:\n{(self._folder / f'{node}.log').read_text()[-4000:]}"
                )

    def launch(self, node: int) -> None:
        """Start a broker. It ends with the thread that calls this."""
        with (self._folder / f"{node}.log").open("ab") as output:
            self.processes[node] = subprocess.Popen(
                java(["kafka.Kafka", str(self._settings(node))], SMALL),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def kill(self, node: int) -> None:
        """kill -9."""
        self.processes[node].kill()
        self.processes[node].wait()

    def pause(self, node: int) -> None:
        """Let it hang, its connections open."""
        self.processes[node].send_signal(signal.SIGSTOP)

    def go_on(self, node: int) -> None:
        """Let it go on."""
        self.processes[node].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kill all of them."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def wait_until_whole(self) -> None:
        """Wait until every broker is known to the others, and every replica has caught up."""
        wait_until(self._is_whole, seconds=60, pause=0.2, what="a cluster in order")

    def sign_up(self) -> None:
        """Make the user that signs in with SCRAM, with the rights that the manual says it needs."""
        with closing(self.admin()) as admin:
            from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

            admin.alter_user_scram_credentials(
                [UserScramCredentialUpsertion(USER, ScramMechanism.SCRAM_SHA_512, PASSWORD)]
            )
            assert not admin.create_acls(_rights())["failed"]

    def admin(self) -> Any:
        """A client to manage it with, past the wires; the caller closes it."""
        servers = ",".join(f"127.0.0.1:{self._ports[node]['INTERNAL']}" for node in NODES)
        return build("KafkaAdminClient", Brokers(servers), request_timeout_ms=5_000)[0]

    def _is_whole(self) -> bool:
        # A client of brokers that are away leaves its sockets, and the thread that has them, whatever closes it.
        if not all(listens(own["INTERNAL"]) for own in self._ports.values()):
            return False
        try:
            with closing(self.admin()) as admin:
                alive = {broker["broker_id"] for broker in admin.describe_cluster()["brokers"]}
                partitions = [p for topic in admin.describe_topics() for p in topic["partitions"]]
        except broker_errors():  # it is just about to become so
            return False
        caught_up = all(
            len(p["isr_nodes"]) == len(p["replica_nodes"]) and p["leader_id"] >= 0 for p in partitions
        )
        return alive == set(NODES) and caught_up

    def _settings(self, node: int) -> Path:
        return self._folder / str(node) / "server.properties"

    def _format(self) -> None:
        """Format the storage of one broker, and give the others a copy under their own names: that saves two JVMs."""
        for node in NODES:
            self._settings(node).parent.mkdir()
            self._settings(node).write_text(self._properties(node))
        words = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(self._settings(NODES[0]))]
        done = subprocess.run(java(words), capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise BrokerFailed(f"Formatting the storage failed:\n{done.stdout}{done.stderr}")
        first = self._folder / str(NODES[0]) / "data"
        for node in NODES[1:]:
            copy_storage(first, self._folder / str(node) / "data", node)

    def _properties(self, node: int) -> str:
        def addresses(ports: dict[str, int], names: Sequence[str]) -> str:
            return ",".join(f"{name}://127.0.0.1:{ports[name]}" for name in names)

        return PROPERTIES.format(
            node=node,
            listeners=addresses(self._ports[node], LISTENERS),
            advertised=addresses(self._named[node], LISTENERS[1:]),
            protocols=",".join(f"{name}:{PROTOCOLS.get(name, 'PLAINTEXT')}" for name in LISTENERS),
            voters=",".join(f"{n}@127.0.0.1:{self._ports[n]['CONTROLLER']}" for n in NODES),
            folder=self._folder / str(node),
            certificates=self.certificates.folder,
            sasl="".join(
                SASL.format(listener=name, user=USER, password=PASSWORD) for name in ("sasl", "sasl_tls")
            ),
        )


def copy_storage(formatted: Path, target: Path, node: int) -> None:
    """Give a broker the formatted storage of another under its own name: that saves a JVM."""
    shutil.copytree(formatted, target)
    lines = (target / "meta.properties").read_text().splitlines()
    own = [line for line in lines if not line.startswith(("node.id=", "directory.id="))]
    own += [f"node.id={node}", f"directory.id=AAAAAAAAAAAAAAAAAAAA{node}w"]
    (target / "meta.properties").write_text("\n".join(own) + "\n")


def _rights() -> list[Any]:
    """What the user may do, to topics alone, as deploy/systemd/README.md has it."""
    from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

    topics, allow = ResourcePattern(ResourceType.TOPIC, "*"), ACLPermissionType.ALLOW
    words = re.findall(r"--operation (\w+)", (DEPLOY / "systemd" / "README.md").read_text())
    operations = [ACLOperation[re.sub(r"(?<!^)(?=[A-Z])", "_", word).upper()] for word in words]
    return [ACL(f"User:{USER}", "*", operation, allow, topics) for operation in operations]


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Run three brokers for the block, and kill them."""
    with Wires() as wires:
        cluster = Cluster(folder, wires)
        try:
            cluster.start(*NODES)
            cluster.wait_until_whole()
            cluster.sign_up()
            yield cluster
        finally:
            cluster.stop()


def _certificates(folder: Path) -> Certificates:
    """Make an authority, and certificates of brokers and of a client that it signs."""
    folder.mkdir()
    _openssl(folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests -keyout ca.key -out ca.pem")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    for name in ("broker", "client"):
        _openssl(folder, f"req -newkey rsa:2048 -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr")
        _openssl(
            folder,
            f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out {name}.crt",
        )
        (folder / f"{name}.pem").write_text(
            (folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text()
        )
    return Certificates(folder)


def _openssl(folder: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
