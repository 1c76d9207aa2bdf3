import RouteCheck
import RouteModel

/// Reads what `EXPLAIN (VERBOSE, FORMAT JSON)` says.
enum PlanReader {
    /// Returns the nodes of a plan; none if the text is no plan.
    static func nodes(of text: String) -> [PlanNode] {
        // Each level of a plan is an object in an array.
        guard let value = try? JSONValue(Array(text.utf8), depthLimit: 2000) else { return [] }
        var nodes: [PlanNode] = []
        for plan in value.elements {
            for member in plan.members where isName(member, "Plan") { add(member.value, isLimited: false, to: &nodes) }
        }
        return nodes
    }

    private static func isName(_ member: JSONValue.Member, _ name: String) -> Bool {
        member.name.elementsEqual(name.utf8)
    }

    /// The nodes that pass rows on as they come.
    private static let passing: Set<String> = [
        "Append", "Gather", "LockRows", "ProjectSet", "Result", "Subquery Scan",
    ]

    private static func add(_ plan: JSONValue, isLimited: Bool, to nodes: inout [PlanNode]) {
        var texts: [String: String] = [:]
        var children: [JSONValue] = []
        var conditions: [String] = []
        for member in plan.members {
            let name = String(decoding: member.name, as: UTF8.self)
            if name == "Plans" {
                children += member.value.elements
            } else if member.value.kind == .string {
                let text = String(decoding: member.value.text, as: UTF8.self)
                texts[name] = text
                if name.hasSuffix("Filter") || name.hasSuffix("Cond") { conditions.append(text) }
            }
        }
        var node = PlanNode(texts["Node Type"] ?? "", filter: texts["Filter"], conditions: conditions)
        if let schema = texts["Schema"], let name = texts["Relation Name"] {
            node.table = QualifiedName(schema, name)
            node.alias = texts["Alias"]
        }
        node.isLimited = isLimited
        node.outputs = texts["Subplan Name"].map(outputs) ?? []
        nodes.append(node)
        let isLimited = node.type == "Limit" || isLimited && passing.contains(node.type)
        for child in children { add(child, isLimited: isLimited, to: &nodes) }
    }

    /// The numbers in `InitPlan 1 (returns $0,$1)`; none where PostgreSQL 17 writes `InitPlan 1`.
    static func outputs(_ name: String) -> [Int] {
        guard let list = name.firstRange(of: "(returns ") else { return [] }
        return name[list.upperBound...].split { ",) ".contains($0) }.compactMap { word in
            word.hasPrefix("$") ? Int(word.dropFirst()) : nil
        }
    }
}
