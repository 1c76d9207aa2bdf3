import RouteModel

/// Checks the tags that writes invalidate against the tags of GET routes, in the manifests of one namespace.
struct InvalidatedTagChecks {
    let diagnostics: Diagnostics
    let namespace: String

    /// The maximum number of tags for which similar ones are searched. Each search goes through all tags.
    private static let mostSuggestions = 100

    /// Warns of tags that no GET route of the target can have. They may belong to another target.
    func check(_ routes: [DraftRoute]) {
        let reads = GETRouteTagIndex(routes.filter { $0.method == .get }.flatMap(TagChecks.tags).map(\.template))
        var suggestions: [String: String] = [:]
        for route in routes where route.method != .get {
            for tag in TagChecks.tags(of: route) where !reads.canHave(tag.template) {
                let shape = tag.template.shape
                if suggestions[shape] == nil, suggestions.count < Self.mostSuggestions {
                    suggestions[shape] = reads.closest(to: shape).map { " (did you mean '\($0)'?)" } ?? ""
                }
                diagnostics.report(
                    .unknownTag,
                    message:
                        "no GET route of the namespace '\(namespace)' can have the tag '\(tag.template)'; this purges nothing "
                        + "unless another target has such a route\(suggestions[shape] ?? "")",
                    allowed: route.settings.allowed,
                    at: tag.location
                )
            }
        }
    }
}

/// An index of the tags of GET routes, which finds the ones that can equal a tag without comparing it with all.
private struct GETRouteTagIndex {
    /// The parts of a template that two templates share if they can be the same tag.
    private struct Frame: Hashable {
        /// The bytes that no input's value contains, in order. The texts of both templates contain them.
        let delimiters: [UInt8]
        /// The text before the first delimiter; `nil` if an input precedes it.
        let start: [UInt8]?
    }

    private var byShape: [String: TagTemplate] = [:]
    private var shapes: [String] = []
    private var byFrame: [Frame: [TagTemplate]] = [:]
    private var byDelimiters: [[UInt8]: [TagTemplate]] = [:]

    init(_ templates: [TagTemplate]) {
        for template in templates where byShape[template.shape] == nil {
            byShape[template.shape] = template
            shapes.append(template.shape)
            let frame = Self.frame(of: template)
            byFrame[frame, default: []].append(template)
            byDelimiters[frame.delimiters, default: []].append(template)
        }
    }

    func canHave(_ tag: TagTemplate) -> Bool {
        if byShape[tag.shape] != nil { return true }
        let frame = Self.frame(of: tag)
        guard frame.start != nil else {
            return byDelimiters[frame.delimiters, default: []].contains(where: tag.canEqual)
        }
        let open = Frame(delimiters: frame.delimiters, start: nil)
        return byFrame[frame, default: []].contains(where: tag.canEqual)
            || byFrame[open, default: []].contains(where: tag.canEqual)
    }

    /// The tag of the most similar shape.
    func closest(to shape: String) -> TagTemplate? {
        MisspellingSuggestion.closest(to: shape, among: shapes).flatMap { byShape[$0] }
    }

    private static func frame(of template: TagTemplate) -> Frame {
        let pieces = template.pieces
        let start = pieces.prefix { piece in piece.map(TagTemplate.isOfValue) ?? true }
        return Frame(
            delimiters: pieces.compactMap { $0 }.filter { !TagTemplate.isOfValue($0) },
            start: start.contains(nil) ? nil : start.compactMap { $0 }
        )
    }
}

extension TagTemplate {
    /// The template without the names of its inputs.
    fileprivate var shape: String {
        parts.map { if case .text(let text) = $0 { text } else { "{}" } }.joined()
    }

    /// Tells whether some values make the two templates the same tag. An input's value is any percent-encoded text,
    /// including the empty one.
    func canEqual(_ other: TagTemplate) -> Bool {
        let rows = pieces
        let columns = other.pieces
        // For each prefix of the other template, whether the current prefix of this one can equal it.
        var prefix = [true] + columns.map { _ in false }
        for (column, piece) in columns.enumerated() { prefix[column + 1] = piece == nil && prefix[column] }
        for row in rows {
            var next = [row == nil && prefix[0]]
            for (column, piece) in columns.enumerated() {
                switch (row, piece) {
                case (nil, nil): next.append(prefix[column + 1] || next[column])
                case (nil, let byte?): next.append(prefix[column + 1] || (Self.isOfValue(byte) && next[column]))
                case (let byte?, nil): next.append(next[column] || (Self.isOfValue(byte) && prefix[column + 1]))
                case (let byte?, let other?): next.append(byte == other && prefix[column])
                }
            }
            prefix = next
        }
        return prefix[columns.count]
    }

    /// The bytes of the texts, with `nil` for each input.
    fileprivate var pieces: [UInt8?] {
        parts.flatMap { part -> [UInt8?] in
            switch part {
            case .text(let text): Array(text.utf8)
            case .input: [nil]
            }
        }
    }

    /// Tells whether a percent-encoded value can contain a byte.
    fileprivate static func isOfValue(_ byte: UInt8) -> Bool {
        allows(byte) && !":/@+".utf8.contains(byte)
    }
}
