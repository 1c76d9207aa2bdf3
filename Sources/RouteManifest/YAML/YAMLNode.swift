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
        case .scalar(let scalar): .scalar(YAMLScalar(scalar, location, document.source))
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

/// A key and its value.
struct YAMLEntry {
    let key: String
    let keyLocation: Location
    let value: YAMLNode

    /// Whether nothing but blanks stands before the key in its line, as it does in braces.
    var isOnLineOfItsOwn: Bool {
        guard let source = value.scalar?.source else { return true }
        return source.line(keyLocation.line).indent + 1 == keyLocation.column
    }
}

/// A scalar as it was written: its text is not taken for a number, a boolean or a date.
struct YAMLScalar {
    let text: String
    let location: Location
    /// An explicit tag that asks for more than text, such as `!!int`.
    let foreignTag: String?
    let style: Node.Scalar.Style
    let source: SourceText

    init(_ scalar: Node.Scalar, _ location: Location, _ source: SourceText) {
        text = scalar.string
        style = scalar.style
        let tag = "\(scalar.tag)"
        foreignTag = ["", "!", "tag:yaml.org,2002:str"].contains(tag) ? nil : tag
        self.location = location
        self.source = source
    }

    var isPlain: Bool { style == .plain }

    var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// Places of the text's characters.
    var places: TextPlaces {
        let start = source.index(line: location.line, column: location.column)
        return TextPlaces(
            source: source,
            indices: ScalarSourceMap.indices(of: text, style: style, at: start, in: source),
            fallback: location
        )
    }
}

/// Turns offsets in a text into places of the file it was taken from.
struct TextPlaces {
    let source: SourceText
    /// The index in the source of each Unicode scalar of the text, and of its end; without them every place is `fallback`.
    let indices: [Int]?
    let fallback: Location

    /// The place of the Unicode scalar with this number.
    func location(ofScalar number: Int) -> Location {
        guard let indices else { return fallback }
        return source.location(at: indices[min(number, indices.count - 1)])
    }
}
