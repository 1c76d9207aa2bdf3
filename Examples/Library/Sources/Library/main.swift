import CachedRoutesHummingbird
import Foundation
import Hummingbird

do {
    let environment = ProcessInfo.processInfo.environment
    let key = try TokenKey(environment["LIBRARY_TOKEN_KEY"])
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "token",
        let member = UUID(uuidString: CommandLine.arguments[2])
    {
        print(key.token(of: member, until: Date(timeIntervalSinceNow: 3600)))
        exit(0)
    }
    let service = try CachedRoutesService(environment: .process)
    let router = try libraryRouter(
        service: service,
        key: key,
        librarian: environment["LIBRARY_LIBRARIAN"].flatMap(UUID.init(uuidString:))
    )
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
