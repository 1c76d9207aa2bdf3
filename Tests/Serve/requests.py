#!/usr/bin/env python3
"""Sends the same requests to an example and to `cached-routes serve`, and compares the responses.

  Tests/Serve/requests.py UsersAPI|Library --app PORT --served PORT --list FILE [--token MEMBER=TOKEN]...

The list is that of `cached-routes list --format json`. Status, body and fields have to be equal, but for VARIES, each time that
a request is sent. Where a response comes from may differ for SETTLING seconds, if its route has tables, whose changes each
service hears of when it does, or a ttl that ends between two requests: Cache-Status alone then. Every route with SQL has to
occur with a 2xx.
"""
import argparse
import collections
import http.client
import json
import re
import sys
import time

# Times, and how long a response is kept, which jitter varies.
VARIES = {"date", "age", "last-modified"}
SETTLING = 3
# The seconds for which a service may not yet trust its tables.
STARTING = 30
# Responses with this ttl, in seconds, or a shorter one expire while requests are sent.
SHORT = 5
ADA = "00000000-0000-4000-8000-000000000002"
GRACE = "00000000-0000-4000-8000-000000000003"
LIBRARIAN = "00000000-0000-4000-8000-000000000001"
JSON = {"Content-Type": "application/json"}


class Response:
    def __init__(self, response):
        self.status = response.status
        self.body = response.read()
        self.all = [(name.lower(), value) for name, value in response.getheaders()]

    def field(self, name):
        return next((value for key, value in self.all if key == name), None)

    def compared(self):
        """What has to be equal."""
        fields = sorted(
            (name, re.sub(r"ttl=-?\d+", "ttl=…", value) if name == "cache-status" else value)
            for name, value in self.all
            if name not in VARIES
        )
        return self.status, self.body, fields


def is_settling(app, served):
    """Tells whether two responses are the same but for Cache-Status, given what `compared` has of them."""
    fields = [[field for field in response[2] if field[0] != "cache-status"] for response in (app, served)]
    return app[:2] == served[:2] and fields[0] == fields[1]


def settles(route):
    """Tells whether Cache-Status may differ for a moment, given a route of the list."""
    cache = route["cache"] or {}
    ttl = re.fullmatch(r"(\d+)(ms|s)", cache.get("ttl", ""))
    return "tables" in cache or ttl is not None and int(ttl[1]) / (1000 if ttl[2] == "ms" else 1) <= SHORT


