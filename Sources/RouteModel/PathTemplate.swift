/// A route's path: literal segments and `{name}` segments.
public struct PathTemplate: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// One segment of a path.
    public enum Segment: Hashable, Sendable {
        /// Matches itself, byte for byte.
        case literal(String)
        /// Matches one segment that is not empty: the path input of that name.
        case input(String)
    }

    /// The segments in order.
    public let segments: [Segment]

    /// Reads `/users/{id}`. Empty segments are dropped: `/users/` is `/users`.
    public init(_ path: String) {
        segments = path.split(separator: "/").map { segment in
            segment.hasPrefix("{") && segment.hasSuffix("}") && segment.count > 2
                ? .input(String(segment.dropFirst().dropLast())) : .literal(String(segment))
        }
    }

    /// A template from its segments.
    public init(segments: [Segment]) { self.segments = segments }

    /// A template from a literal.
    public init(stringLiteral path: String) { self.init(path) }

    /// The names of the `{name}` segments in order.
    public var inputNames: [String] {
        segments.compactMap { if case .input(let name) = $0 { name } else { nil } }
    }

    /// The path as it is written in a manifest.
    public var description: String {
        "/"
            + segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .input(let name): "{\(name)}"
                }
            }.joined(separator: "/")
    }

    /// Whether two templates can match the same path.
    public func overlaps(_ other: PathTemplate) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { pair in
                if case (.literal(let left), .literal(let right)) = pair { left == right } else { true }
            }
    }
}

extension PathTemplate {
    /// Whether two templates match the same paths, whatever their inputs are called.
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

    /// Whether the template matches a path's segments, empty ones left out.
    package func matches(_ path: [some Collection<UInt8>]) -> Bool {
        segments.count == path.count
            && zip(segments, path).allSatisfy { segment, text in
                if case .literal(let literal) = segment { text.elementsEqual(literal.utf8) } else { true }
            }
    }
}
