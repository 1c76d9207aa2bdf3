import ClientSupport
import Logging
import Metrics
import NIOCore
import RouteModel
import ServiceLifecycle
import Synchronization

/// Makes declared responses before any request asks for them, on a schedule, once in all processes behind one store.
final class Warmer: Service {
    /// One response of a route.
    private struct Item: Sendable {
        let plan: RoutePlan
        let values: InputValues
        let key: CacheKey
        let tokens: [TagVersionKey]
        let schedule: WarmSchedule
        let made: Counter
        let failed: Counter
        let retirement = WarmingRetirement()

        /// The name of the marker that tells other processes that the response was made.
        var markerName: [UInt8] { key.stored + Array(";warm".utf8) }
    }

    private let revalidator: BackgroundRevalidator
    private let distributedFill: DistributedFiller
    private let locks: any DistributedLocks
    private let eventLoopGroup: any EventLoopGroup
    private let tableTrust: TableTrust?
    private let logger: Logger
    private let slots: AsyncSemaphore
    private let items: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation
    private let known = Mutex<[CacheKey: Item]>([:])

    private static let trustPauses = TimeAmount.milliseconds(250)...TimeAmount.seconds(5)

    /// - Parameters:
    ///   - concurrency: the largest number of responses that are made at once.
    ///   - tableTrust: the tables whose changes are observed; `nil` if all are.
    init(
        revalidator: BackgroundRevalidator,
        distributedFill: DistributedFiller,
        locks: any DistributedLocks,
        concurrency: Int,
        tableTrust: TableTrust?,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) {
        self.revalidator = revalidator
        self.distributedFill = distributedFill
        self.locks = locks
        self.eventLoopGroup = eventLoopGroup
        self.tableTrust = tableTrust
        self.logger = logger
        slots = AsyncSemaphore(concurrency)
        (items, continuation) = AsyncStream.makeStream()
    }

    /// Adds the responses that a route declares for warming, each once.
    func add(_ plan: RoutePlan) {
        guard let cache = plan.cache, let policy = cache.policy.warm else { return }
        for inputs in policy.inputs {
            let values = plan.route.values(of: inputs)
            let key = plan.route.signature.key(for: values)
            func counter(_ outcome: String) -> Counter {
                Counter(
                    label: "cached_routes_warm_total",
                    dimensions: [("route", plan.route.name), ("outcome", outcome)]
                )
            }
            let item = Item(
                plan: plan,
                values: values,
                key: key,
                tokens: cache.tagVersions.names(for: values),
                schedule: WarmSchedule(policy, of: cache.policy),
                made: counter("made"),
                failed: counter("failed")
            )
            let isNew = known.withLock { known in
                guard known[key] == nil else { return false }
                known[key] = item
                return true
            }
            if isNew { continuation.yield(item) }
        }
    }

    /// Warms no longer the responses of routes that are not among others. One that is being made is still stored.
    ///
    /// - Parameter plans: the routes whose responses are warmed on.
    func retire(except plans: Set<ObjectIdentifier>) {
        let retired = known.withLock { known in
            let retired = known.values.filter { !plans.contains(ObjectIdentifier($0.plan)) }
            for item in retired { known[item.key] = nil }
            return retired
        }
        for item in retired { item.retirement.begin() }
    }

