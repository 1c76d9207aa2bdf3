import CachedRoutesCore
import ClientSupport
import Logging
import NIOCore
import PostgresClient
import RouteModel
import ServiceLifecycle
import Synchronization

/// The database of routes with SQL: the primary, and where the connection string names several hosts, a standby.
final class PostgresDatabase: Service, CommitFollowUp, ReplicatedDatabase, CallbackDatabase, PreparingDatabase,
    StatementKeepingDatabase
{
    private let primary: PostgresClient
    private let replica: PostgresClient?
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let minimumLSN = Mutex(MinimumReplayLSN())
    private let lsns: TagVersionLSNs
    private let statements = Mutex<[ObjectIdentifier: (query: SQLStatement, statement: PostgresStatement)]>([:])

    private static let lsnStatement = PostgresStatement(sql: "SELECT pg_current_wal_insert_lsn()", shape: .value)
    private static let lsnTimeout = TimeAmount.seconds(5)
    /// The longest time for which a result waits until it is known if it may be stored.
    private static let floorTimeout = TimeAmount.milliseconds(250)
    private static let lsnPause = TimeAmount.milliseconds(500)

    /// - Parameters:
    ///   - primary: the client of the primary.
    ///   - replica: the client of the server of `read: replica` routes; `nil` for the primary.
    ///   - eventLoop: measures the time of queries that no request waits for.
    ///   - logger: takes the differences between the database and the locks of manifests.
    init(primary: PostgresClient, replica: PostgresClient?, eventLoop: any EventLoop, logger: Logger) {
        self.primary = primary
        self.logger = logger
        self.replica = replica
        self.eventLoop = eventLoop
        lsns = TagVersionLSNs { try await Self.currentLSN(of: primary, by: eventLoop.now + Self.floorTimeout) }
    }

    /// Keeps the connections to both servers.
    func run() async throws {
        guard let replica else { return try await primary.run() }
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.primary.run() }
            group.addTask { try await replica.run() }
        }
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        try await answer(to: query, values, under: [], deadline: deadline)
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under tokens: [TagVersion],
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        guard case .read(let preference) = query.access else {
            return try await write(query, values, under: nil, deadline: deadline)
        }
        let parameters = Self.parameters(of: query, values)
        let statement = statement(of: query)
        do {
            switch preference.kind {
            case .replica:
                return try await readFromReplica(statement, with: parameters, under: tokens, deadline: deadline)
            case .primary: return try await readFromPrimary(statement, with: parameters, deadline: deadline)
            }
        } catch {
            throw RouteDatabaseError(error, of: query)
        }
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        try await write(query, values, under: condition, deadline: deadline)
    }

    private func write(
        _ query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition?,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        guard case .write(let policy) = query.access else { preconditionFailure("only writes have conditions") }
        do {
            let answer = try await primary.write(
                statement(of: query),
                Self.parameters(of: query, values),
                PostgresTransactionOptions(policy),
                under: condition.map(postgresCondition),
                deadline: deadline
            )
            return DatabaseAnswer(body: answer.body)
        } catch {
            throw RouteDatabaseError(error, of: error.isFromCondition ? condition?.query ?? query : query)
        }
    }

    private func postgresCondition(_ condition: WriteCondition) -> PostgresWriteCondition {
        PostgresWriteCondition(
            statement(of: condition.query),
            Self.parameters(of: condition.query, condition.values),
            allows: { condition.allows(DatabaseAnswer(body: $0.body)) }
        )
    }

    private static func parameters(of query: SQLStatement, _ values: InputValues) -> PostgresParameters {
        var parameters = PostgresParameters(count: query.parameters.count)
        for (parameter, type) in zip(query.parameters, query.types) {
            let index = parameter.index
            if parameter.isPresence {
                parameters.append(values.isGiven(at: index) ? "true" : "false")
            } else if !values.isPresent(at: index) {
                parameters.appendNull()
            } else if type.isList {
                parameters.appendArray(values.allBytes(at: index).map { Optional($0) })
            } else {
                parameters.append(bytes: values.bytes(at: index) ?? [])
            }
        }
        return parameters
    }

    func read(
        _ query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (Result<DatabaseAnswer, RouteDatabaseError>) -> Void
    ) -> CancellableWork {
        let running = primary.query(
            statement(of: query),
            Self.parameters(of: query, values),
            deadline: deadline,
            on: eventLoop
        ) { result in
            completion(result.map { DatabaseAnswer(body: $0.body) }.mapError { RouteDatabaseError($0, of: query) })
        }
        return CancellableWork { running.cancel() }
    }

    private func readFromPrimary(
        _ statement: PostgresStatement,
        with parameters: PostgresParameters,
        deadline: NIODeadline
    ) async throws(PostgresError) -> DatabaseAnswer {
        DatabaseAnswer(body: try await primary.query(statement, parameters, deadline: deadline).body)
    }

    // MARK: - Replicas

    private func readFromReplica(
        _ statement: PostgresStatement,
        with parameters: PostgresParameters,
        under tokens: [TagVersion],
        deadline: NIODeadline
    ) async throws(PostgresError) -> DatabaseAnswer {
        guard let replica else {
            return try await readFromPrimary(statement, with: parameters, deadline: deadline)
        }
        // Taken before the query: later commits have purges of their own.
        let minimum = minimumLSN.withLock { $0 }
        let floor = lsns.floor(under: tokens)
        do throws(PostgresError) {
            let answer = try await replica.query(
                statement,
                parameters,
                findsPosition: minimum.lastCommit != .none || !tokens.isEmpty,
                deadline: deadline
            )
            guard let position = answer.position else { return DatabaseAnswer(body: answer.body) }
            guard minimum.allows(position), let floor = await floor.value else {
                return DatabaseAnswer(body: answer.body, isCurrent: false)
            }
            return DatabaseAnswer(body: answer.body, isCurrent: position >= floor)
        } catch {
            guard Self.isReplicaFault(error), eventLoop.now < deadline else { throw error }
            return try await readFromPrimary(statement, with: parameters, deadline: deadline)
        }
    }

    /// Indicates that the primary may succeed where a replica failed: the replica is unavailable, it cancelled the
    /// statement to go on replaying the WAL, or it can't run such a statement.
    private static func isReplicaFault(_ error: PostgresError) -> Bool {
        switch error.code.kind {
        case .unavailable, .connectionLost: true
        case .server(let state):
            ["40001", "40P01", "0A000", "25006"].contains(state) || state.hasPrefix("57P") || state.hasPrefix("08")
        default: false
        }
    }

    /// Raises the minimum before the purge: from now on a replica's result is stored only if the replica has replayed
    /// the commit.
    func committed(_ plan: RoutePlan, with values: InputValues, certainty: CommitCertainty) async -> PurgeOutcome {
        guard replica != nil, minimumLSN.withLock({ $0.raise() }) else { return .done }
        Task.detached { await self.settleMinimumLSN() }
        return .done
    }

    /// Raises the minimum as well: a replica may not have replayed the row that the precondition has read.
    func refused(_ plan: RoutePlan, _ values: InputValues) async -> PurgeOutcome {
        await committed(plan, with: values, certainty: .certain)
    }

    private func settleMinimumLSN() async {
        while true {
            let round = minimumLSN.withLock { $0.round }
            do {
                guard let lsn = try await Self.currentLSN(of: primary, by: eventLoop.now + Self.lsnTimeout) else {
                    break
                }
                if minimumLSN.withLock({ $0.settle(round, at: lsn) }) { return }
            } catch {
                guard (error as? PostgresError)?.code != .shutDown,
                    (try? await eventLoop.sleep(for: Self.lsnPause)) != nil
                else { break }
            }
        }
        minimumLSN.withLock { $0.giveUp() }
    }

    /// Returns the end of the primary's WAL; `nil` if the reply is not an LSN.
    private static func currentLSN(
        of primary: PostgresClient,
        by deadline: NIODeadline
    ) async throws -> PostgresLSN? {
        let answer = try await primary.query(lsnStatement, deadline: deadline)
        let text = answer.body.map { String(buffer: $0) } ?? ""
        return PostgresLSN(text.dropFirst().dropLast())
    }

    func prepare(_ query: SQLStatement, deadline: NIODeadline) async throws(RouteDatabaseError) {
        do {
            try await primary.prepare(statement(of: query), deadline: deadline)
        } catch {
            throw RouteDatabaseError(error, of: query)
        }
    }

    func ping(deadline: NIODeadline) async throws(RouteDatabaseError) {
        do {
            try await primary.ping(deadline: deadline)
        } catch {
            throw RouteDatabaseError(error)
        }
    }

    func forget(_ queries: [SQLStatement]) {
        statements.withLock { statements in
            for query in queries { statements[ObjectIdentifier(query)] = nil }
        }
    }

    /// Returns the client's statement for a route's. It is created once, because connections know prepared statements
    /// by identity.
    private func statement(of query: SQLStatement) -> PostgresStatement {
        statements.withLock { statements in
            if let known = statements[ObjectIdentifier(query)] { return known.statement }
            let statement = PostgresStatement(
                sql: query.sql,
                parameters: query.types.map { ParameterTypeCandidates($0) },
                shape: ResultShape(query.returns),
                concurrency: query.concurrency.map { .atMost($0) } ?? .share,
                expectation: StatementExpectation(of: query, logger: logger)
            )
            // Stored with the query, which thus stays alive: no other one can get its address.
            statements[ObjectIdentifier(query)] = (query, statement)
            return statement
        }
    }
}

