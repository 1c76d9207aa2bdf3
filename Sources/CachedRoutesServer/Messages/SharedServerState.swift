import CachedRoutes
import HTTPFrontend

/// The part that the connections of a server share.
struct SharedServerState: Sendable {
    let service: CachedRoutesService
    let routes: RoutesInUse
    let fields: ServerResponseFields
    let addresses: ClientAddressResolver
    let accessLog: AccessLog?
    let tasks: RequestTasks
}
