"""The answers that every server has to give: the bodies that constant servers send, and the check of all the others."""

import json
import time

from . import client
from .servers import running

PAGES = ((0, 20), (19990, 20), (0, 0), (20000, 5), (0, 20000))
CONSTANT_PAGES = ((0, 20), (0, 20000))


def page_sql(skip, limit):
    """A page as Postgres itself writes it: the bytes that this project's server answers."""
    return (
        "SELECT '[' || coalesce(string_agg(row_to_json(page)::text, ',' ORDER BY id), '') || ']' FROM ("
        "SELECT id, email, full_name, is_active, created_at, bio FROM users"
        f" ORDER BY id OFFSET {skip} LIMIT {limit}) AS page"
    )


def write_constants(settings):
    """The files that constant servers send: the bytes of this project's answers."""
    folder = settings.folder / "bodies"
    folder.mkdir()
    for name, limit in (("small.json", 20), ("large.json", 20000)):
        (folder / name).write_text(settings.sql(page_sql(0, limit)))
        (folder / name).chmod(0o644)
    folder.chmod(0o755)


def rows(body):
    """The users of a body, with times in one spelling: some servers write UTC as Z."""
    users = json.loads(body)
    for user in users:
        user["created_at"] = user["created_at"].replace("+00:00", "Z")
    return users


class Verifier:
    """Compares what servers answer with what the table has, and remembers the sizes of the bodies."""

    def __init__(self, settings, log):
        self.settings, self.log = settings, log
        self.wanted = {page: rows(settings.sql(page_sql(*page))) for page in PAGES}
        self.sizes = {}  # by server and limit, of the pages that are measured
        self.nonce = 0

    def check(self, servers):
        """The names of the servers that answer something else."""
        wrong = []
        for server in servers:
            if server.kind == "probe":
                continue
            with running(server, self.settings) as live:
                differences = [line for page in PAGES for line in self.differences(live, page)]
            for line in differences:
                self.log(f"verify: {server.name}: {line}")
            if differences:
                wrong.append(server.name)
            else:
                sizes = ", ".join(f"{size:,}" for (name, _), size in self.sizes.items() if name == server.name)
                self.log(f"verify: {server.name} answers the same users; bodies of {sizes} bytes")
        return wrong

    def differences(self, live, page):
        skip, limit = page
        if live.server.kind == "constant" and page not in CONSTANT_PAGES:
            return
        self.nonce += 1
        url = live.url(limit, f"v{self.nonce}", skip)
        for turn in ("first request", "second request"):
            answer = client.fetch(url)
            if answer.status != 200:
                yield f"skip={skip} limit={limit}, {turn}: status {answer.status}"
            elif rows(answer.body) != self.wanted[page]:
                yield f"skip={skip} limit={limit}, {turn}: other users"
            if page in CONSTANT_PAGES:
                self.sizes[live.server.name, limit] = len(answer.body)
            time.sleep(0.3)  # the cache is written in the background
