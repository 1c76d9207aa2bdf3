"""Clients that send a request and read nothing, until the standard input ends.

Usage: unread.py PORT TARGET COUNT PAUSE; prints a line when the last one has come.
"""

import socket
import sys
import time

port, target, count, pause = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
clients = []
for _ in range(count):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(30)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    clients.append(client)
    time.sleep(pause)
print("here", flush=True)
sys.stdin.read()
