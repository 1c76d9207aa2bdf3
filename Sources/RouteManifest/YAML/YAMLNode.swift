import Yams

/// A node of the manifest with its place.
///
/// Nodes are looked at where they are used rather than copied into a tree at once: aliases may make a small file stand for an
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
        // The parser puts the node an alias names in the alias' place; this case is for nodes made by hand.
        case .alias: .sequence([])
        }
    }

    var scalar: YAMLScalar? { if case .scalar(let scalar) = kind { scalar } else { nil } }
    var sequence: [YAMLNode]? { if case .sequence(let elements) = kind { elements } else { nil } }
    var mapping: [YAMLEntry]? { if case .mapping(let entries) = kind { entries } else { nil } }

    /// Whether nothing was written: `key:` alone, `~` or `null`.
    var isNull: Bool { scalar?.isNull ?? false }

    /// Whether this is a list in brackets rather than one of lines that begin with `- `.
    var isInBrackets: Bool { node.sequence != nil && begins(with: "[") }

    /// Whether this is a mapping in braces.
    var isInBraces: Bool { node.mapping != nil && begins(with: "{") }

    private func begins(with scalar: Unicode.Scalar) -> Bool {
        let index = document.source.index(line: location.line, column: location.column)
        return index < document.source.scalars.count && document.source.scalars[index] == scalar
    }

    /// What the node is, for messages.
    var kindName: String {
        switch kind {
        case .scalar(let scalar): scalar.isNull ? "empty" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
