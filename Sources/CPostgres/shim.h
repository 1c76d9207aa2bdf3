#ifndef CACHED_ROUTES_CPOSTGRES_SHIM_H
#define CACHED_ROUTES_CPOSTGRES_SHIM_H

// Debian keeps libpq's header in a folder of its own; elsewhere (Homebrew, pkg-config) the folder is on the search path.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#elif __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#error "libpq's header libpq-fe.h was not found: install libpq-dev (Debian) or libpq (Homebrew)"
#endif

// Rows by chunks came with libpq 17; before it there is one row at a time.
static inline int cached_routes_stream_rows(PGconn *connection) {
#ifdef LIBPQ_HAS_CHUNK_MODE
    return PQsetChunkedRowsMode(connection, 128);
#else
    return PQsetSingleRowMode(connection);
#endif
}

static inline int cached_routes_is_chunk(ExecStatusType status) {
#ifdef LIBPQ_HAS_CHUNK_MODE
    return status == PGRES_TUPLES_CHUNK;
#else
    (void)status;
    return 0;
#endif
}

#endif
