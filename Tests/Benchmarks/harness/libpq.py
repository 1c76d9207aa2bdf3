"""What libpq alone takes to fetch the rows: the floor of a miss. Prints the milliseconds of each fetch as JSON.

libpq.py COUNT LIMIT: a prepared statement, its answer as text and whole, as a program in C would call it.
"""

import ctypes
import ctypes.util
import json
import os
import sys
import time

SQL = b"SELECT id, email, full_name, is_active, created_at, bio FROM users ORDER BY id OFFSET $1 LIMIT $2"
COMMAND_OK, TUPLES_OK = 1, 2


def library():
    libpq = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")
    for name in ("PQconnectdb", "PQprepare", "PQexecPrepared"):
        getattr(libpq, name).restype = ctypes.c_void_p
    libpq.PQerrorMessage.restype = ctypes.c_char_p
    return libpq


def main(count, limit):
    libpq = library()
    connection = ctypes.c_void_p(libpq.PQconnectdb(os.environ["DATABASE_URL"].encode()))

    def demand(result, status):
        if libpq.PQresultStatus(result) != status:
            sys.exit(libpq.PQerrorMessage(connection).decode())
        return result

    def fetch():
        values = (ctypes.c_char_p * 2)(b"0", str(limit).encode())
        result = libpq.PQexecPrepared(connection, b"page", 2, values, None, None, 0)
        return demand(ctypes.c_void_p(result), TUPLES_OK)

    demand(ctypes.c_void_p(libpq.PQprepare(connection, b"page", SQL, 2, None)), COMMAND_OK)
    times = []
    for turn in range(count + 1):
        began = time.perf_counter()
        result = fetch()
        if turn > 0:  # the first one warms up
            times.append((time.perf_counter() - began) * 1000)
        if libpq.PQntuples(result) != limit:
            sys.exit(f"{libpq.PQntuples(result)} rows instead of {limit}")
        libpq.PQclear(result)
        time.sleep(0.05)
    print(json.dumps(times))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
