/// The form of an app's error that may be logged at `info` and above: its type and case. Its description may contain
/// users' data.
package enum ErrorRedaction {
    /// The name of the error's type, with the case of an enumeration.
    package static func name(_ error: any Error) -> String {
        let type = String(describing: Swift.type(of: error))
        let mirror = Mirror(reflecting: error)
        guard mirror.displayStyle == .enum else { return type }
        // A case without values has no children. Its description is its name, unless the type provides another.
        if let label = mirror.children.first?.label { return "\(type).\(label)" }
        return error is any CustomStringConvertible ? type : "\(type).\(error)"
    }
}
