import RouteModel

/// Checks what writes purge against what reads are purged by, in the manifests of one namespace.
struct InvalidationChecks {
    let diagnostics: Diagnostics
    let namespace: String

    /// How many tags are looked for under another spelling: each look is at all tags there are.
    private static let mostSuggestions = 100

    /// Warns of tags that no read of the target can have. They may be those of another target.
    func check(_ routes: [DraftRoute]) {
        let reads = ReadTags(routes.filter { $0.method == .get }.flatMap(TagChecks.tags).map(\.template))
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

/// The tags of reads, so that what can equal one is found without comparing it with all of them.
private struct ReadTags {
    /// A beginning that two equal tags have in common.
    private struct Frame: Hashable {
        /// The bytes that no value has: they stand in the texts of both templates.
        let delimiters: [UInt8]
        /// The text before the first of them; `nil` where an input stands there.
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

    /// The tag that may be meant.
    func closest(to shape: String) -> TagTemplate? {
        Suggestion.closest(to: shape, among: shapes).flatMap { byShape[$0] }
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

    /// Whether there are values with which the two templates are the same tag. An input can be any percent-encoded text,
    /// the empty one too.
    func canEqual(_ other: TagTemplate) -> Bool {
        let rows = pieces
        let columns = other.pieces
        // Whether what is before a piece of this template can equal what is before each piece of the other one.
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

    /// The bytes of the text, and `nil` for each input.
    fileprivate var pieces: [UInt8?] {
        parts.flatMap { part -> [UInt8?] in
            switch part {
            case .text(let text): Array(text.utf8)
            case .input: [nil]
            }
        }
    }

    /// Whether a byte can be one of a percent-encoded value.
    fileprivate static func isOfValue(_ byte: UInt8) -> Bool {
        allows(byte) && !":/@+".utf8.contains(byte)
    }
}
