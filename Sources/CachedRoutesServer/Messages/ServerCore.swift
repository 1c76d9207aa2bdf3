import CachedRoutes
import HTTPFrontend

/// The part that the connections of a server share.
struct ServerCore: Sendable {
    let service: CachedRoutesService
    let routes: ServerRoutes
    let fields: ResponseFields
    let addresses: ClientAddressResolver
    let accessLog: AccessLog?
    let tasks: RequestTasks
}
