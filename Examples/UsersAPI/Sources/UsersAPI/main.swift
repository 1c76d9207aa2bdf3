import CachedRoutesServer

do {
    let service = try CachedRoutesService(environment: .process)
    try await CachedRoutesServer(Routes(handlers: UsageHandlers()), on: service).run()
} catch {
    // One line a problem and status 78 for a configuration that can't be used, not a backtrace.
    CachedRoutesService.exit(withError: error)
}
