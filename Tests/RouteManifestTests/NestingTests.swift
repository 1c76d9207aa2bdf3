import Foundation
import SQLCorpus
import SQLSyntax
import Synchronization
import Testing

@testable import RouteManifest

/// Texts in which something stands in itself, read where a stack is short.
@Suite struct NestingTests {
    /// What `body` gives on a thread with a stack of 512 KiB, as some systems' threads have.
    private func onShortStack<Result: Sendable>(_ body: @Sendable @escaping () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 512 << 10
            thread.start()
        }
    }

    private func linesOnShortStack(_ source: String) async -> [String] {
        await onShortStack { parse(source).diagnostics.filter { $0.severity == .error }.map(\.description) }
    }

    /// Something that opens a bracket, what stands inside of all, what closes it, and the brackets that each one opens.
    struct Nest: Sendable, CustomTestStringConvertible {
        var start = "SELECT "
        var opening: String
        var inner = "1"
        var closing = ")"
        var end = " AS a LIMIT 1"
        /// The place of the bracket in `opening`.
        var bracket: Int {
            opening.utf8.lastIndex { "([".utf8.contains($0) }.map {
                opening.utf8.distance(from: opening.startIndex, to: $0)
            } ?? 0
        }
        var testDescription: String { opening }

        func sql(_ count: Int) -> String {
            start + String(repeating: opening, count: count) + inner + String(repeating: closing, count: count) + end
        }
    }

    static let nests = [
        Nest(opening: "("), Nest(opening: "coalesce(a, "), Nest(opening: "CAST(", closing: " AS int)"),
        Nest(opening: "(SELECT "), Nest(opening: "EXISTS (SELECT "), Nest(opening: "ARRAY[", closing: "]"),
        Nest(opening: "CASE WHEN (", closing: ") THEN 1 END"),
        Nest(opening: "CASE WHEN a THEN b ELSE (", closing: ") END"),
        Nest(opening: "(VALUES ", inner: "(1)", closing: ")", end: " LIMIT 1"),
        Nest(start: "SELECT a FROM ", opening: "(", inner: "t", closing: ")", end: " LIMIT 1"),
        Nest(start: "SELECT a FROM ", opening: "(SELECT a FROM ", inner: "t", closing: ") AS s", end: " LIMIT 1"),
        Nest(start: "", opening: "(", inner: "SELECT 1 AS a", closing: ")", end: " LIMIT 1"),
        Nest(start: "", opening: "WITH a AS (", inner: "SELECT 1 AS a", closing: ") SELECT * FROM a", end: " LIMIT 1"),
        Nest(
            start: "SELECT a FROM t WHERE a IN ",
            opening: "(SELECT a FROM t WHERE a IN ",
            inner: "(1)",
            end: " LIMIT 1"
        ),
    ]

    @Test(arguments: nests) func `Brackets may stand in 100 others, and no more`(nest: Nest) async {
        func source(_ count: Int) -> String {
            oneRoute("get: /x\npublic: true\nallow: [ no-limit ]\nsql: |\n  \(nest.sql(count))")
        }
        // What stands inside of all may have a bracket of its own.
        let inner = nest.inner.hasPrefix("(") ? 1 : 0
        #expect(!(await linesOnShortStack(source(100 - inner))).contains { $0.contains("too deep") })
        let start = 7 + nest.start.utf8.count + nest.opening.utf8.count * 100
        let column = inner == 1 ? start : start + nest.bracket
        for count in [101 - inner, 150, 5_000] {
            let wanted = count == 101 - inner ? column : start + nest.bracket
            let errors = await linesOnShortStack(source(count))
            #expect(
                errors == [
                    "routes.yaml:9:\(wanted): error: this bracket stands in 100 others, which is too deep; name the inner "
                        + "parts in a WITH clause"
                ]
            )
        }
    }

    @Test(arguments: [1, 100, 5_000]) func `CASE, which needs no brackets, may stand in itself as deep as one likes`(
        count: Int
    ) async {
        for (opening, closing) in [
            ("CASE WHEN a THEN b ELSE ", " END"), ("CASE WHEN ", " THEN 1 END"), ("CASE ", " WHEN 1 THEN 1 END"),
        ] {
            let expression = String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)
            let errors = await linesOnShortStack(
                oneRoute("get: /x\npublic: true\nsql: |\n  SELECT \(expression), \(expression) AS b FROM t LIMIT 1")
            )
            #expect(errors.isEmpty)
        }
    }

    /// Values of a key in YAML with so many levels.
    static let values: [@Sendable (Int) -> String] = [
        { " " + String(repeating: "[", count: $0) + String(repeating: "]", count: $0) },
        { " " + String(repeating: "{ a: ", count: $0) + "1" + String(repeating: " }", count: $0) },
        { "\n  " + String(repeating: "- ", count: $0) + "a" },
        { (0..<$0).map { "\n" + String(repeating: " ", count: $0 + 2) + "a:" }.joined() },
        { (1...$0).map { $0 == 1 ? "\n  a1: &a1 [ x ]" : "\n  a\($0): &a\($0) [ *a\($0 - 1) ]" }.joined() },
    ]

    @Test(arguments: values.indices) func `Lists and mappings may stand in 100 others, and no more`(index: Int) async {
        func errors(_ count: Int) async -> [String] {
            await linesOnShortStack("version: 1\nnamespace: n\nroutes: {}\nx:\(Self.values[index](count))\n")
        }
        // The manifest is a mapping, and what has the anchors is another one.
        let most = index == 4 ? 98 : 99
        for count in [90, most] { #expect(!(await errors(count)).contains { $0.contains("too deep") }, "\(count)") }
        // 999 is the deepest that the parser knows itself.
        for count in [most + 1, 102, 150, 990, 1_010, 3_000] {
            let errors = await errors(count)
            #expect(errors.count == 1)
            #expect(
                errors.first?.contains("this stands in 100 lists and mappings, which is too deep") == true,
                "\(errors)"
            )
        }
    }

    @Test func `The clauses before a token are those that one finds by looking back`() {
        for statement in SQLCorpus.reads + SQLCorpus.writes.joined().map(\.statement) {
            let tree = SQLTokenTree(SQLInputScanner(statement.sql))
            let clauses = SQLClauseContexts(tree)
            for index in tree.tokens.indices {
                let level = tree.openers[index].map { tree.contents(of: $0) } ?? tree.tokens.indices
                let siblings = tree.siblings(in: level.lowerBound..<index)
                let before = clauses.before(index)
                #expect(before.comma == siblings.last { tree.isPunctuation($0, ",") })
                #expect(before.hasUpdate == siblings.contains { tree.isKeyword($0, "update") })
                #expect(before.hasStatement == siblings.contains { tree.isKeyword($0, "select", "delete", "update") })
                let words = [
                    "select", "from", "where", "group", "having", "order", "limit", "offset", "union", "returning",
                ]
                #expect(before.sortingClause == siblings.last { tree.isKeyword($0, in: words) }, "\(statement.sql)")
            }
        }
    }
}
