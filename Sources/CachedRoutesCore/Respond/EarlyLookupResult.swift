package import NIOCore
import RouteModel

/// A stored response to be sent as it is.
package struct HitResponse: Sendable {
    /// The status.
    package let status: Int
    /// Indicates that the body follows the head.
    package let hasBody: Bool
    /// The body of the response to a GET request; a HEAD request gets none.
    package let body: ByteBuffer
}

/// The result of a lookup before the request reaches its route.
package struct EarlyLookupResult: Sendable {
    enum Outcome: Sendable {
        case hit(Hit)
        /// No response to reuse. The route takes this result over instead of looking again, if it would look for the
        /// same.
        case miss(PreparedRequest, Miss)
        /// No result to use: the request is invalid or must not use the store, or its route responds with a problem.
        case none
    }

    let outcome: Outcome
    let plan: RoutePlan
    /// The request.
    package let request: RouteRequest

    /// Indicates that the lookup was a miss, after which a response can be made.
    package var isMiss: Bool { if case .miss = outcome { true } else { false } }

    /// The lookup, if its route can take it over; `nil` if there is a response, or if the result is of no use.
    package var prior: EarlyLookupResult? { if case .miss = outcome { self } else { nil } }

    /// The length of the response's body, sent or not; 0 if there is no response.
    package var bodyLength: Int { if case .hit(let hit) = outcome { hit.entry.body.readableBytes } else { 0 } }

    /// Writes the head of the response, without the empty line at its end.
    ///
    /// - Parameter bytes: the buffer to which the head is appended.
    /// - Returns: the response; `nil` if there is none.
    package func writeHead(to bytes: inout ByteBuffer) -> HitResponse? {
        guard case .hit(let hit) = outcome else { return nil }
        var head = WireHead()
        let (status, hasBody) = ResponseBuilder.write(hit, of: plan, to: request, into: &head)
        bytes.writeBytes(head.bytes)
        return HitResponse(status: status, hasBody: hasBody, body: hit.entry.body)
    }
}

/// The result of a lookup before the request reaches its route, at once or later on the event loop of the request.
package enum EarlyLookupResultOrFuture: Sendable {
    /// The result is available.
    case ready(EarlyLookupResult)
    /// The store has not replied yet: ``EarlyLookupResult/Request/lookup(_:on:)`` makes the result of its reply. The
    /// future never fails, unless its event loop is shut down.
    case pending(EventLoopFuture<StoreLookupResult>, EarlyLookupResult.Request)
}
