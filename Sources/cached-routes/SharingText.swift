import CachedRoutesCore
import RouteModel

/// The text that says of several requests whether they share a response.
enum SharingText {
    /// Compares each request with the first one that a route serves.
    ///
    /// - Parameter explanations: the requests; `nil` for one that no route serves.
    static func lines(_ explanations: [RequestExplanation?]) -> [String] {
        let served = explanations.enumerated().compactMap { number, request in
            request.map { (number: number + 1, request: $0) }
        }
        guard let first = served.first else { return [] }
        return served.dropFirst().map { other in
            let who =
                explanations.count == 2
                ? "The two" : "\(first.number == 1 ? "The first" : "Number \(first.number)") and number \(other.number)"
            return text(who, first.request, other.request)
        }
    }

    private static func text(_ who: String, _ first: RequestExplanation, _ other: RequestExplanation) -> String {
        func name(_ route: RequestExplanation) -> String { "\(route.route.signature.namespace) \(route.route.name)" }
        let reasons = [first.bypass, other.bypass].compactMap { $0 }.map(ExplanationText.reason)
        if let reason = reasons.first {
            let which = reasons.count == 2 ? "neither is" : "one is not"
            let all = reasons.last == reason ? reason : reasons.joined(separator: ", and ")
            return "\(who) share no response: \(which) stored, because \(all)."
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
