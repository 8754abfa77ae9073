"""Finds its peers as torch.distributed.init_process_group("env://") does: rank 0 listens at MASTER_PORT of all addresses,
all connect to it at MASTER_ADDR, say who they are, and hear the sum of all ranks when the last one has come."""
import os
import socket
import time

env = {name: int(os.environ[name]) for name in (
    "RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "NODE_RANK", "GROUP_RANK", "GROUP_WORLD_SIZE", "MASTER_PORT")}
assert 0 <= env["RANK"] < env["WORLD_SIZE"], env
assert 0 <= env["LOCAL_RANK"] < env["LOCAL_WORLD_SIZE"], env
assert env["NODE_RANK"] == env["GROUP_RANK"] < env["GROUP_WORLD_SIZE"], env
for name in ("NCCL_SOCKET_IFNAME", "GLOO_SOCKET_IFNAME", "TORCHELASTIC_RUN_ID"):
    assert os.environ[name], name

server = None
if env["RANK"] == 0:
    server = socket.socket(socket.AF_INET6)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::", env["MASTER_PORT"]))
    server.listen()
deadline = time.monotonic() + 20
while True:
    try:
        peer = socket.create_connection((os.environ["MASTER_ADDR"], env["MASTER_PORT"]), 20)
        break
    except ConnectionRefusedError:
        assert time.monotonic() < deadline, "rank 0 does not listen"
        time.sleep(0.02)
peer.sendall(b"%d\n" % env["RANK"])
if server:
    callers = [server.accept()[0] for _ in range(env["WORLD_SIZE"])]
    ranks = [int(caller.makefile().readline()) for caller in callers]
    assert sorted(ranks) == list(range(env["WORLD_SIZE"])), ranks
    for caller in callers:
        caller.sendall(b"%d\n" % sum(ranks))
total = int(peer.makefile().readline())
print(f'{env["RANK"]} is {env["LOCAL_RANK"]} of {env["LOCAL_WORLD_SIZE"]} on node {env["NODE_RANK"]}, sum {total}')
