/// The system's hiredis. This module only carries pkg-config's flags where they are needed (Homebrew); the shim in
/// CHiredis includes the library's headers itself, and Swift never sees them.
#ifndef CACHED_ROUTES_HIREDIS_SYSTEM_H
#define CACHED_ROUTES_HIREDIS_SYSTEM_H
#endif
