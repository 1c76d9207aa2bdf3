import HTTPTypes
import RouteModel

/// The inputs that a request has no fitting value for, in the order of their declaration.
///
/// A client is told of all of them at once, up to a bound: names that no route declares are of its own making, and may be many.
struct RefusedInputs: Error, Sendable, Hashable {
    /// An input of one group, by the name that the request has for it.
    struct Element: Sendable, Hashable {
        let group: RouteInput.Group
        /// The name; `nil`: all of the body.
        let name: String?
        /// The rest of a sentence that begins with the name.
        let reason: String
    }

    /// The number that is told at most.
    static let limit = 20
    /// The part of a name that the route does not declare which is told back to the client, in Unicode scalars.
    private static let longestName = 64

    private(set) var elements: [Element] = []
    /// True where there were more than are told.
    private(set) var isCut = false

    var isEmpty: Bool { elements.isEmpty }

    /// Adds an input that the route declares.
    mutating func add(_ input: RouteInput, _ violation: InputError) {
        add(input, violation.description)
    }

    /// Adds an input that the route declares, with the rest of a sentence that begins with its name.
    mutating func add(_ input: RouteInput, _ reason: String) {
        add(Element(group: input.group, name: input.wireName, reason: reason))
    }

    /// Adds a name that the route does not declare, each once.
    mutating func addUndeclared(_ name: some Collection<UInt8>, in group: RouteInput.Group) {
        let element = Element(
            group: group,
            name: Self.shown(name),
            reason: InputError.undeclared.description
        )
        if isCut || elements.contains(element) { return }
        add(element)
    }

    /// Adds what is wrong with a body that has no inputs because it can't be read.
    mutating func addBody(_ reason: String) {
        add(Element(group: .body, name: nil, reason: reason))
    }

    private mutating func add(_ element: Element) {
        guard elements.count < Self.limit else {
            isCut = true
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
    /// The answer to a request with such inputs.
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
    /// A sentence for the client that covers all of them.
    fileprivate var sentence: String {
        if isCut { return "The request has more than \(Self.limit) errors; 'errors' has the first \(Self.limit)." }
        guard elements.count == 1, let element = elements.first else {
            return "The request has \(elements.count) errors; 'errors' says what they are."
        }
        guard let name = element.name else { return "The request body \(element.reason)." }
        return "The \(element.group.rawValue) parameter '\(name)' \(element.reason)."
    }
}
