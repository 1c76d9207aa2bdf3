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

#endif
