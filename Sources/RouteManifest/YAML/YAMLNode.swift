import Yams

/// A node of the manifest with its place.
///
/// Nodes are created on access instead of being copied into a tree, because aliases can make a small file expand to an
/// enormous one.
struct YAMLNode {
    enum Kind {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    private let node: Node
    private let document: YAMLDocument

    init(_ node: Node, in document: YAMLDocument) {
        self.node = node
        self.document = document
    }

    var location: Location { document.location(of: node) }

    var kind: Kind {
        switch node {
        case .scalar(let scalar): .scalar(YAMLScalar(scalar, at: location, in: document.source))
        case .sequence(let sequence): .sequence(sequence.map { YAMLNode($0, in: document) })
        case .mapping(let mapping): .mapping(document.entries(of: mapping))
        // The parser replaces an alias by its node, so this case exists only in nodes made by hand.
        case .alias: .sequence([])
        }
    }

    var scalar: YAMLScalar? { if case .scalar(let scalar) = kind { scalar } else { nil } }
    var sequence: [YAMLNode]? { if case .sequence(let elements) = kind { elements } else { nil } }
    var mapping: [YAMLEntry]? { if case .mapping(let entries) = kind { entries } else { nil } }

    /// Indicates an empty value: nothing after the key, `~` or `null`.
    var isNull: Bool { scalar?.isNull ?? false }

    /// Indicates a list in brackets, rather than lines that begin with `- `.
    var isInBrackets: Bool { node.sequence != nil && begins(with: "[") }

    /// Indicates a mapping in braces.
    var isInBraces: Bool { node.mapping != nil && begins(with: "{") }

    private func begins(with scalar: Unicode.Scalar) -> Bool {
        let index = document.source.index(line: location.line, column: location.column)
        return index < document.source.scalars.count && document.source.scalars[index] == scalar
    }

    /// The kind of the node in messages.
    var kindName: String {
        switch kind {
        case .scalar(let scalar): scalar.isNull ? "empty" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
