import ArgumentParser
import RouteModel
import RouteServing

/// The option that gives values of context inputs, which an app takes from authenticated requests.
struct ContextOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The value of a context input for all requests, which the app takes from the authenticated request.",
            valueName: "name=value"
        )
    )
    var context: [String] = []

    func validate() throws {
        for text in context where Self.pair(text) == nil {
            throw ValidationError("'\(text)' is no value of a context input; write --context name=value")
        }
    }

    /// The values by the names of their inputs; the last one where a name is given several times.
    var values: [String: String] { Dictionary(context.compactMap(Self.pair), uniquingKeysWith: { $1 }) }

    /// The values that no input can have, a sentence each.
    ///
    /// - Parameter routes: all routes.
    func problems(among routes: [RouteDeclaration]) -> [String] {
        let inputs = routes.flatMap(\.signature.inputs).filter { $0.group == .context }
        return values.sorted { $0.key < $1.key }.compactMap { name, value in
            GivenContext.problem(with: value, of: name, inputs).map { "--context \(name)=\(value): \($0)" }
        }
    }

    private static func pair(_ text: String) -> (String, String)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty ? (String(parts[0]), String(parts[1])) : nil
    }
}