extension StatementExpectation {
    /// The types in the lock of the statement's manifest, with a warning about the first difference; `nil` without a
    /// lock.
    fileprivate convenience init?(of query: SQLStatement, logger: Logger) {
        guard let locked = query.locked else { return nil }
        self.init(
            parameters: locked.parameters,
            columns: locked.columns.map { Column($0.name, $0.type) },
            report: { difference in
                var metadata: Logger.Metadata = ["route": "\(query.route)", "difference": "\(difference)"]
                if let location = query.location { metadata["manifest"] = "\(location)" }
                logger.warning(
                    "The database differs from the lock of a route; responses are as the database makes them",
                    metadata: metadata
                )
            }
        )
    }
}

extension ResultShape {
    fileprivate init(_ returns: RouteDeclaration.Returns) {
        switch returns.kind {
        case .many: self = .many
        case .one: self = .one
        case .value: self = .value
        case .none: self = .none
        }
    }
}

extension PostgresTransactionOptions {
    fileprivate init(_ policy: WritePolicy) {
        let isolation: Isolation? =
            switch policy.isolation?.kind {
            case nil: nil
            case .readCommitted: .readCommitted
            case .repeatableRead: .repeatableRead
            case .serializable: .serializable
            }
        self.init(isolation: isolation, retries: policy.retries)
    }
}
