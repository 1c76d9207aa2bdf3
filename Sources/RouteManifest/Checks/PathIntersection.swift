import RouteModel

/// A path of a write that is also a path of a GET route, as the keys of that route spell it.
struct PathIntersection {
    /// A path with its inputs.
    struct Path {
        let template: PathTemplate
        private let inputs: [String: RouteInput]

        /// Creates a path.
        ///
        /// - Parameter inputs: the inputs of the route. Only those of the path are used.
        init(_ template: PathTemplate, _ inputs: [RouteInput]) {
            self.template = template
            self.inputs = Dictionary(
                inputs.filter { $0.group == .path }.map { ($0.name, $0) },
                uniquingKeysWith: { first, _ in first }
            )
        }

        /// The input of a segment; `nil` if it was not declared or could not be read.
        func input(_ name: String) -> RouteInput? { inputs[name] }
    }

    /// The path with the write's inputs in braces and its literals as the GET route spells them.
    let text: String
    /// The canonical values that inputs of the write must have because the GET route has a literal at their position.
    let values: [String: String]
    /// The pairs of inputs at one position whose types differ.
    let differences: [(write: RouteInput, read: RouteInput)]

    /// Compares two paths; `nil` if no request's path matches both.
    init?(write: Path, read: Path) {
        guard write.template.overlaps(read.template) else { return nil }
        var text = ""
        var values: [String: String] = [:]
        var differences: [(write: RouteInput, read: RouteInput)] = []
        for (own, other) in zip(write.template.segments, read.template.segments) {
            switch (own, other) {
            case (.literal, .literal(let literal)): text += "/\(literal)"
            case (.literal(let literal), .input(let name)):
                // The GET route reads the literal as a value.
                guard let value = read.input(name).flatMap({ try? $0.canonical(literal) }) else { return nil }
                text += "/\(Self.encoded(value))"
            case (.input(let name), .literal(let literal)):
                guard let value = write.input(name).flatMap({ try? $0.canonical(literal) }) else { return nil }
                values[name] = value
                text += "/\(literal)"
            case (.input(let name), .input(let otherName)):
                guard let input = write.input(name), let otherInput = read.input(otherName) else { return nil }
                if input.type != otherInput.type { differences.append((input, otherInput)) }
                text += "/{\(name)}"
            }
        }
        self.text = text
        self.values = values
        self.differences = differences
    }

    private static func encoded(_ value: String) -> String {
        var bytes: [UInt8] = []
        PercentEncoding.append(value.utf8, to: &bytes, spaceAsPlus: false)
        return String(decoding: bytes, as: UTF8.self)
    }
}
