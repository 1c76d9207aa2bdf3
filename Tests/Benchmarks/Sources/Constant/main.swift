// Two constant bodies, no Redis and no Postgres: what Hummingbird's HTTP stack can do on this machine.
//   GET /small   the bytes of the file BODY_SMALL
//   GET /large   the bytes of the file BODY_LARGE
import Foundation
import Hummingbird
import Logging

let environment = ProcessInfo.processInfo.environment

func body(_ variable: String) throws -> ByteBuffer {
    guard let path = environment[variable] else { fatalError("\(variable) has to name a file") }
    return ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: path)))
}

let small = try body("BODY_SMALL")
let large = try body("BODY_LARGE")
guard let port = environment["PORT"].flatMap(Int.init) else { fatalError("PORT has to be a number") }

@Sendable func json(_ body: ByteBuffer) -> Response {
    Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
}

let router = Router()
router.get("small") { _, _ in json(small) }
router.get("large") { _, _ in json(large) }

var logger = Logger(label: "benchmark-constant")
logger.logLevel = .error
let app = Application(
    router: router,
    configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
    logger: logger
)
try await app.runService()
