import RouteModel

/// The part of a key that changes when the shape of a route's responses may change.
///
/// It covers what can differ between two versions of a manifest while the rest of the key stays the same: the version
/// of the entry format; the path with its base path; the names (also in requests), groups and types of inputs; the
/// statement with the inputs behind its parameters, and the types that a lock gives its parameters and columns, or a
/// handler; `revision`, `returns` and `status`; and the tags and tables that purge responses, so that an entry stored
/// without one of them is never taken for one that a purge would have reached.
///
/// Of a lock the nullability of columns, the labels of enums and the server do not count: they change without the bytes of
/// the responses that are stored.
///
/// The key itself contains the values, and with them defaults and limits. Lifetimes, other stores, access, a write's
/// invalidations and the summary don't change the fingerprint.
struct Fingerprint {
    /// The version of the entry format (`CR2`).
    static let entryVersion = 2

    /// The origin of responses.
    enum Source {
        /// A statement as sent, the names of the inputs behind `$1`, `$2`, …, and what the lock says about it.
        case sql(String, parameters: [String], locked: LockedStatement?)
        /// The app's handler.
        case handler
    }

    var path: PathTemplate
    var inputs: [RouteInput]
    var source: Source
    var revision: String?
    var returns: RouteDeclaration.Returns
    var status: Int
    var tags: [TagTemplate]
    var tables: TablePolicy?

    /// The fingerprint: eight hexadecimal digits.
    var digits: String {
        var text = LengthPrefixedText()
        text.add("entry", ["\(Self.entryVersion)"])
        text.add(
            "path",
            path.segments.map { segment in
                switch segment {
                case .literal(let literal): "=\(literal)"
                case .input(let name): ":\(name)"
                }
            }
        )
        let described = inputs.map { [$0.group.rawValue, $0.name, $0.type.description, Self.requestName(of: $0)] }
        for input in described.sorted(by: { $0.lexicographicallyPrecedes($1) }) { text.add("input", input) }
        switch source {
        case .sql(let sql, let parameters, let locked):
            text.add("sql", [sql] + parameters)
            // A route without a lock adds nothing, and keeps its entries.
            if let locked {
                text.add("lock parameters", locked.parameters)
                text.add("lock occurrences", locked.occurrences?.map(String.init) ?? [])
                text.add("lock columns", locked.columns.flatMap { [$0.name, $0.type] })
            }
        case .handler: text.add("handler", [])
        }
        text.add("revision", revision.map { [$0] } ?? [])
        text.add("returns", [returns.rawValue])
        text.add("status", ["\(status)"])
        // A route without tags adds nothing, which keeps entries valid that were stored before tags existed.
        if !tags.isEmpty { text.add("tags", tags.map(\.description)) }
        if let tables {
            let (seconds, attoseconds) = tables.minimumInterval.components
            text.add("tables", ["\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)"] + tables.names)
        }
        return String(Hash128(text.bytes).hexadecimal.prefix(8))
    }

    /// The name of an input in requests if it differs from the input's own; else empty. Names of header fields are
    /// case-insensitive.
    private static func requestName(of input: RouteInput) -> String {
        if let field = input.field { return field.lowercased() }
        return input.wireName.utf8.elementsEqual(input.name.utf8) ? "" : input.wireName
    }
}
