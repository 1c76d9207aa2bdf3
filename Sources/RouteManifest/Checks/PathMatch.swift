import RouteModel

/// The path of a write where it is the path of a GET route too, as a key of that route prints it.
struct PathMatch {
    /// A path with its inputs.
    struct Path {
        let template: PathTemplate
        private let inputs: [String: RouteInput]

        /// - Parameter inputs: inputs of a route; those of other groups stand in no path.
        init(_ template: PathTemplate, _ inputs: [RouteInput]) {
            self.template = template
            self.inputs = Dictionary(
                inputs.filter { $0.group == .path }.map { ($0.name, $0) },
                uniquingKeysWith: { first, _ in first }
            )
        }

        /// The input of a segment; `nil` where it was not declared, or could not be read.
        func input(_ name: String) -> RouteInput? { inputs[name] }
    }

    /// The path with inputs of the write in braces, and texts as the GET route prints them.
    let text: String
    /// The canonical texts that inputs of the write have where the GET route has other text.
    let values: [String: String]
    /// The inputs of both that stand at one place and have other types.
    let differences: [(write: RouteInput, read: RouteInput)]

    /// Compares two paths; `nil` where no request's path is both.
    init?(write: Path, read: Path) {
        guard write.template.overlaps(read.template) else { return nil }
        var text = ""
        var values: [String: String] = [:]
        var differences: [(write: RouteInput, read: RouteInput)] = []
        for (own, other) in zip(write.template.segments, read.template.segments) {
            switch (own, other) {
            case (.literal, .literal(let literal)): text += "/\(literal)"
            case (.literal(let literal), .input(let name)):
                // The GET route takes it for a value.
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
