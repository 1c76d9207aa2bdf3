import RouteModel

/// The states of tables: those that announce all of their changes, and the tag versions that are trusted because of it.
///
/// A value type: it takes reports, and returns what to purge and to log.
struct TableStates {
    private struct Known {
        var digest: String
        var fault: InspectedTable.Fault?
    }

    /// A message to the table's owner.
    enum Message: Hashable, Sendable {
        /// Responses made from the table are not stored.
        case untrusted(String, InspectedTable.Fault)
        /// Responses made from the table are stored again.
        case trusted(String)
    }

    /// The consequences of an inspection.
    struct Findings {
        /// The tag versions to purge: responses from before must not be reused.
        var purged: [TagVersionKey] = []
        /// The tag versions to trust once the others are purged.
        var trusted: Set<TagVersionKey> = []
        /// The messages in the order of the reports.
        var messages: [Message] = []
        /// The number of exchanges of routes before the reports were taken.
        fileprivate var exchanges = 0
    }

    private var known: [String: Known] = [:]
    /// The trusted tag versions.
    private(set) var trusted: Set<TagVersionKey> = []
    /// The number of exchanges of routes.
    private var exchanges = 0
    /// All tag versions that were ever inspected, and the last exchange after which no route had them.
    private var inspected: [TagVersionKey: Int] = [:]

    /// Takes the reports of an inspection. Trust that a report takes away ends at once.
    ///
    /// - Parameters:
    ///   - reports: the tables as the inspection found them.
    ///   - tokens: returns the tag versions of a table.
    mutating func take(_ reports: [InspectedTable], tokens: (String) -> [TagVersionKey]) -> Findings {
        var findings = Findings()
        findings.exchanges = exchanges
        for report in reports {
            let before = known.updateValue(Known(digest: report.digest, fault: report.fault), forKey: report.name)
            let tokens = tokens(report.name)
            let isSame = before.map { $0.digest == report.digest && $0.fault == report.fault } ?? false
            if !isSame {
                // Responses from before were made while changes went unannounced, or from a former part of the table.
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
        for token in findings.trusted where inspected[token] == nil { inspected[token] = 0 }
        trusted.formIntersection(findings.trusted)
        findings.purged = findings.purged.withoutRepetitions
        return findings
    }

    /// Trusts the tag versions of an inspection from now on, but for those that no route had for a while since it began: the
    /// next inspection, which purges what is not trusted, decides about them.
    mutating func trust(_ findings: Findings) {
        trusted.formUnion(findings.trusted.filter { (inspected[$0] ?? 0) <= findings.exchanges })
    }

    /// Takes an exchange of routes: trusts only tag versions that routes still have. Changes of the other tables go unheard from
    /// now on, so if a route has them again, responses from before have to be purged first.
    mutating func keepOnly(_ tokens: Set<TagVersionKey>) {
        exchanges += 1
        for token in inspected.keys where !tokens.contains(token) {
            inspected[token] = exchanges
            hasForgotten = true
        }
        trusted.formIntersection(tokens)
    }

    /// Indicates that there were tables which no route has any more.
    private(set) var hasForgotten = false

    /// Returns the reason why responses made from a table are not stored; `nil` if there is none, or none is known yet.
    func fault(ofTable name: String) -> InspectedTable.Fault? { known[name]?.fault }
}
