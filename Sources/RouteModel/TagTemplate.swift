/// A tag as a manifest writes it: text with the names of inputs in braces, such as `user:{id}`.
public struct TagTemplate: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// A part of a tag.
    package enum Part: Hashable, Sendable {
        /// Literal text.
        case text(String)
        /// The percent-encoded value of the input with this name.
        case input(String)
    }

    /// The parts in order.
    package let parts: [Part]

    /// Reads `user:{id}`. A brace that is not closed is literal text.
    public init(_ tag: String) {
        var parts: [Part] = []
        var text = ""
        var rest = tag[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parts.append(.input(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        text += rest
        if !text.isEmpty { parts.append(.text(text)) }
        self.parts = parts
    }

    /// Makes a tag from a literal.
    public init(stringLiteral tag: String) { self.init(tag) }

    /// The names of the inputs in order.
    package var inputNames: [String] {
        parts.compactMap { if case .input(let name) = $0 { name } else { nil } }
    }

    /// The tag as a manifest writes it.
    public var description: String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .input(let name): "{\(name)}"
            }
        }.joined()
    }

    /// Indicates that a byte is allowed in the literal text of a tag: `A-Z a-z 0-9 _ . - ~ : / @ % +`. Values of inputs
    /// are percent-encoded.
    package static func allows(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) || ":/@%+".utf8.contains(byte)
    }
}
