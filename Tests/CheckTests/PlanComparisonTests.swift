import Testing

@testable import RouteCheck

@Suite("Comparisons in the conditions of plans")
struct PlanComparisonTests {
    private static func comparison(
        _ alias: String,
        _ column: String,
        _ cast: String?,
        _ sign: String = "=",
        _ number: Int = 1
    )
        -> PlanComparison
    {
        PlanComparison(alias: alias, column: column, cast: cast, operator: sign, parameter: number - 1)
    }

    private static let cases: [(condition: String, expected: [PlanComparison])] = [
        ("(users.id = $1)", [comparison("users", "id", nil)]),
        ("((users.id)::numeric = $1)", [comparison("users", "id", "numeric")]),
        (
            "($2 < (u.at)::timestamp without time zone)",
            [comparison("u", "at", "timestamp without time zone", "<", 2)]
        ),
        ("((\"U u\".\"I d\")::public.\"x y\" >= $1)", [comparison("U u", "I d", "public.\"x y\"", ">=")]),
        ("((t.id)::numeric = ANY ($1))", [comparison("t", "id", "numeric")]),
        (
            "((t.a = $1) AND ((t.b)::numeric(10,2) <> $2))",
            [comparison("t", "a", nil), comparison("t", "b", "numeric", "<>", 2)]
        ),
        ("((t.id + 1) = $1)", []), ("(lower(t.a) = $1)", []), ("(t.a ~~ $1)", []), ("(($1)::int = 2)", []),
        ("", []),
    ]

    @Test("are read from these forms", arguments: cases)
    func comparisons(_ condition: String, _ expected: [PlanComparison]) {
        #expect(PlanComparison.all(in: condition) == expected)
    }

    @Test("do not have the outputs of subqueries for parameters")
    func outputs() {
        let condition = "((t.a = $1) AND (t.b = $2))"
        #expect(PlanComparison.all(in: condition, besides: [0, 1]) == [Self.comparison("t", "b", nil, "=", 2)])
    }
}
