"""A pool of network namespaces with servers and agents as processes of their own, so that each can be killed for itself."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

SESSION_SECONDS = 6
LOST_SECONDS = SESSION_SECONDS + 15  # a node whose agent has been away for longer is lost
CLIENT_PORT = 2181
FOLLOWERS_PORT = 2888
AGENTS_SECONDS = 60
AGENT_PORT = 7070
UNDERLAY = "10.97.0."
KEEPERS = ["/sys/fs/cgroup/scc-keeper", "/sys/fs/cgroup/unified/scc-keeper"]


def sh(*argv, check=True):
    done = subprocess.run(argv, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)} exited with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def enter(namespace):
    """From now on this thread, and those that it starts, are in that network namespace."""
    clone_newnet = 0x40000000
    with open(f"/run/netns/{namespace}") as handle:
        if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), clone_newnet) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter network namespace {namespace}")


class Process:
    """One scc daemon: started again with the same arguments, it goes on from the same data."""

    def __init__(self, name, namespace, argv, log):
        self.name, self.namespace, self.argv, self.log = name, namespace, argv, log
        self.child = None

    def start(self):
        out = open(self.log, "ab")
        self.child = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{self.namespace}", *self.argv],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        out.close()

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def kill(self):
        if self.alive():
            self.child.kill()
            self.child.wait()

    def stop(self):
        if self.alive():
            os.kill(self.child.pid, signal.SIGSTOP)

    def resume(self):
        if self.alive():
            os.kill(self.child.pid, signal.SIGCONT)


class Server(Process):
    """One of the servers, whose ZooKeeper says what it is to its ensemble."""

    def __init__(self, name, namespace, address, argv, directory):
        super().__init__(name, namespace, argv, f"{directory}.log")
        self.address, self.directory = address, directory

    def instance(self):
        """Under which its controller leads."""
        try:
            with open(f"{self.directory}/instance") as file:
                return file.read().strip()
        except FileNotFoundError:
            return None

    def role(self):
        """leader or follower; empty if it does not run. The leader alone listens for followers."""
        if not self.alive():
            return ""
        leads = sh("nsenter", f"--net=/run/netns/{self.namespace}", "ss", "-Hltn", f"src {self.address}:{FOLLOWERS_PORT}")
        return "leader" if leads.strip() else "follower"


class Lab:
    """Use as a context: what it made is gone afterwards."""

    def __init__(self, scc, directory, nodes, servers):
        self.scc, self.directory = scc, directory
        self.hub = f"scc-faults-{os.getpid()}"
        self.names = [f"n{i + 1}" for i in range(nodes)]
        self.addresses = [f"{UNDERLAY}{i + 1}" for i in range(servers)]
        self.node_addresses = [f"{UNDERLAY}{i + 11}" for i in range(nodes)]
        self.hosts = ",".join(f"{address}:{CLIENT_PORT}" for address in self.addresses)
        self.servers, self.agents = [], {}

    def namespace(self, node):
        return f"{self.hub}-{node}"

    def __enter__(self):
        try:
            self._network()
            self._processes()
            enter(self.hub)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _network(self):
        sh("ip", "netns", "add", self.hub)
        sh("ip", "-n", self.hub, "link", "set", "lo", "up")
        for bridge in ("underlay", "fabric"):
            sh("ip", "-n", self.hub, "link", "add", bridge, "type", "bridge")
            sh("ip", "-n", self.hub, "link", "set", bridge, "up")
        for address in self.addresses:
            sh("ip", "-n", self.hub, "addr", "add", address + "/24", "dev", "underlay")
        for node, address in zip(self.names, self.node_addresses):
            inside = self.namespace(node)
            sh("ip", "netns", "add", inside)
            sh("ip", "-n", inside, "link", "set", "lo", "up")
            for bridge, netdev in (("underlay", "eth0"), ("fabric", "eth1")):
                port = f"{bridge[0]}-{node}"
                sh("ip", "-n", self.hub, "link", "add", port, "type", "veth", "peer", "name", netdev, "netns", inside)
                sh("ip", "-n", self.hub, "link", "set", port, "master", bridge, "up")
                sh("ip", "-n", inside, "link", "set", netdev, "up")
            sh("ip", "-n", inside, "addr", "add", address + "/24", "dev", "eth0")

    def _processes(self):
        os.makedirs(self.directory, exist_ok=True)
        peers = [f"s{i + 1}={address}" for i, address in enumerate(self.addresses)]
        for number, address in enumerate(self.addresses):
            name = f"s{number + 1}"
            argv = [self.scc, "server", "--no-local-context", "--data", f"{self.directory}/{name}"]
            argv += ["--name", name, "--peers", ",".join(peers)] if len(peers) > 1 else ["--bind", address]
            self.servers.append(Server(name, self.hub, address, argv, f"{self.directory}/{name}"))
        for node in self.names:
            argv = [self.scc, "agent", "--server", self.hosts, "--node", node, "--underlay", "eth0", "--rdma", "eth1",
                    "--no-rdma-device", "--data", f"{self.directory}/{node}", "--token", self._token(node),
                    "--hosts", f"{self.directory}/{node}.hosts"]  # This machine's own file is none of theirs.
            self.agents[node] = Process(node, self.namespace(node), argv, f"{self.directory}/{node}.log")
        self._start_servers()
        self._let_in()
        for agent in self.agents.values():
            agent.start()

    def _start_servers(self):
        """The first makes the authority, which all of them share."""
        first, *others = self.servers
        first.start()
        wait_for(lambda: os.path.exists(self._administrator()), AGENTS_SECONDS, "the first server has an authority")
        for other in others:
            shutil.copytree(f"{first.directory}/authority", f"{other.directory}/authority")
            other.start()

    def credentials(self, name):
        """The files of a key and of its certificate, which the authority's root of servers signs for a server of that name."""
        root, own = f"{self.servers[0].directory}/authority/servers.pem", f"{self.directory}/{name}"
        with open(f"{own}.ext", "w") as extensions:
            extensions.write(f"subjectAltName=URI:scc:server:{name}\nextendedKeyUsage=clientAuth\n")
        sh("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{own}.key")
        sh("openssl", "req", "-new", "-key", f"{own}.key", "-subj", f"/O=scc/CN=server {name}", "-out", f"{own}.csr")
        sh("openssl", "x509", "-req", "-in", f"{own}.csr", "-CA", root, "-CAkey", root, "-set_serial", "1", "-days", "1",
           "-extfile", f"{own}.ext", "-out", f"{own}.crt")
        return f"{own}.key", f"{own}.crt"

    def _administrator(self):
        return f"{self.servers[0].directory}/admin.pem"

    def _token(self, node):
        return f"{self.directory}/{node}.token"

    def _let_in(self):
        """A token for each node."""
        asking = {node: self.client("token", "create", "--node", node, "--ttl", "1h", "--timeout", "120s", "--quiet")
                  for node in self.names}
        for node, asked in asking.items():
            token, _ = asked.communicate()
            if asked.returncode != 0:
                raise RuntimeError(f"no token for {node}: {token}")
            with open(os.open(self._token(node), os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(token)

    def client(self, *arguments):
        """Starts a command of an administrator."""
        return subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{self.hub}", self.scc, *arguments, "--server", ",".join(self.addresses),
             "--credentials", self._administrator()],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def all(self):
        return [*self.servers, *self.agents.values()]

    def await_agents(self):
        """
        Until every agent listens. One that has just been started builds the networks of no cluster and takes them back, if its
        node bears nothing, and only then it listens; its session of before may seem to be its own until then.
        """
        wait_for(self._agents_listen, AGENTS_SECONDS, "every agent listens")

    def _agents_listen(self):
        """Raises OSError if one does not."""
        for address in self.node_addresses:
            socket.create_connection((address, AGENT_PORT), timeout=1).close()
        return True

    def heal(self):
        """Everything runs again, and every agent listens."""
        for process in self.all():
            process.resume()
            if not process.alive():
                process.start()
        self.await_agents()

    def __exit__(self, kind, error, trace):
        for process in self.all():
            process.resume()
            process.kill()
        for namespace in [*(self.namespace(node) for node in self.names), self.hub]:
            for pid in map(int, sh("ip", "netns", "pids", namespace, check=False).split()):
                if pid != os.getpid():  # which has entered the hub
                    self._kill(pid)  # a keeper of jobs, which outlives its agent
            sh("ip", "netns", "del", namespace, check=False)
        self._remove_cgroup()

    @staticmethod
    def _remove_cgroup():
        """That of the keepers, which were killed before they could. It is not empty until they are gone."""
        for cgroup in KEEPERS:
            if os.path.isdir(cgroup):
                wait_for(lambda cgroup=cgroup: os.rmdir(cgroup) is None, 30, f"{cgroup} is removed")

    @staticmethod
    def _kill(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it has ended meanwhile


def wait_for(condition, seconds, what):
    """Polls until the condition holds; the last exception or answer is in the error if it does not in time."""
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        try:
            last = condition()
            if last is True:
                return
        except Exception as error:  # the servers may be away at any time
            last = error
        time.sleep(0.2)
    raise TimeoutError(f"{what}: not within {seconds} s; last: {last}")