    /// Makes responses until the service is shut down.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                for await item in items { group.addTask { await self.attend(to: item) } }
            }
        }
    }

    private func attend(to item: Item) async {
        var schedule = item.schedule
        var isFirst = true
        while !Task.isCancelled, !item.retirement.hasBegun {
            let eventLoop = eventLoopGroup.any()
            guard await waitForTables(of: item, on: eventLoop) else { return }
            // The marker is read second, because a process makes the response before it leaves the marker.
            let (previous, tokens) = await distributedFill.state(
                of: item.key,
                item.plan,
                item.tokens,
                by: eventLoop.now + item.plan.timeout,
                on: eventLoop
            )
            let markerLife = await locks.remainingLife(of: item.markerName, on: eventLoop)
            let isStored =
                if let previous, let tokens { distributedFill.isFresh(previous, under: tokens) } else { false }
            let pause: Int64
            switch schedule.next(markerLife: markerLife, isStored: isStored) {
            case .wait(let milliseconds): pause = milliseconds
            case .make:
                let ending = await make(item, schedule, after: previous, tokens, isFirst: isFirst, on: eventLoop)
                if case .made = ending { isFirst = false }
                pause = schedule.end(ending)
            }
            guard await item.retirement.sleep(for: .milliseconds(pause), on: eventLoop) else { return }
        }
    }

    /// Waits until responses with the item's tables may be stored. Logs it once if that may take long.
    ///
    /// - Returns: `false` if the service shuts down, or the item is warmed no longer.
    private func waitForTables(of item: Item, on eventLoop: any EventLoop) async -> Bool {
        guard let tableTrust else { return true }
        var isReported = false
        var pause = Self.trustPauses.lowerBound
        while true {
            switch tableTrust.standing(item.tokens) {
            case .trusted: return true
            case .unknown: break
            case .untrusted(let tables):
                if !isReported {
                    logger.notice(
                        "An answer is not warmed as long as those made from its tables are not kept",
                        metadata: [
                            "route": "\(item.plan.route.name)", "key": "\(item.key)",
                            "tables": "\(tables.joined(separator: ", "))",
                        ]
                    )
                }
                isReported = true
            }
            guard await item.retirement.sleep(for: pause, on: eventLoop) else { return false }
            pause = min(pause * 2, Self.trustPauses.upperBound)
        }
    }

    private func make(
        _ item: Item,
        _ schedule: WarmSchedule,
        after previous: CacheEntry?,
        _ tokens: [TagVersion]?,
        isFirst: Bool,
        on eventLoop: any EventLoop
    ) async -> WarmSchedule.Ending {
        await slots.take()
        defer { slots.giveBack() }
        var outcome: FillOutcome?
        if let tokens {
            // In the form that is stored already, because clients ask for it; else in gzip coding, which most clients
            // accept.
            let coding = previous?.coding ?? (item.plan.hasVariants ? .gzip : .identity)
            outcome = await revalidator.renew(
                .init(item.plan, item.values, item.key, coding),
                after: previous,
                tokens: tokens,
                on: eventLoop
            )
        }
        var metadata: Logger.Metadata = ["route": "\(item.plan.route.name)", "key": "\(item.key)"]
        switch outcome {
        case nil where !(tableTrust?.trusts(item.tokens) ?? true): return .elsewhere
        // A response that is made now could not be stored.
        case nil: metadata["reason"] = "\(Miss.Reason.storeAway.rawValue)"
        case .elsewhere, .failed(_, .cancelled): return .elsewhere
        case .made(let made) where made.isFailure: metadata["status"] = "\(made.entry.status)"
        case .failed(_, let failure): metadata["reason"] = "\(failure.rawValue)"
        case .deadlineExceeded: metadata["reason"] = "\(FillFailure.deadline.rawValue)"
        case .made(let made) where !made.isStored && made.mayBeStoredNext: metadata["reason"] = "not-stored"
        case .made(let made):
            item.made.increment()
            metadata["milliseconds"] = "\(made.entry.madeIn)"
            // The response is too large, or its handler does not allow it: making it again soon would not help.
            metadata["stored"] = "\(made.isStored)"
            // The first success and one after failures are of interest to an operator; all others are expected.
            logger.log(
                level: !made.isStored ? .warning : isFirst || schedule.failures > 0 ? .info : .debug,
                "Warmed an answer",
                metadata: metadata
            )
            return await mark(item, schedule, made.entry, on: eventLoop)
        case .found(let forms):
            return await mark(item, schedule, forms.original, on: eventLoop)
        }
        item.failed.increment()
        logger.log(
            level: schedule.failures == 0 ? .warning : .debug,
            "An answer could not be warmed",
            metadata: metadata
        )
        return .failed
    }

    /// Leaves the marker. It is not left earlier, so that a process that dies while it makes the response does not hold
    /// up the others.
    private func mark(
        _ item: Item,
        _ schedule: WarmSchedule,
        _ entry: CacheEntry,
        on eventLoop: any EventLoop
    ) async -> WarmSchedule.Ending {
        let life = schedule.period(afterMakingFor: entry.madeIn)
        _ = await locks.acquire(item.markerName, owner: "warm", life: life, on: eventLoop)
        return .made(duration: entry.madeIn)
    }
}

/// A semaphore that suspends tasks.
private final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits for a place. Callers get places in the order of their calls.
    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil as CheckedContinuation<Void, Never>?
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}

extension RouteDefinition {
    /// Returns the values of all inputs, given the canonical texts of some.
    fileprivate func values(of texts: [String: [String]]) -> InputValues {
        let inputs = self.signature.inputs
        var values = InputValues(count: inputs.count)
        for name in texts.keys where !inputs.contains(where: { $0.name == name }) {
            preconditionFailure("\(self.name) has no input '\(name)' to warm")
        }
        for (index, input) in inputs.enumerated() {
            do throws(InputError) {
                for text in texts[input.name] ?? [] { try values.add(text.utf8, to: input, at: index) }
                // A missing header is never an error.
                if input.group == .header {
                    try? values.complete(input, at: index)
                } else {
                    try values.complete(input, at: index)
                }
            } catch {
                preconditionFailure("'\(input.name)' of \(self.name) can't be warmed: it \(error)")
            }
        }
        return values
    }
}
