import CachedRoutesCore
import RouteModel

/// The text that says of several requests whether they share a response.
enum SharingText {
    /// Compares each request with the first one.
    ///
    /// - Parameter explanations: the requests; `nil` for one that no route serves.
    static func lines(_ explanations: [RequestExplanation?]) -> [String] {
        guard explanations.count > 1, let first = explanations[0] else { return [] }
        return explanations.enumerated().dropFirst().compactMap { number, other in
            guard let other else { return nil }
            let who = explanations.count == 2 ? "The two" : "The first and number \(number + 1)"
            return text(who, first, other)
        }
    }

    private static func text(_ who: String, _ first: RequestExplanation, _ other: RequestExplanation) -> String {
        func name(_ route: RequestExplanation) -> String { "\(route.route.signature.namespace) \(route.route.name)" }
        if let bypass = first.bypass ?? other.bypass {
            let which = first.bypass != nil && other.bypass != nil ? "neither is" : "one is not"
            return "\(who) share no response: \(which) stored, because \(ExplanationText.reason(bypass))."
        }
        if first.key == other.key { return "\(who) share one response: the keys are equal." }
        guard first.route.signature == other.route.signature else {
            let names = [first, other].map { $0.route.name }
            let isNamed = names[0] != names[1]
            return "\(who) share no response: the routes are "
                + (isNamed ? names : [first, other].map(name)).joined(separator: " and ") + "."
        }
        let differences = zip(first.inputs, other.inputs).compactMap { left, right -> String? in
            guard left.texts != right.texts || left.isPresent != right.isPresent else { return nil }
            let values = [left, right].map { ExplanationText.value(of: $0) }.joined(separator: " and ")
            return "\(left.declaration.name) is \(values)"
        }
        return "\(who) share no response: \(differences.joined(separator: "; "))."
    }
}
