import CachedRoutesHummingbird
import CachedRoutesServer
import Foundation
import Hummingbird

let service = try CachedRoutesService(environment: .process)
if ProcessInfo.processInfo.environment["BENCHMARK_SERVER"] == "own" {
    try await CachedRoutesServer(Routes(), on: service).run()
} else {
    let router = Router()
    router.addRoutes(Routes(), on: service)
    router.addHealth(of: service)
    let app = Application(
        router: router,
        server: .cachedRoutes(service),
        configuration: ApplicationConfiguration(service.configuration),
        services: [service],
        logger: service.logger
    )
    try await app.runService()
}
