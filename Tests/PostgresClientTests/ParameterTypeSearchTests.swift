import Testing

@testable import PostgresClient

/// The search for parameters' types, beside a server that is a function of this file.
@Suite struct ParameterTypeSearchTests {
    /// A server that knows which types each `$n` may have, in the order of the text, and refuses the first that is wrong.
    struct Server {
        /// For each occurrence of a parameter, the types that it takes, and the one that is inferred.
        let places: [(accepted: Set<UInt32>, inferred: UInt32?)]
        var prepared = 0

        mutating func prepare(_ statement: TypedStatement) -> Result<[UInt32], PostgresError> {
            prepared += 1
            let occurrences = ParameterOccurrences(statement.sql).all
            var types: [Int: UInt32] = [:]
            for (place, occurrence) in zip(places, occurrences) {
                let declared = statement.types.isEmpty ? 0 : statement.types[occurrence.parameter]
                let known = declared == 0 ? types[occurrence.parameter] ?? place.inferred ?? 0 : declared
                guard place.accepted.contains(known) else {
                    var error = PostgresError(.server(sqlState: "42883"), "operator does not exist")
                    error.position = occurrence.range.lowerBound + 1
                    return .failure(error)
                }
                types[occurrence.parameter] = known
            }
            return .success((0..<(types.keys.max() ?? -1) + 1).map { types[$0] ?? 0 })
        }
    }

    private func search(
        _ sql: String,
        _ parameters: [ParameterTypeCandidates],
        _ server: inout Server
    ) -> Result<TypedStatement, PostgresError> {
        var search = ParameterTypeSearch(sql: sql, parameters: parameters)
        var statement = search.begin()
        while true {
            let step =
                switch server.prepare(statement) {
                case .success(let types): search.described(types)
                case .failure(let error): search.refused(error)
                }
            switch step {
            case .prepare(let next): statement = next
            case .chosen(let chosen):
                #expect(chosen == statement, "what is chosen is what was prepared last")
                return .success(chosen)
            case .failed(let error): return .failure(error)
            }
        }
    }

    private let int = ParameterTypeCandidates([.int8, .int4, nil])
    private let double = ParameterTypeCandidates([.float8, nil], preferredWhereInferred: .numeric)
    private let string = ParameterTypeCandidates([nil, .text])
    private let list = ParameterTypeCandidates([nil, PostgresType.text.array], avoidedWhereInferred: .text)

    @Test("The best types are tried first, and nothing else where they will do")
    func best() throws {
        var server = Server(places: [([20], nil), ([25], 25)])
        let chosen = try search("a = $1 AND b = $2", [int, string], &server).get()
        #expect(chosen == TypedStatement(sql: "a = $1 AND b = $2", types: [20, 0], sources: nil))
        #expect(server.prepared == 1)
    }

    @Test("Only the parameters that need another type have one")
    func some() throws {
        var server = Server(places: [([20], nil), ([23], 23), ([20, 25], 25), ([23], 23), ([25], 25)])
        let sql = "a = $1 AND f(b, $2) AND c = $3 AND d[$4] AND e = $5"
        let chosen = try search(sql, [int, int, int, int, int], &server).get()
        #expect(chosen.types == [20, 23, 20, 23, 0])
        #expect(chosen.sources == nil)
    }

    @Test("Three that have to change together do")
    func together() throws {
        struct Call {
            func accepts(_ types: [UInt32]) -> Bool { types == [23, 23, 23, 20] }
        }
        var search = ParameterTypeSearch(sql: "make_date($1, $2, $3) AND a = $4", parameters: [int, int, int, int])
        var statement = search.begin()
        for _ in 0..<40 {
            var error = PostgresError(.server(sqlState: "42883"), "function does not exist")
            error.position = 1
            let isRight = Call().accepts(statement.types)
            switch isRight ? search.described(statement.types) : search.refused(error) {
            case .prepare(let next): statement = next
            case .chosen(let chosen):
                #expect(chosen.types == [23, 23, 23, 20])
                return
            case .failed(let error):
                Issue.record("\(error)")
                return
            }
        }
        Issue.record("no end")
    }

    @Test("Occurrences become parameters of their own only where no type fits all of them")
    func split() throws {
        var server = Server(places: [([25], nil), ([90_000], 90_000), ([90_000], 90_000), ([20], nil)])
        let chosen = try search("$1 IS NULL OR m = $1 OR n = $1 AND k = $2", [string, int], &server).get()
        #expect(chosen.sql == "$1 IS NULL OR m = $2 OR n = $2 AND k = $3")
        #expect(chosen.types == [25, 0, 20])
        #expect(chosen.sources == [0, 0, 1])
    }

    @Test("Two places that infer different types are two parameters")
    func inferredApart() throws {
        var server = Server(places: [([90_000], 90_000), ([90_001], 90_001)])
        let chosen = try search("m = $1 AND n = $1", [string], &server).get()
        #expect(chosen.types == [0, 0])
        #expect(chosen.sources == [0, 0])
    }

    @Test("A double is numeric where that is inferred, and stays a double elsewhere")
    func preferred() throws {
        var server = Server(places: [([701, 1700], 1700), ([701, 23], 23), ([701], nil)])
        let chosen = try search("a > $1 AND b / $2 AND $3", [double, double, double], &server).get()
        #expect(chosen.types == [1700, 701, 701])
    }

