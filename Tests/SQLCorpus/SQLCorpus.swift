/// Statements that show what SQL for PostgreSQL looks like, with a schema in which they run.
///
/// No answer depends on time, chance or an order that nobody asked for.
public enum SQLCorpus {
    /// Reads written by hand.
    static let writtenReads: [Statement] =
        joins + setOperations + grouping + windows + commonTables + subqueries + arrays + composites + casts + literals
        + operators + json + ranges + textSearch + patterns + dates + conditions + functions + ordering + names
        + comments + types

    /// Statements that answer rows and do not write: those written by hand, each also in another spelling and as a part of
    /// another one.
    public static let reads: [Statement] =
        writtenReads + settings
        + (writtenReads + settings).enumerated().map { number, statement in
            Spelling.allCases[number % Spelling.allCases.count].of(statement, seed: UInt64(number))
        }
        + writtenReads.enumerated().map { number, statement in
            Wrapping.allCases[number % Wrapping.allCases.count].around(statement)
        }

    /// A statement that writes.
    public struct Write: Sendable {
        /// The statement.
        public let statement: Statement
        /// The statement answers rows.
        public let returnsRows: Bool
    }

    private static let writtenWrites =
        (inserts + updates + deletes).map { Write(statement: $0, returnsRows: true) }
        + silent.map { Write(statement: $0, returnsRows: false) }

    /// Statements that write, in rounds: each round is run in its order on tables of its own. All are the same statements in
    /// other spellings.
    public static let writes: [[Write]] =
        [writtenWrites]
        + Spelling.allCases.enumerated().map { round, spelling in
            writtenWrites.enumerated().map { number, write in
                let seed = UInt64(1_000_000 + round * 1000 + number)
                return Write(statement: spelling.of(write.statement, seed: seed), returnsRows: write.returnsRows)
            }
        }
}
