import SQLSyntax
import Testing

@testable import PostgresClient

@Suite("Places in a statement whose parameters have other numbers")
struct OccurrencePlaceTests {
    private static let statements = [
        "SELECT $1, $2 FROM t WHERE a = $1 AND left(s, $2) = 'v' AND nope",
        "SELECT 'ä$1', \"ü\" , $10 -- $3 €\n FROM t WHERE a = $1::int AND $2 IS NULL /* 😀 */ AND b",
        "$1$2$3", "SELECT 1", "",
    ]

    @Test("are those of the same token in the statement as it was written", arguments: statements)
    func places(_ sql: String) {
        let occurrences = ParameterOccurrences(sql)
        let numbers = occurrences.all.indices.map { 7 * $0 + 8 }
        let candidate = occurrences.text(numbers: numbers, width: 3)
        let other = ParameterOccurrences(candidate)
        let pairs = zip(occurrences.tokens, other.tokens)
        for (own, theirs) in pairs {
            for (offset, byte) in theirs.range.enumerated() {
                // Only the first bytes of characters have positions.
                guard Array(candidate.utf8)[byte] & 0xC0 != 0x80 else { continue }
                let character = candidate.utf8.prefix(byte).count { $0 & 0xC0 != 0x80 } + 1
                let expected = own.range.lowerBound + (own.kind == .parameter ? 0 : offset)
                #expect(occurrences.byte(ofCharacter: character, in: candidate) == expected)
            }
        }
        let end = candidate.unicodeScalars.count + 1
        #expect(occurrences.byte(ofCharacter: end, in: candidate) == sql.utf8.count)
        #expect(occurrences.byte(ofCharacter: end + 100, in: candidate) == sql.utf8.count)
    }

    @Test("are those of a parameter without a type where the error has no position")
    func parameter() {
        let occurrences = ParameterOccurrences("SELECT f($1), $2, $2")
        var error = PostgresError(.server(sqlState: "42P18"), "could not determine data type of parameter $3")
        let candidate = occurrences.text(numbers: [1, 2, 3], width: 1)
        #expect(occurrences.located(error, in: candidate).sentByte == 18)
        error.position = 8
        #expect(occurrences.located(error, in: candidate).sentByte == 7)
    }
}
