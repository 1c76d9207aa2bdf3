import RouteManifest
import RouteModel

/// Names under `errors` that no constraint has.
enum ConstraintFindings {
    static func check(_ statement: StatementToCheck, _ schema: SchemaFacts, _ findings: inout Findings) {
        guard let constraints = schema.constraints else { return }
        for (name, place) in statement.errors.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        where !constraints.contains(name) {
            let close = MisspellingSuggestion.text(for: name, among: constraints.sorted())
            findings.report(
                .unknownConstraint,
                "no constraint of this database is called '\(name)'\(close)",
                of: statement,
                at: place
            )
        }
    }
}
