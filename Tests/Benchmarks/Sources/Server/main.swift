import CachedRoutesHummingbird
import Hummingbird

let service = try CachedRoutesService(environment: .process)
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
