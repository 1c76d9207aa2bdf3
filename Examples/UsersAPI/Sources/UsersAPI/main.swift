import CachedRoutesHummingbird
import Hummingbird

do {
    let service = try CachedRoutesService(environment: .process)
    let router = Router()
    router.addRoutes(Routes(handlers: UsageHandlers()), on: service)
    router.addHealth(of: service)
    let app = Application(
        router: router,
        server: .cachedRoutes(service),
        configuration: ApplicationConfiguration(service.configuration),
        services: [service],
        logger: service.logger
    )
    try await app.runService()
} catch {
    // One line a problem and status 78 for a configuration that can't be used, not a backtrace.
    CachedRoutesService.exit(withError: error)
}