class Session:
    """Both servers, with one connection to each."""

    def __init__(self, app, served, routes):
        self.servers = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for port in (app, served)]
        self.settling = {route["name"] for route in routes if settles(route)}
        self.requests = 0
        self.repeated = 0
        self.failures = []
        self.successes = set()
        self.statuses = collections.Counter()

    def send(self, method, target, fields, body):
        responses = []
        for index, server in enumerate(self.servers):
            server.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            server.putheader("Host", "localhost")
            for name, value in fields.items():
                # A pair is of values for one server each.
                server.putheader(name, value[index] if isinstance(value, tuple) else value)
            if body is not None or method not in ("GET", "HEAD", "OPTIONS"):
                server.putheader("Content-Length", str(len(body or b"")))
            server.endheaders(body)
            responses.append(Response(server.getresponse()))
        return responses

    def ask(self, route, method, target, fields=None, body=None):
        """Sends a request to both; returns the responses, the example's first."""
        fields = fields or {}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        self.requests += 1
        start = time.monotonic()
        while True:
            responses = self.send(method, target, fields, body)
            app, served = (response.compared() for response in responses)
            if app == served:
                break
            may_settle = method in ("GET", "HEAD") and route in self.settling and is_settling(app, served)
            if not may_settle or time.monotonic() - start > SETTLING:
                self.failures.append(f"{method} {target} {fields or ''}\n{self.difference(app, served)}")
                break
            self.repeated += 1
            time.sleep(0.05)
        self.statuses[responses[0].status] += 1
        if 200 <= responses[0].status < 300:
            self.successes.add(route)
        return responses

    @staticmethod
    def difference(app, served):
        lines = []
        if app[0] != served[0]:
            lines.append(f"  status: {app[0]} and {served[0]}")
        if app[1] != served[1]:
            lines.append(f"  body: {app[1][:300]!r}\n    and {served[1][:300]!r}")
        lines += [f"  of the app alone: {name}: {value}" for name, value in app[2] if (name, value) not in served[2]]
        lines += [f"  of serve alone: {name}: {value}" for name, value in served[2] if (name, value) not in app[2]]
        return "\n".join(lines) or "  the order of equal fields"

    def start(self, targets):
        """Waits until both servers store responses, because they may distrust tables until they have looked at the triggers."""
        start = time.monotonic()
        for target in targets:
            while not all("; hit" in (one.field("cache-status") or "") for one in self.send("GET", target, {}, None)):
                if time.monotonic() - start > STARTING:
                    sys.exit(f"GET {target} is no hit of both servers after {STARTING} s")
                time.sleep(0.05)

    def read(self, route, target, fields=None):
        """All that HTTP knows to ask about a stored response."""
        fields = fields or {}
        # Twice, so that the second one is a hit where there are hits.
        self.ask(route, "GET", target, fields)
        first = self.ask(route, "GET", target, fields)
        tag = first[0].field("etag") or '"none"'
        modified = tuple(response.field("last-modified") or "Thu, 01 Jan 1970 00:00:00 GMT" for response in first)
        self.ask(route, "HEAD", target, fields)
        for more in (
            {"Accept-Encoding": "gzip"},
            {"Accept-Encoding": "gzip;q=0, br"},
            {"If-None-Match": tag},
            {"If-None-Match": f'"other", W/{tag}'},
            {"If-None-Match": "*"},
            {"If-None-Match": '"other"'},
            {"If-Modified-Since": modified},
            {"If-Match": '"other"'},
            {"If-Match": tag},
            {"Cache-Control": "max-age=0"},
            {"Cache-Control": "no-cache"},
            {"Cache-Control": "no-store"},
            {"Cache-Control": "only-if-cached"},
            {"Pragma": "no-cache"},
            {"Range": "bytes=0-3"},
            {"Accept": "text/html"},
        ):
            self.ask(route, "GET", target, {**fields, **more})
        self.ask(route, "HEAD", target, {**fields, "If-None-Match": tag, "Accept-Encoding": "gzip"})

    def each(self, route, path, targets, fields=None):
        """Requests whose inputs are right or wrong in some way."""
        for rest in targets:
            self.ask(route, "GET", path + rest, fields)

    def bodies(self, route, method, target, fields, right):
        """Bodies that are wrong in some way, given a right one."""
        name = next(iter(right))
        for body in (
            None,
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"a":1,"a":2}',
            b"\xff",
            {},
            {**right, "other": 1},
            {**right, name: None},
            {**right, name: []},
            {**right, name: {}},
            {**right, name: "x" * 70_000},
            json.dumps(right).replace("{", '{"' + name + '": 1,', 1).encode(),
        ):
            self.ask(route, method, target, {**fields, **JSON}, body)
        for kind in ("text/plain", "application/json; charset=latin1", "application/json; charset=utf-8;", "*/*"):
            self.ask(route, method, target, {**fields, "Content-Type": kind}, b'{"":')


INTEGERS = ("0", "-1", "1.0", "+1", "01", "1e2", "abc", "", "%31", "9223372036854775807", "9223372036854775808", "%00", "%FF", "%")


