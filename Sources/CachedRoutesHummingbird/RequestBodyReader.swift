import CachedRoutes
import ClientSupport
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the bodies of requests that write.
enum RequestBodyReader {
    /// Reads the body of a request; `nil` if the route takes none.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route of the request.
    ///   - deadline: the time by which the body has to be complete.
    ///   - eventLoop: measures the time.
    /// - Throws: the `Problem` to respond with: 413 for a body above the route's limit, 408 for one that is not
    ///   complete by the deadline, 400 for one that ended early, 417 for an expectation that this server can't meet.
    static func body(
        of request: Request,
        for route: RouteDefinition,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async throws -> ByteBuffer? {
        guard let limit = route.write?.maxRequestBody else { return nil }
        let tooLarge = Problem(.contentTooLarge, "The request body has more than \(limit) bytes.")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        // Only this library's server sends `100 Continue`; with others the client would wait.
        if ConnectedClient.current == nil, request.headers[.expect] != nil {
            throw Problem(.expectationFailed, "This server does not support Expect.")
        }
        let body = request.body
        do {
            return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
                group.addTask { try await body.collect(upTo: limit) }
                group.addTask {
                    try await eventLoop.sleep(until: deadline)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let bytes = first else {
                    throw Problem(.requestTimeout, "The request body took too long to arrive.")
                }
                return bytes
            }
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.badRequest, "The request body could not be read.")
        }
    }
}
