/// A value for libpq that no server can make right.
public struct PostgresConfigurationFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the value stands.
    enum Source: Sendable, Hashable {
        case connectionString
        /// A variable that libpq reads.
        case variable(String)
        case serviceFile
        /// libpq's own variables, of which nobody knows which one.
        case environment
    }

    /// What is wrong with it.
    enum Reason: Sendable, Hashable {
        /// A parameter's value.
        ///
        /// - Parameter value: `nil`: it may be a part of a password.
        case value(parameter: String, value: String?, expectation: String)
        /// Anything else: the end of a sentence that begins with the source.
        case other(String)
    }

    let source: Source
    let reason: Reason

    /// A sentence about it, without anything that may be secret.
    ///
    /// - Parameter name: the connection string's name for whoever has to mend it.
    public func description(ofConnectionString name: String) -> String {
        switch (reason, source) {
        case (.value(_, let value, let expectation), .variable(let variable)):
            "\(variable)='\(value ?? "…")' is not \(expectation)"
        case (.value(let parameter, let value, let expectation), _):
            "\(subject(name)): \(parameter)\(value.map { " '\($0)'" } ?? "") is not \(expectation)"
        case (.other(let text), _): "\(subject(name)) \(text)"
        }
    }

    /// The sentence about a connection string that has no other name.
    public var description: String { description(ofConnectionString: "the connection string") }

    private func subject(_ name: String) -> String {
        switch source {
        case .connectionString: name
        case .variable(let variable): variable
        case .serviceFile: "libpq's service file"
        case .environment: "the environment of libpq (PGHOST, PGPORT, …)"
        }
    }
}
