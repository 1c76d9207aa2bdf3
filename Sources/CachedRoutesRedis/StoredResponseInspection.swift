package import CachedRoutesCore
package import NIOCore
package import RedisClient
import RouteModel

/// The values that a Redis has for a request, read without changing anything.
package struct StoredResponseInspection: Sendable {
    /// The value under the key of one form.
    package struct Form: Sendable {
        /// The key.
        package let key: CacheKey
        /// The meaning of the value.
        package let content: StoreLookupResult.Content
        /// The type of the value as Redis names it; `nil` if there is none, or if Redis doesn't tell.
        package let type: String?
        /// The time for which Redis keeps the value, in milliseconds; `nil` for ever, or if there is none.
        package let lifetime: Int64?
    }

    /// The form that the client gets, and the other one if the route stores it; none if no stored response is looked up.
    package let forms: [Form]
    /// The use that a service makes of it.
    package let judgement: StoredResponseJudgement
    /// The time of day at which it was judged, in milliseconds.
    package let time: Int64
    /// Indicates that Redis tells its `run_id`. Without it a service uses no response that is bound to its server.
    package let isServerKnown: Bool

    /// Reads all values in one flush. The commands are `MGET`, `PTTL` and `TYPE`.
    ///
    /// - Parameters:
    ///   - requests: the requests.
    ///   - client: a client whose commands are answered.
    ///   - binding: the validity of tag versions after a restart of the server, as the services have it.
    ///   - now: returns the time of day in milliseconds, once the replies are there.
    ///   - eventLoop: an event loop of the client.
    /// - Returns: an inspection for each request.
    /// - Throws: `RedisError` if Redis can't be asked, `RedisServerError` if it refuses to read.
    package static func inspect(
        _ requests: [RequestExplanation],
        by client: RedisClient,
        binding: RedisStore.TokenBinding,
        now: @escaping @Sendable () -> Int64,
        on eventLoop: any EventLoop
    ) async throws -> [StoredResponseInspection] {
        let replies = requests.map { Replies(of: $0, by: client, on: eventLoop) }
        var inspections: [StoredResponseInspection] = []
        for (request, replies) in zip(requests, replies) {
            inspections.append(try await inspection(of: request, replies, binding, now))
        }
        return inspections
    }

    /// The replies that are awaited for one request.
    private struct Replies: Sendable {
        var lookup: (plan: RedisLookup, values: EventLoopFuture<RedisValues>)?
        var forms: [(lifetime: EventLoopFuture<RedisReply>, type: EventLoopFuture<RedisReply>)] = []

        init(of request: RequestExplanation, by client: RedisClient, on eventLoop: any EventLoop) {
            guard let key = request.lookupKey else { return }
            let plan = RedisLookup(key: key, orOther: request.hasVariants, tokens: request.tagVersions)
            lookup = (plan, client.read(plan.keys, longElements: plan.entryCount, on: eventLoop) { try $0.get() })
            forms = plan.entryKeys.map { key in
                (client.send(.pttl(.bytes(key)), on: eventLoop), client.send(.type(.bytes(key)), on: eventLoop))
            }
        }
    }

    private static func inspection(
        of request: RequestExplanation,
        _ replies: Replies,
        _ binding: RedisStore.TokenBinding,
        _ now: @Sendable () -> Int64
    ) async throws -> StoredResponseInspection {
        guard let (plan, future) = replies.lookup else {
            let time = now()
            return StoredResponseInspection(
                forms: [],
                judgement: request.judge(StoreLookupResult(.absent), now: time),
                time: time,
                isServerKnown: true
            )
        }
        let values = try await future.get()
        if let error = values.error { throw error }
        let time = now()
        let reading = plan.result(values, binding: binding, now: time) { _ in }
        let keys = plan.orOther ? [plan.key, plan.key.other] : [plan.key]
        var forms: [Form] = []
        for (position, key) in keys.enumerated() where values.count > position {
            let (lifetime, type) = replies.forms[position]
            // A user who may not send them still gets the verdict.
            let milliseconds = try await lifetime.get().integer ?? -1
            let name = try await type.get()
            forms.append(
                Form(
                    key: key,
                    content: RedisLookup.content(values, at: position, key, now: time) { _ in },
                    type: name.kind == .status && name.string != "none" ? name.string : nil,
                    lifetime: milliseconds < 0 ? nil : milliseconds
                )
            )
        }
        return StoredResponseInspection(
            forms: forms,
            judgement: request.judge(reading, now: time),
            time: time,
            isServerKnown: binding == .none || values.hasServerIDs
        )
    }
}
