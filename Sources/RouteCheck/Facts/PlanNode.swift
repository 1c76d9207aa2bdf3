/// A node of a plan.
package struct PlanNode: Hashable, Sendable {
    /// The type, such as `Seq Scan`.
    package var type: String
    /// The table that it scans; `nil` if it scans none.
    package var table: QualifiedName?
    /// The alias of the table.
    package var alias: String?
    /// The condition by which rows are dropped that were read.
    package var filter: String?
    /// All conditions.
    package var conditions: [String]
    /// Indicates that a LIMIT may end it before it has read everything.
    package var isLimited: Bool
    /// The numbers of the values that it makes for other nodes, whose conditions name them like parameters: `$1` (before
    /// PostgreSQL 17).
    package var outputs: [Int]

    /// Creates a node.
    package init(
        _ type: String,
        table: QualifiedName? = nil,
        alias: String? = nil,
        filter: String? = nil,
        conditions: [String] = [],
        isLimited: Bool = false,
        outputs: [Int] = []
    ) {
        self.type = type
        self.table = table
        self.alias = alias
        self.filter = filter
        self.conditions = conditions
        self.isLimited = isLimited
        self.outputs = outputs
    }
}