def users(session):
    path = "/api/v1/users"
    session.start([path])
    session.read("listUsers", path)
    session.read("listUsers", path + "?limit=1000&skip=3")
    session.each("listUsers", path, [f"?limit={text}" for text in (*INTEGERS, "20000", "20001")])
    session.each("listUsers", path, [f"?skip={text}&limit=2" for text in (*INTEGERS, "19999", "20000")])
    session.each("listUsers", path, ("?limit=1&limit=2", "?LIMIT=1", "?utm_source=x&limit=3", "?", "?&&limit=3&", "?limit", "/"))
    session.read("newestUsers", path + "/newest")
    session.read("getUser", path + "/7")
    session.read("getUser", path + "/20000")
    session.read("getUser", path + "/2000000")
    session.each("getUser", path, [f"/{text}" for text in (*INTEGERS, "2147483647", "2147483648", "7/", "%37", "7?x=1", "7/8")])
    for method in ("OPTIONS", "PUT", "TRACE"):
        session.ask("", method, path)
    for target in ("/", "/api/v1", "/api/v1/nothing", "/health", "/ready", "//api/v1/users", "/api/v1/../v1/users"):
        session.ask("", "GET", target)

    user = {"email": "ada@example.com", "full_name": "Ada", "bio": "née \"B\"\n\u2028"}
    session.bodies("createUser", "POST", path, {}, user)
    session.ask("createUser", "POST", path, JSON, user)
    session.ask("createUser", "POST", path, JSON, user)
    session.ask("createUser", "POST", path, JSON, {**user, "email": "a"})
    session.ask("createUser", "POST", path, JSON, {**user, "email": "b@example.com", "full_name": ""})
    session.ask("createUser", "POST", path, JSON, {"email": "c@example.com", "full_name": "C"})
    session.ask("createUser", "POST", path, JSON, {"email": "d@example.com", "full_name": "x\x00y"})
    session.ask("listUsers", "GET", path + "?skip=19999")
    session.ask("newestUsers", "GET", path + "/newest")
    session.bodies("updateUser", "PATCH", path + "/9", {}, {"bio": "new"})
    for body in ({}, {"bio": "new"}, {"full_name": "Ü" * 200}, {"full_name": "Ü" * 201}, {"bio": ""}):
        session.ask("updateUser", "PATCH", path + "/9", JSON, body)
        session.ask("getUser", "GET", path + "/9")
    for number in ("2000000", "abc", "2147483648"):
        session.ask("updateUser", "PATCH", f"{path}/{number}", JSON, {"bio": "x"})
        session.ask("deleteUser", "DELETE", f"{path}/{number}")
    session.ask("updateUser", "PATCH", path + "/9", {**JSON, "If-Match": '"other"'}, {"bio": "x"})
    session.ask("deleteUser", "DELETE", path + "/9")
    session.ask("deleteUser", "DELETE", path + "/9")
    session.ask("getUser", "GET", path + "/9")
    session.ask("listUsers", "GET", path + "?limit=10")


