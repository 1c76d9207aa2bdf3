import Synchronization

/// The types of a statement's parameters and columns as a manifest's lock has them.
///
/// The server's description of the statement is compared with them whenever the statement is prepared, on any
/// connection. The first difference is reported. It changes nothing else: rows are always converted as the server's
/// description says.
package final class StatementExpectation: Sendable {
    /// A column of the result.
    package struct Column: Sendable, Hashable {
        let name: String
        /// The name of its type, as ``BuiltInTypeName`` has it or, for a type of the user's, with its schema.
        let type: String

        /// Makes a column.
        ///
        /// - Parameters:
        ///   - name: its name.
        ///   - type: the name of its type.
        package init(_ name: String, _ type: String) {
            self.name = name
            self.type = type
        }
    }

    private let parameters: [String]
    private let columns: [Column]
    private let report: @Sendable (String) -> Void
    private let hasReported = Atomic(false)

    /// The number of differences that one report has in words.
    private static let mostTold = 5

    /// Makes an expectation.
    ///
    /// - Parameters:
    ///   - parameters: the names of the types of the parameters that are sent, in their order.
    ///   - columns: the columns in their order.
    ///   - report: receives the differences in words; called once at most, on a thread that must not be blocked.
    package init(parameters: [String], columns: [Column], report: @escaping @Sendable (String) -> Void) {
        self.parameters = parameters
        self.columns = columns
        self.report = report
    }

    /// Reports the differences between a description and the lock, unless there was a report before.
    ///
    /// - Parameter description: that of the statement itself, not of one that converts its columns.
    func compare(with description: StatementDescription) {
        guard !hasReported.load(ordering: .relaxed), let difference = difference(from: description),
            !hasReported.exchange(true, ordering: .relaxed)
        else { return }
        report(difference)
    }

    /// Returns the differences of a description in words, such as `column total is bigint, not numeric`; `nil` if there
    /// are none.
    func difference(from description: StatementDescription) -> String? {
        let all = columnDifferences(description.columns) + parameterDifferences(description.parameterOIDs)
        guard !all.isEmpty else { return nil }
        var text = all.prefix(Self.mostTold).joined(separator: "; ")
        if all.count > Self.mostTold { text += "; and \(all.count - Self.mostTold) more" }
        return text
    }

    private func columnDifferences(_ described: [StatementDescription.Column]) -> [String] {
        // The server distinguishes names that Unicode considers equal.
        let pairs = zip(columns, described)
        if columns.count == described.count, pairs.allSatisfy({ $0.name.utf8.elementsEqual($1.name.utf8) }) {
            return pairs.compactMap { Self.difference("column \($0.name)", $0.type, $1.typeOID) }
        }
        let known = Dictionary(columns.map { (Array($0.name.utf8), $0) }) { first, _ in first }
        let present = Dictionary(described.map { (Array($0.name.utf8), $0.typeOID) }) { first, _ in first }
        var differences: [String] = []
        for column in columns {
            if let oid = present[Array(column.name.utf8)] {
                if let text = Self.difference("column \(column.name)", column.type, oid) { differences.append(text) }
            } else {
                differences.append("column \(column.name) is missing")
            }
        }
        for column in described where known[Array(column.name.utf8)] == nil {
            differences.append("column \(column.name) is new")
        }
        if differences.isEmpty { differences.append("the columns are in another order, or others are there twice") }
        return differences
    }

    private func parameterDifferences(_ described: [UInt32]) -> [String] {
        guard parameters.count == described.count else {
            return ["\(described.count) parameters are sent, not \(parameters.count)"]
        }
        return zip(parameters, described).enumerated().compactMap { index, pair in
            // A column of a domain is described by its base type, and a parameter by the domain, which the lock does not name.
            guard BuiltInTypeName.name(ofOID: pair.1) != nil else { return nil }
            return Self.difference("parameter $\(index + 1)", pair.0, pair.1)
        }
    }

    private static func difference(_ subject: String, _ expected: String, _ oid: UInt32) -> String? {
        guard !isType(expected, oid) else { return nil }
        return "\(subject) is \(BuiltInTypeName.name(ofOID: oid) ?? "a type of the database's own"), not \(expected)"
    }

    /// Indicates that a type may have this name. Types that are not the same on all servers have no OIDs that could be
    /// known, so any of them is accepted for the name of one.
    private static func isType(_ name: String, _ oid: UInt32) -> Bool {
        if let known = BuiltInTypeName.oid(ofName: name) { return known == oid }
        return BuiltInTypeName.name(ofOID: oid) == nil
    }
}
