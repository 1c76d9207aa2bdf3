import HTTPTypes
import RouteModel

/// The inputs for which a request has no valid value, in the order of their declaration.
///
/// A client is told all of them at once, up to a limit: it can send any number of undeclared names.
struct RefusedInputs: Sendable, Hashable {
    /// An input with its name in the request.
    struct Element: Sendable, Hashable {
        let group: RouteInput.Group
        /// The name; `nil` for the whole body.
        let name: String?
        /// The rest of a sentence that starts with the name.
        let reason: String
    }

    /// The largest number of errors in a response.
    static let limit = 20
    /// The number of Unicode scalars of an undeclared name that are sent back to the client.
    private static let longestName = 64

    private(set) var elements: [Element] = []
    /// Indicates that there are more errors than the limit.
    private(set) var isTruncated = false

    var isEmpty: Bool { elements.isEmpty }

    /// Adds a declared input.
    mutating func add(_ input: RouteInput, _ error: InputError) {
        add(input, error.description)
    }

    /// Adds a declared input, with the rest of a sentence that starts with its name.
    mutating func add(_ input: RouteInput, _ reason: String) {
        add(Element(group: input.group, name: input.wireName, reason: reason))
    }

    /// Adds an undeclared name, each one only once.
    mutating func addUndeclared(_ name: some Collection<UInt8>, in group: RouteInput.Group) {
        let element = Element(
            group: group,
            name: Self.shown(name),
            reason: InputError.undeclared.description
        )
        if isTruncated || elements.contains(element) { return }
        add(element)
    }

    /// Adds the error of a body that cannot be parsed, with the rest of a sentence that starts with the body.
    mutating func addBody(_ reason: String) {
        add(Element(group: .body, name: nil, reason: reason))
    }

    private mutating func add(_ element: Element) {
        guard elements.count < Self.limit else {
            isTruncated = true
            return
        }
        elements.append(element)
    }

    private static func shown(_ name: some Collection<UInt8>) -> String {
        let scalars = String(decoding: name.prefix(4 * longestName + 4), as: UTF8.self).unicodeScalars
        guard scalars.count > longestName else { return String(scalars) }
        return String(scalars.prefix(longestName)) + "…"
    }
}

extension Problem {
    /// Makes the response to a request with invalid inputs.
    init(_ refused: RefusedInputs) {
        self.init(
            .badRequest,
            refused.sentence,
            input: refused.elements.first?.name,
            errors: refused.elements.map { RefusedInput(input: $0.name, group: $0.group.rawValue, detail: $0.reason) }
        )
    }
}

extension RefusedInputs {
    /// A sentence for the client about all of them.
    fileprivate var sentence: String {
        if isTruncated {
            return "The request has more than \(Self.limit) errors; 'errors' has the first \(Self.limit)."
        }
        guard elements.count == 1, let element = elements.first else {
            return "The request has \(elements.count) errors; 'errors' says what they are."
        }
        guard let name = element.name else { return "The request body \(element.reason)." }
        return "The \(element.group.rawValue) parameter '\(name)' \(element.reason)."
    }
}
