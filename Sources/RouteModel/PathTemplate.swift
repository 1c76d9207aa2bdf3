/// A route's path, made of literal segments and `{name}` segments.
public struct PathTemplate: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// One segment of a path.
    package enum Segment: Hashable, Sendable {
        /// Matches itself, byte for byte.
        case literal(String)
        /// Matches one segment that is not empty, the value of the path input with this name.
        case input(String)
    }

    /// The segments in order.
    package let segments: [Segment]

    /// Reads `/users/{id}`. Empty segments are dropped: `/users/` equals `/users`.
    public init(_ path: String) {
        segments = path.split(separator: "/").map { segment in
            segment.hasPrefix("{") && segment.hasSuffix("}") && segment.count > 2
                ? .input(String(segment.dropFirst().dropLast())) : .literal(String(segment))
        }
    }

    /// A template from its segments.
    package init(segments: [Segment]) { self.segments = segments }

    /// A template from a literal.
    public init(stringLiteral path: String) { self.init(path) }

    /// The names of the `{name}` segments in order.
    package var inputNames: [String] {
        segments.compactMap { if case .input(let name) = $0 { name } else { nil } }
    }

    /// The path as a manifest writes it.
    public var description: String {
        "/"
            + segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .input(let name): "{\(name)}"
                }
            }.joined(separator: "/")
    }

    /// Indicates that a path may match both templates.
    package func overlaps(_ other: PathTemplate) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { pair in
                if case (.literal(let left), .literal(let right)) = pair { left == right } else { true }
            }
    }
}

extension PathTemplate {
    /// Indicates that two templates match the same paths, whatever the names of their inputs are.
    package func hasSameShape(as other: PathTemplate) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { pair in
                switch pair {
                case (.literal(let left), .literal(let right)): left == right
                case (.input, .input): true
                default: false
                }
            }
    }

    /// Indicates that the template matches a path.
    ///
    /// - Parameter path: the segments of the path without empty ones.
    package func matches(_ path: [some Collection<UInt8>]) -> Bool {
        segments.count == path.count
            && zip(segments, path).allSatisfy { segment, text in
                if case .literal(let literal) = segment { text.elementsEqual(literal.utf8) } else { true }
            }
    }
}
