import NIOCore

@testable import PostgresClient

extension PostgresConnectionStateMachine {
    /// Makes a machine whose time stands still.
    init(
        maximumPreparedStatements: Int,
        namePrefix: String,
        statements: PostgresConfiguration.Statements = .named
    ) {
        self.init(
            maximumPreparedStatements: maximumPreparedStatements,
            namePrefix: namePrefix,
            statements: statements,
            now: { .uptimeNanoseconds(0) }
        )
    }
}