    @Test("A list that is inferred as a text is an array where it can be")
    func avoided() throws {
        var server = Server(places: [([25, 1009], 25), ([25], 25)])
        let chosen = try search("coalesce($1) AND t = $2", [list, list], &server).get()
        #expect(chosen.types == [1009, 0])
    }

    @Test("A statement that no types make right is the first error's, after a bounded number of attempts")
    func hopeless() throws {
        var server = Server(places: (0..<12).map { _ in ([], nil) })
        let sql = (1...12).map { "a = $\($0)" }.joined(separator: " AND ")
        let result = search(sql, Array(repeating: int, count: 12), &server)
        #expect(throws: PostgresError.self) { try result.get() }
        #expect(server.prepared <= 130)
    }

    @Test("A text that stands once, or says the same in each place, costs no search")
    func cheap() throws {
        var once = Server(places: [([90_000], 90_000), ([20], nil)])
        #expect(try search("a = $1 AND b = $2", [string, int], &once).get().types == [0, 20])
        #expect(once.prepared == 1)
        // Nothing tells that both are texts but the server.
        var filter = Server(places: [([25], nil), ([25], 25)])
        let chosen = try search("$1 IS NULL OR a = $1", [string], &filter).get()
        #expect(chosen == TypedStatement(sql: "$1 IS NULL OR a = $1", types: [25], sources: nil))
        #expect(filter.prepared == 2)
        var twice = Server(places: [([90_000], 90_000), ([90_000], 90_000)])
        #expect(try search("a = $1 OR b = $1", [string], &twice).get().types == [])
        #expect(twice.prepared == 2)
    }

    @Test("Each place has the type that a literal would have there, in any order")
    func apart() throws {
        // A type such as citext, which takes a text without a word.
        for (sql, inferred) in [
            ("$1 = '' OR c = $1 OR c2 = $1", [25, 90_000, 90_000]),
            ("c = $1 OR $1 = '' OR c2 = $1", [90_000, 25, 90_000]),
        ] as [(String, [UInt32])] {
            var server = Server(places: inferred.map { ([25, 90_000], $0) })
            let chosen = try search(sql, [string], &server).get()
            #expect(chosen.types == [0, 0])
            let numbers = ParameterOccurrences(chosen.sql).all.map {
                inferred[$0.parameter == 0 ? 0 : inferred.lastIndex { $0 != inferred[0] }!]
            }
            #expect(numbers == inferred)
        }
    }

    @Test("Errors without a place do not make the search grow with the number of inputs", arguments: 1...20)
    func polymorphic(count: Int) throws {
        let conditions = (1...count).map {
            $0 % 3 == 0
                ? "(cardinality($\($0)) = 0 OR m = ANY($\($0)))"
                : $0 % 3 == 1
                    ? "($\($0) IS NULL OR to_jsonb($\($0)) = x OR m = ANY($\($0)))"
                    : "(f($\($0), 1) OR left(s, $\($0)))"
        }
        let sql = conditions.joined(separator: " AND ")
        let types = (1...count).map { $0 % 3 == 2 ? int : list }
        var search = ParameterTypeSearch(sql: sql, parameters: types)
        var statement = search.begin()
        var prepared = 0
        while true {
            prepared += 1
            let step =
                switch answer(to: statement) {
                case .success(let types): search.described(types)
                case .failure(let error): search.refused(error)
                }
            switch step {
            case .prepare(let next):
                statement = next
                continue
            case .chosen(let chosen):
                #expect(ParameterOccurrences(chosen.sql).all.count == ParameterOccurrences(sql).all.count)
                #expect(prepared <= 15, "\(prepared)")
            case .failed(let error): Issue.record("\(error)")
            }
            break
        }
    }

    /// A server that knows `cardinality` and `to_jsonb` for any type, but not for none, `ANY` for one type of its own, and `left` for
    /// small numbers.
    private func answer(to statement: TypedStatement) -> Result<[UInt32], PostgresError> {
        var described = statement.types
        let all = ParameterOccurrences(statement.sql)
        var unknown = false
        for occurrence in all.all {
            let before = String(decoding: statement.sql.utf8.prefix(occurrence.range.lowerBound), as: UTF8.self)
            let type = statement.types.isEmpty ? 0 : statement.types[occurrence.parameter]
            if described.isEmpty { described = Array(repeating: 0, count: all.all.count) }
            func refusal(_ state: String) -> PostgresError {
                var error = PostgresError(.server(sqlState: state), "no")
                error.position = occurrence.range.lowerBound + 1
                return error
            }
            if before.hasSuffix("ANY(") {
                if type != 0 { return .failure(refusal("42883")) }
                described[occurrence.parameter] = 90_000
            } else if before.hasSuffix("left(s, ") {
                if type != 23 { return .failure(refusal("42883")) }
            } else if type == 0 {
                unknown = true
            }
        }
        if unknown {
            return .failure(PostgresError(.server(sqlState: "42804"), "could not determine polymorphic type"))
        }
        return .success(described)
    }

    @Test(
        "An error that types have nothing to do with ends the search at once",
        arguments: ["42P01", "42703", "42601"]
    )
    func foreign(state: String) {
        var search = ParameterTypeSearch(sql: "a = $1", parameters: [int])
        _ = search.begin()
        guard case .failed(let error) = search.refused(PostgresError(.server(sqlState: state), "no")) else {
            Issue.record("the search goes on")
            return
        }
        #expect(error.sqlState == state)
    }
}
