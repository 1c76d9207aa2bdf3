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

// Pipeline mode came with libpq 14.
#ifdef LIBPQ_HAS_PIPELINING
static inline int cached_routes_has_pipelines(void) { return 1; }
static inline int cached_routes_enter_pipeline(PGconn *connection) { return PQenterPipelineMode(connection); }
static inline int cached_routes_exit_pipeline(PGconn *connection) { return PQexitPipelineMode(connection); }
static inline int cached_routes_sync_pipeline(PGconn *connection) { return PQpipelineSync(connection); }
static inline int cached_routes_is_sync(ExecStatusType status) { return status == PGRES_PIPELINE_SYNC; }
static inline int cached_routes_is_skipped(ExecStatusType status) { return status == PGRES_PIPELINE_ABORTED; }
#else
static inline int cached_routes_has_pipelines(void) { return 0; }
static inline int cached_routes_enter_pipeline(PGconn *connection) { (void)connection; return 0; }
static inline int cached_routes_exit_pipeline(PGconn *connection) { (void)connection; return 0; }
static inline int cached_routes_sync_pipeline(PGconn *connection) { (void)connection; return 0; }
static inline int cached_routes_is_sync(ExecStatusType status) { (void)status; return 0; }
static inline int cached_routes_is_skipped(ExecStatusType status) { (void)status; return 0; }
#endif

#endif
