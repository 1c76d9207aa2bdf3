import ClientSupport
import Logging
import NIOCore
import Synchronization

/// The commands that the server refuses at present, and the log messages about them.
///
/// A refusal is worth one warning when it begins and one notice when it ends, at most once a minute for each command. A
/// command that is refused for some keys only counts as refused.
package final class RedisCommandRefusals: Sendable {
    /// The time for which a refusal stands, even if the command is executed meanwhile.
    static let memory = TimeAmount.seconds(1)

    private struct Known {
        /// The current refusal; `nil` if the command is executed.
        var refusal: RedisCommandRefusal?
        var lastRefusal: NIODeadline
        /// Indicates that the command was executed since, but too soon to clear the refusal.
        var isDoubted = false
        var outage = OutageLog()
    }

    private let state = Mutex<[RedisCommand.Kind: Known]>([:])
    /// A bit for each refused command, so that replies to other commands need no lock.
    private let mask = Atomic<UInt16>(0)
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline) {
        self.logger = logger
        self.now = now
    }

    /// Indicates that the command is refused.
    package func isRefusing(_ command: RedisCommand.Kind) -> Bool {
        mask.load(ordering: .relaxed) & command.bit != 0
    }

    /// The current refusals, in the order of the commands.
    package var all: [(command: RedisCommand.Kind, refusal: RedisCommandRefusal)] {
        guard mask.load(ordering: .relaxed) != 0 else { return [] }
        endDoubted()
        return state.withLock { state in
            RedisCommand.Kind.allCases.compactMap { command in
                (state[command]?.refusal).map { (command, $0) }
            }
        }
    }

    /// Clears the refusals of commands that were executed too soon to clear them then, and that have not been refused
    /// since. Otherwise a rare command would count as refused for too long.
    private func endDoubted() {
        let now = now()
        let over = state.withLock { state in
            state.keys.filter { state[$0].map { $0.isDoubted && now - $0.lastRefusal >= Self.memory } ?? false }
        }
        for command in over { carriedOut(command) }
    }

    /// Takes the reply to a command.
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - reply: the reply.
    ///   - exceptRedirects: tells that redirects to other nodes of a cluster are no refusals.
    func note(_ command: RedisCommand.Kind, _ reply: RedisReply, exceptRedirects: Bool = false) {
        guard reply.isOrHasError else {
            // Nearly always, nothing is refused.
            guard mask.load(ordering: .relaxed) != 0, isRefusing(command) else { return }
            carriedOut(command)
            // `DEL` is not sent while `UNLINK` works, so its refusal would never be cleared.
            if command == .unlink, isRefusing(.del) { carriedOut(.del) }
            return
        }
        guard command.effect != nil else { return }
        for error in reply.errors {
            guard let refusal = RedisCommandRefusal(error), !exceptRedirects || refusal.kind != .cluster else {
                continue
            }
            refused(command, refusal: refusal, error: error)
        }
    }

    private func refused(_ command: RedisCommand.Kind, refusal: RedisCommandRefusal, error: RedisServerError) {
        let now = now()
        let isWarning = state.withLock { state in
            var known = state[command] ?? Known(lastRefusal: now)
            let hasChanged = known.refusal?.kind != refusal.kind
            known.refusal = refusal
            known.lastRefusal = now
            known.isDoubted = false
            // A server that is left because of the refusal is reported as unavailable.
            let isWarning = !refusal.leavesServer && known.outage.persists(at: now, hasChanged: hasChanged)
            state[command] = known
            mask.store(mask.load(ordering: .relaxed) | command.bit, ordering: .relaxed)
            return isWarning
        }
        logger.log(
            level: isWarning ? .warning : .trace,
            "Redis refuses a command",
            metadata: [
                "redis.command": "\(command.rawValue)", "redis.reply": "\(error)",
                "redis.effect": "\(refusal.effect(on: command) ?? "")", "redis.cure": "\(refusal.cure(of: command))",
            ]
        )
    }

    private func carriedOut(_ command: RedisCommand.Kind) {
        let now = now()
        let isOver = state.withLock { state in
            guard var known = state[command], known.refusal != nil else { return false }
            defer { state[command] = known }
            known.isDoubted = now - known.lastRefusal < Self.memory
            guard !known.isDoubted else { return false }
            known.refusal = nil
            mask.store(mask.load(ordering: .relaxed) & ~command.bit, ordering: .relaxed)
            return known.outage.ended()
        }
        guard isOver else { return }
        logger.notice("Redis executes a command again", metadata: ["redis.command": "\(command.rawValue)"])
    }
}

extension RedisCommand.Kind {
    /// The command's bit in a mask.
    fileprivate var bit: UInt16 { 1 << UInt16(Self.allCases.firstIndex(of: self) ?? 0) }

    /// The consequence for a service if the server does not let it have the command; `nil` for commands whose callers examine the
    /// reply.
    fileprivate var effect: String? {
        switch self {
        // Without the tag versions beside an entry, its freshness is unknown.
        case .mget: "nothing is taken from the cache, and nothing is stored"
        case .set: "nothing is stored, and no locks are taken"
        case .unlink: "DEL takes its place, which blocks the server while it frees large values"
        case .del: "purges wait, and what they are of is not taken from the cache"
        case .eval: "locks are not released and expire by themselves"
        case .pttl, .pexpire:
            "tag versions are not renewed and expire, and the entries that depend on them with them; keys that are not locks stay"
        case .type: "values of another kind are replaced without being counted"
        case .other: nil
        }
    }

    /// Indicates that a service can't do without the command.
    fileprivate var isEssential: Bool {
        switch self {
        case .mget, .set, .del: true
        case .unlink, .eval, .pttl, .pexpire, .type, .other: false
        }
    }
}

extension RedisCommandRefusal {
    /// The consequence of the command's refusal for a service; `nil` for commands whose callers examine the reply.
    package func effect(on command: RedisCommand.Kind) -> String? { missed(command).effect }

    /// Indicates that the refusal of the command impairs a service's function.
    package func isEssential(_ command: RedisCommand.Kind) -> Bool { missed(command).isEssential }

    /// The command whose work is not done if this one is refused: `DEL` does not take the place of an `UNLINK` that the server has.
    private func missed(_ command: RedisCommand.Kind) -> RedisCommand.Kind {
        command == .unlink && !isOfCommandItself ? .del : command
    }
}
