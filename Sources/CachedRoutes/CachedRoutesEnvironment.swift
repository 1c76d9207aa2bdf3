#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Environment variables for a configuration.
public struct CachedRoutesEnvironment: Sendable, ExpressibleByDictionaryLiteral {
    private let values: [String: String]

    /// Creates an environment of the given variables.
    ///
    /// - Parameter values: the values of the variables by their names.
    public init(_ values: [String: String]) {
        self.values = values
    }

    /// Creates an environment of the given variables, of which the last one of a name counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        values = Dictionary(elements) { $1 }
    }

    /// The environment of this process.
    public static var process: CachedRoutesEnvironment {
        CachedRoutesEnvironment(ProcessInfo.processInfo.environment)
    }

    /// The names of the variables that are set and not empty, sorted.
    var names: [String] { values.filter { !$0.value.isEmpty }.keys.sorted() }

    /// The value of a variable; `nil` if it is unset or empty.
    package subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
