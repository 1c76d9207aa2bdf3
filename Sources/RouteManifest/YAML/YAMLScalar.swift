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
        text = Self.text(of: scalar, at: location, in: source)
        style = scalar.style
        let tag = "\(scalar.tag)"
        foreignTag = ["", "!", "tag:yaml.org,2002:str"].contains(tag) ? nil : tag
        self.location = location
        self.source = source
    }

    /// The text of a scalar.
    ///
    /// The parser takes U+FEFF at the beginning of a text for a mark of the byte order and drops it. In a manifest it can only be an
    /// escape in double quotes, and so a part of the text.
    static func text(of scalar: Node.Scalar, at location: Location, in source: SourceText) -> String {
        guard scalar.style == .doubleQuoted else { return scalar.string }
        let start = source.index(line: location.line, column: location.column)
        let written = ScalarSourceMap.leadingByteOrderMarks(at: start, in: source)
        let kept = scalar.string.unicodeScalars.prefix { $0 == "\u{FEFF}" }.count
        return String(repeating: "\u{FEFF}", count: max(written - kept, 0)) + scalar.string
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
