#ifndef CACHED_ROUTES_CLIBDEFLATE_SHIM_H
#define CACHED_ROUTES_CLIBDEFLATE_SHIM_H

#if __has_include(<libdeflate.h>)
#include <libdeflate.h>
#else
#error "libdeflate's header libdeflate.h was not found: install libdeflate-dev (Debian) or libdeflate (Homebrew)"
#endif

#endif
