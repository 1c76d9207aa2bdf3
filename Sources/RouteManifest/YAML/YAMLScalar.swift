import Yams

/// A scalar as written. Its text is not interpreted as a number, a Boolean or a date.
struct YAMLScalar {
    let text: String
    let location: Location
    /// An explicit tag for another type than text, such as `!!int`.
    let foreignTag: String?
    let style: Node.Scalar.Style
    let source: SourceText

    init(_ scalar: Node.Scalar, at location: Location, in source: SourceText) {
        text = scalar.string
        style = scalar.style
        let tag = "\(scalar.tag)"
        foreignTag = ["", "!", "tag:yaml.org,2002:str"].contains(tag) ? nil : tag
        self.location = location
        self.source = source
    }

    var isPlain: Bool { style == .plain }

    var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// The places of the text's characters.
    var places: SourceMap {
        let start = source.index(line: location.line, column: location.column)
        return SourceMap(
            source: source,
            indices: ScalarSourceMap.indices(of: text, style: style, at: start, in: source),
            fallback: location
        )
    }
}
