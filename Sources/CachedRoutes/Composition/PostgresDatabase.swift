import NIOCore
import PostgresClient
import RouteModel
import Synchronization

/// The database behind `sql` routes.
final class PostgresDatabase: Database {
    private let client: PostgresClient
    private let statements = Mutex<[ObjectIdentifier: (query: SQLQuery, statement: PostgresStatement)]>([:])

    init(_ client: PostgresClient) {
        self.client = client
    }

    func json(
        for query: SQLQuery,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(DatabaseFailure) -> ByteBuffer? {
        var parameters = PostgresParameters()
        for (index, type) in zip(query.parameters, query.types) {
            if !values.isPresent(at: index) {
                parameters.appendNull()
            } else if type.isList {
                parameters.appendArray(values.allBytes(at: index).map { Optional($0) })
            } else {
                parameters.append(bytes: values.bytes(at: index) ?? [])
            }
        }
        do {
            return try await client.query(statement(of: query), parameters, deadline: deadline).body
        } catch {
            throw DatabaseFailure(error)
        }
    }

    func ping(deadline: NIODeadline) async throws(DatabaseFailure) {
        do {
            try await client.ping(deadline: deadline)
        } catch {
            throw DatabaseFailure(error)
        }
    }

    /// A statement is made once, because its identity is what a connection's prepared statements are known by.
    private func statement(of query: SQLQuery) -> PostgresStatement {
        statements.withLock { statements in
            if let known = statements[ObjectIdentifier(query)] { return known.statement }
            let statement = PostgresStatement(
                sql: query.sql,
                parameterTypes: query.types.map(PostgresType.init),
                shape: ResultShape(query.returns)
            )
            // With the query, which so stays alive: another one at its address would be taken for it.
            statements[ObjectIdentifier(query)] = (query, statement)
            return statement
        }
    }
}

extension PostgresType {
    /// The type that stands in where the server can't tell a parameter's.
    fileprivate init(_ type: InputType) {
        let scalar: PostgresType =
            switch type.scalar {
            case .int: .int8
            case .int32: .int4
            case .double: .float8
            case .decimal: .numeric
            case .bool: .bool
            case .string: .text
            case .uuid: .uuid
            case .date: .date
            case .timestamp: .timestamptz
            case .json: .jsonb
            }
        self = type.isList ? scalar.array ?? scalar : scalar
    }
}

extension ResultShape {
    fileprivate init(_ returns: Route.Returns) {
        switch returns {
        case .many: self = .many
        case .one: self = .one
        case .value: self = .value
        case .none: self = .none
        }
    }
}

extension DatabaseFailure {
    fileprivate init(_ error: PostgresError) {
        self.init(Self.kind(of: error), "\(error)")
    }

    /// Values that a type can't hold: 22P02 and 22007 are texts it can't read, 22003 and 22008 are out of its range, 22021 is
    /// text that the encoding doesn't have.
    private static let badValues: Set<String> = ["22P02", "22007", "22003", "22008", "22021"]

    /// SQLSTATE classes as PostgREST reads them: 08, 53 and 57P are the server's state.
    private static func kind(of error: PostgresError) -> Kind {
        switch error.code {
        case .unavailable, .connectionLost, .shutDown: .away
        case .tooManyWaiters, .leaseTimeout: .overloaded
        case .deadlineExceeded: .deadlineExceeded
        case .cancelled: .cancelled
        case .invalidParameter: .badValue
        case .server(let state):
            if badValues.contains(state) {
                .badValue
            } else if state == "57014" {
                .deadlineExceeded
            } else if state.hasPrefix("08") || state.hasPrefix("57P") {
                .away
            } else if state.hasPrefix("53") {
                .overloaded
            } else {
                .failed
            }
        case .invalidConfiguration, .invalidStatement, .answerTooLarge: .failed
        }
    }
}
