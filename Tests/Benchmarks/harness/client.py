"""A small HTTP client that counts bytes: one request at a time, or many at once."""

import selectors
import socket
import time
import urllib.parse
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    fields: dict
    head_bytes: int
    body: bytes
    milliseconds: float


@dataclass
class Burst:
    seconds: list  # when each complete answer had come
    statuses: list
    sizes: list  # of the complete answers' bodies


def request_bytes(url, fields):
    parts = urllib.parse.urlparse(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines + ["", ""]).encode()


def connect(url, timeout):
    parts = urllib.parse.urlparse(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=timeout)


def parse_head(head):
    """The status and the fields, by their names in lower case."""
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(":", 1) for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, value in fields.items()}


def dechunked(data):
    body = bytearray()
    while data:
        size, _, data = data.partition(b"\r\n")
        count = int(size.split(b";")[0], 16)
        body += data[:count]
        data = data[count + 2 :]
    return bytes(body)


def fetch(url, fields=None, timeout=60):
    """One request on a connection of its own. The clock runs from the request to the last byte."""
    with connect(url, timeout) as connection:
        return ask(connection, url, fields)


def ask(connection, url, fields=None):
    """One request on a connection that is there."""
    request = request_bytes(url, fields or {})
    began = time.perf_counter()
    connection.sendall(request)
    received = bytearray()
    block = bytearray(1 << 20)
    view = memoryview(block)
    end, length = -1, None
    while True:
        count = connection.recv_into(block)
        received += view[:count]
        if end < 0:
            end = received.find(b"\r\n\r\n")
            if end >= 0:
                status, head = parse_head(bytes(received[:end]))
                length = int(head["content-length"]) if "content-length" in head else None
        if end >= 0:
            have = len(received) - end - 4
            if have == length or (length is None and received.endswith(b"0\r\n\r\n")):
                break
        if count == 0:
            raise ConnectionError(f"{url}: the connection ended after {len(received)} bytes")
    milliseconds = (time.perf_counter() - began) * 1000
    body = bytes(received[end + 4 :])
    return Answer(status, head, end + 4, body if length is not None else dechunked(body), milliseconds)


class Pending:
    """The answer of one connection, as far as it has come. Bodies are counted, not kept."""

    def __init__(self):
        self.start = b""
        self.status = None
        self.fields = {}
        self.length = None  # of the body; -1 where it is sent in chunks
        self.received = 0
        self.tail = b""

    def take(self, data):
        if self.status is None:
            self.start += data
            end = self.start.find(b"\r\n\r\n")
            if end < 0:
                return
            self.status, self.fields = parse_head(self.start[:end])
            self.length = int(self.fields.get("content-length", -1))
            data = self.start[end + 4 :]
        self.received += len(data)
        self.tail = (self.tail + bytes(data[-8:]))[-8:]

    @property
    def complete(self):
        return self.received == self.length or (self.length == -1 and self.tail.endswith(b"0\r\n\r\n"))


def burst(url, count, limit):
    """So many requests at once, each on a connection of its own; gives up after `limit` seconds."""
    request = request_bytes(url, {})
    selector = selectors.DefaultSelector()
    connections = [connect(url, 10) for _ in range(count)]
    pending = {connection: Pending() for connection in connections}
    result = Burst([], [], [])
    block = bytearray(1 << 20)
    view = memoryview(block)
    began = time.perf_counter()
    for connection in connections:
        connection.setblocking(False)
        connection.send(request)
        selector.register(connection, selectors.EVENT_READ)
    while selector.get_map() and time.perf_counter() - began < limit:
        for key, _ in selector.select(timeout=0.5):
            connection, answer = key.fileobj, pending[key.fileobj]
            try:
                got = connection.recv_into(block)
            except OSError:
                got = 0
            answer.take(view[:got].tobytes() if answer.status is None else view[:got])
            if answer.complete:
                result.seconds.append(time.perf_counter() - began)
                result.statuses.append(answer.status)
                result.sizes.append(answer.received)
            if answer.complete or got == 0:
                selector.unregister(connection)
    for connection in connections:
        connection.close()
    return result
