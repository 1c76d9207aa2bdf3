import RouteModel

/// What is known of the tables: which of them announce all of their changes, and which tokens are believed for that.
///
/// A value type: reports come in, and what is to be purged and said comes out.
struct TableStates {
    private struct Known {
        var digest: String
        var fault: InspectedTable.Fault?
    }

    /// What a table's owner is to be told.
    enum Message: Hashable, Sendable {
        /// Answers that are made from the table are not kept.
        case untrusted(String, InspectedTable.Fault)
        /// They are again.
        case trusted(String)
    }

    /// What follows from an inspection.
    struct Findings {
        /// What was made before is not to be given any more.
        var purged: [TagVersionKey] = []
        /// Believed once that is purged.
        var trusted: Set<TagVersionKey> = []
        /// In the order of the reports.
        var messages: [Message] = []
    }

    private var known: [String: Known] = [:]
    /// The tokens that are believed.
    private(set) var trusted: Set<TagVersionKey> = []

    /// Takes what an inspection has found. What is not to be believed any more is not from here on.
    ///
    /// - Parameter tokens: the tokens of a table.
    mutating func take(_ reports: [InspectedTable], tokens: (String) -> [TagVersionKey]) -> Findings {
        var findings = Findings()
        for report in reports {
            let before = known.updateValue(Known(digest: report.digest, fault: report.fault), forKey: report.name)
            let tokens = tokens(report.name)
            let isSame = before.map { $0.digest == report.digest && $0.fault == report.fault } ?? false
            if !isSame {
                // Made while nobody announced its changes, or from what is no part of the table any more.
                findings.purged += tokens
            } else if report.fault == nil {
                findings.purged += tokens.filter { !trusted.contains($0) }
            }
            if let fault = report.fault {
                if before?.fault != fault { findings.messages.append(.untrusted(report.name, fault)) }
            } else {
                findings.trusted.formUnion(tokens)
                if before?.fault != nil { findings.messages.append(.trusted(report.name)) }
            }
        }
        trusted.formIntersection(findings.trusted)
        findings.purged = findings.purged.withoutRepetitions
        return findings
    }

    /// Believes the tokens from here on.
    mutating func trust(_ tokens: Set<TagVersionKey>) { trusted.formUnion(tokens) }

    /// The reason why the answers of a table are not kept; `nil`: there is none, or it is not known yet.
    func fault(ofTable name: String) -> InspectedTable.Fault? { known[name]?.fault }
}
