import Yams

/// Finds what stands in more lists and mappings than a manifest has any use for, so that everything that is done level by level
/// ends long before a thread's stack does.
enum NodeDepth {
    /// The most lists and mappings that may stand around one another.
    static let deepest = 100
    static let message =
        "this stands in \(deepest) lists and mappings, which is too deep; no key of a manifest needs more than 10"

    /// The place of a node that stands in too many others.
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

    /// The lists and mappings of the longest way down from a node, itself included.
    ///
    /// - Parameter heights: those that are known, by their places. Aliases lead to one node on many ways.
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
