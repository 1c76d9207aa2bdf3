import CachedRoutesHummingbird
import Hummingbird

let service = try CachedRoutesService(environment: .process)
let router = Router()
router.addRoutes(Routes(handlers: UsageHandlers()), on: service)
router.addHealth(of: service)
let app = Application(router: router, services: [service])
try await app.runService()