def library(session, tokens):
    def member(identifier):
        return {
            "Authorization": f"Bearer {tokens[identifier]}",
            "Cached-Routes-Context": f"memberID={identifier}",
        }

    ada, grace, librarian = member(ADA), member(GRACE), member(LIBRARIAN)
    shelves = ("fiction", "science", "history", "children")
    session.start(["/api/books", "/api/books/5", "/api/shelves"])
    session.read("listBooks", "/api/books")
    session.read("listBooks", "/api/books?shelf=history&after=500&limit=2")
    session.each("listBooks", "/api/books?shelf=", (*shelves, "", "Fiction", "fiction&shelf=science", "%66iction", "other"))
    session.each("listBooks", "/api/books", [f"?limit={text}" for text in (*INTEGERS, "500", "501")])
    session.each("listBooks", "/api/books", [f"?after={text}&limit=1" for text in (*INTEGERS, "999", "1000")])
    session.each("listBooks", "/api/books", ["?limit=1"], ada)
    session.read("searchBooks", "/api/books/search?q=cats")
    session.each("searchBooks", "/api/books/search", ("", "?q=", "?q=c", "?q=%25%25", "?q=%C3%BC%C3%BC", "?q=c%2Ba+b", "?q=a%00"))
    session.each("searchBooks", "/api/books/search?q=", ("x" * 100, "x" * 101, "%C3%BC" * 100, "cats&q=dogs"))
    session.read("getBook", "/api/books/5")
    session.read("getBook", "/api/books/30000")
    session.each("getBook", "/api/books/", [text for text in INTEGERS if text])
    session.read("shelves", "/api/shelves")
    session.each("shelves", "/api/shelves", ("?x=1",))

    session.each("myLoans", "/api/me/loans", [""])
    session.each("getLoan", "/api/me/loans/", ["1"])
    session.ask("borrow", "POST", "/api/books/3/loans")
    session.ask("borrow", "POST", "/api/books/3/loans", ada)
    session.ask("borrow", "POST", "/api/books/3/loans", ada)
    session.ask("borrow", "POST", "/api/books/3/loans", grace)
    session.ask("borrow", "POST", "/api/books/5/loans", ada)
    session.ask("borrow", "POST", "/api/books/30000/loans", ada)
    session.ask("borrow", "POST", "/api/books/abc/loans", ada)
    session.ask("getBook", "GET", "/api/books/5")
    for fields in (ada, grace, librarian):
        session.read("myLoans", "/api/me/loans", fields)
    loans = json.loads(session.ask("myLoans", "GET", "/api/me/loans", ada)[0].body)
    loan = f"/api/me/loans/{loans[0]['id']}"
    session.read("getLoan", loan, ada)
    session.read("getLoan", loan, grace)
    session.each("getLoan", "/api/me/loans/", [text for text in INTEGERS if text], ada)
    session.bodies("renew", "PATCH", loan, ada, {"weeks": 1})
    tag = session.ask("getLoan", "GET", loan, ada)[0].field("etag")
    session.ask("renew", "PATCH", loan, {**JSON, "If-Match": tag}, {"weeks": 2})
    session.ask("renew", "PATCH", loan, {**ada, **JSON, "If-Match": tag}, {"weeks": 2})
    session.ask("renew", "PATCH", loan, {**ada, **JSON, "If-Match": tag}, {"weeks": 2})
    session.ask("renew", "PATCH", loan, {**ada, **JSON, "If-Match": "*"}, {"weeks": 1})
    session.ask("renew", "PATCH", loan, {**ada, **JSON, "If-None-Match": "*"}, {"weeks": 1})
    for weeks in (0, 5, 1.5, "1", None, 2147483648, 4, 4):
        session.ask("renew", "PATCH", loan, {**ada, **JSON}, {"weeks": weeks})
        session.ask("getLoan", "GET", loan, ada)
    session.ask("renew", "PATCH", loan, {**grace, **JSON}, {"weeks": 1})
    session.ask("giveBack", "DELETE", loan, grace)
    session.ask("giveBack", "DELETE", loan, ada)
    session.ask("giveBack", "DELETE", loan, ada)
    session.ask("myLoans", "GET", "/api/me/loans", ada)

    session.read("overdue", "/admin/overdue", librarian)
    book = {"title": "New", "authorID": 7, "shelf": "science", "price": 12.50, "keywords": ["new", "ü"], "details": {"a": [1.10]}}
    session.bodies("addBook", "POST", "/admin/books", librarian, book)
    for more in (
        {},
        {"price": 0},
        {"price": -0.01},
        {"price": "12.345"},
        {"price": 10**20},
        {"authorID": None},
        {"authorID": 30000},
        {"shelf": "other"},
        {"keywords": []},
        {"keywords": [None]},
        {"keywords": "new"},
        {"details": None},
        {"details": "text"},
        {"title": "x" * 300},
        {"title": "x" * 301},
    ):
        session.ask("addBook", "POST", "/admin/books", {**librarian, **JSON}, {**book, **more})
    session.ask("addBook", "POST", "/admin/books", {**librarian, **JSON}, {"title": "Least", "shelf": "history", "price": 1})
    session.ask("listBooks", "GET", "/api/books?after=999")
    session.ask("shelves", "GET", "/api/shelves")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("example", choices=["UsersAPI", "Library"])
    parser.add_argument("--app", type=int, required=True)
    parser.add_argument("--served", type=int, required=True)
    parser.add_argument("--list", required=True)
    parser.add_argument("--token", action="append", default=[])
    options = parser.parse_args()
    start = time.monotonic()
    with open(options.list, encoding="utf-8") as file:
        listed = json.load(file)["routes"]
    session = Session(options.app, options.served, listed)
    if options.example == "UsersAPI":
        users(session)
    else:
        library(session, dict(token.split("=", 1) for token in options.token))
    routes = {route["name"] for route in listed if route["source"] == "sql"}
    for failure in session.failures:
        print(failure)
    print(
        f"{options.example}: {session.requests} requests of {len(routes)} routes with SQL, {len(session.failures)} differ; "
        f"{session.repeated} repetitions, {time.monotonic() - start:.1f} s"
    )
    print("statuses: " + ", ".join(f"{status} {count}" for status, count in sorted(session.statuses.items())))
    missing = sorted(routes - session.successes)
    if missing:
        print(f"no 2xx of: {', '.join(missing)}")
    return 1 if session.failures or missing else 0


if __name__ == "__main__":
    sys.exit(main())
