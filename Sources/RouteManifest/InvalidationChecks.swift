import RouteModel

/// Checks what writes purge against what reads are purged by.
struct InvalidationChecks {
    let diagnostics: Diagnostics

    /// Warns of tags that no read of the manifest can have. They may be those of another manifest of the namespace.
    func check(_ routes: [DraftRoute]) {
        // A tag that could not be read is missing among those of the reads.
        guard !diagnostics.hasErrors else { return }
        let reads = routes.filter { $0.method == .get }.flatMap(TagChecks.tags).map(\.template).withoutRepetitions
        let writes = routes.filter { $0.method != .get }
        for (route, tag) in writes.flatMap({ route in TagChecks.tags(of: route).map { (route, $0) } })
        where !reads.contains(where: tag.template.canEqual) {
            let closest = Suggestion.closest(to: tag.template.shape, among: reads.map(\.shape))
            let meant = closest.flatMap { shape in reads.first { $0.shape == shape } }
            let hint = meant.map { " (did you mean '\($0)'?)" } ?? ""
            diagnostics.report(
                .unknownTag,
                "no GET route of this manifest can have the tag '\(tag.template)'; this purges nothing unless another "
                    + "manifest of the namespace has it\(hint)",
                allowed: route.settings.allowed,
                at: tag.location
            )
        }
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
    private var pieces: [UInt8?] {
        parts.flatMap { part -> [UInt8?] in
            switch part {
            case .text(let text): Array(text.utf8)
            case .input: [nil]
            }
        }
    }

    /// Whether a byte can be one of a percent-encoded value.
    private static func isOfValue(_ byte: UInt8) -> Bool {
        allows(byte) && !":/@+".utf8.contains(byte)
    }
}
