import Yams

/// Limits the nesting depth of lists and mappings, so that recursion into them doesn't exceed a thread's stack.
enum NodeDepthLimit {
    /// The maximum nesting depth.
    static let deepest = 100
    static let message =
        "this stands in \(deepest) lists and mappings, which is too deep; no key of a manifest needs more than 10"

    /// The place of a node that is nested too deeply; `nil` if there is none.
    static func excess(of root: Node, in document: YAMLDocument) -> Location? {
        var heights: [Location: Int] = [:]
        guard height(of: root, in: document, heights: &heights) > deepest else { return nil }
        var node = root
        for _ in 0..<deepest {
            guard
                let next = children(of: node).max(by: {
                    known($0, in: document, heights: heights) < known($1, in: document, heights: heights)
                })
            else { break }
            node = next
        }
        return document.location(of: node)
    }

    private static func children(of node: Node) -> [Node] {
        switch node {
        case .scalar, .alias: []
        case .sequence(let sequence): Array(sequence)
        case .mapping(let mapping): mapping.flatMap { [$0.key, $0.value] }
        }
    }

    /// The number of lists and mappings on the longest path down from a node, including the node.
    ///
    /// - Parameter heights: the known heights by place. Aliases lead to one node on several paths.
    private static func height(of node: Node, in document: YAMLDocument, heights: inout [Location: Int]) -> Int {
        if case .scalar = node { return 0 }
        let location = document.location(of: node)
        if let height = heights[location] { return height }
        var height = 1
        for child in children(of: node) {
            height = max(height, 1 + self.height(of: child, in: document, heights: &heights))
        }
        heights[location] = height
        return height
    }

    private static func known(_ node: Node, in document: YAMLDocument, heights: [Location: Int]) -> Int {
        if case .scalar = node { return 0 }
        return heights[document.location(of: node)] ?? 0
    }
}
