package import NIOCore
import RouteModel

/// A stored answer to be sent as it is.
package struct HitResponse: Sendable {
    /// The status.
    package let status: Int
    /// Whether the body follows the head.
    package let hasBody: Bool
    /// The body of the same answer to a GET request.
    package let body: ByteBuffer
}

/// The result of asking the store for a request before its route sees it.
package struct EarlyLookupResult: Sendable {
    enum Outcome: Sendable {
        case hit(Hit)
        /// The route takes the store's word in place of asking again, where it would ask the same.
        case miss(PreparedRequest, Miss)
        /// The request has something wrong with it, or is none for a cache.
        case none
    }

    let outcome: Outcome
    let plan: RoutePlan
    /// The request.
    package let request: RouteRequest

    /// Indicates that the lookup was a miss, after which a response can be made.
    package var isMiss: Bool { if case .miss = outcome { true } else { false } }

    /// The lookup, if its route can use what the store said; `nil` where there is an answer, or where the store was not asked.
    package var prior: EarlyLookupResult? { if case .miss = outcome { self } else { nil } }

    /// The length of the answer's body, sent or not; 0 where there is no answer.
    package var bodyLength: Int { if case .hit(let hit) = outcome { hit.entry.body.readableBytes } else { 0 } }

    /// Writes the head of the answer, without the empty line at its end, where there is an answer.
    package func writeHead(to bytes: inout ByteBuffer) -> HitResponse? {
        guard case .hit(let hit) = outcome else { return nil }
        var head = WireHead(bytes)
        bytes = ByteBuffer()
        let (status, hasBody) = ResponseBuilder.write(hit, of: plan, to: request, into: &head)
        bytes = head.bytes
        return HitResponse(status: status, hasBody: hasBody, body: hit.entry.body)
    }
}

/// The result of asking the store for a request, at once or later on its event loop.
package enum PendingEarlyLookupResult: Sendable {
    /// It is there.
    case ready(EarlyLookupResult)
    /// It is found with what the store says later. The future does not fail, unless its event loop ends.
    case pending(EventLoopFuture<StoreLookupResult>, EarlyLookupResult.Request)
}
