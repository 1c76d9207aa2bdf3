import NIOCore

@testable import PostgresClient

extension PoolStateMachine {
    /// Takes note that a connection broke that had one query.
    mutating func lost(_ id: UInt64, returning job: Job?, deadline: NIODeadline, now: NIODeadline) -> [Action] {
        lost(id, returning: job.map { [($0, deadline)] } ?? [], now: now)
    }
}
