/// An error of the app's own as a log may hold it at info and above: by its type and case. What it says of itself may have values of
/// users in it.
enum LoggedError {
    /// The type's name, with the case of an enumeration.
    static func name(_ error: any Error) -> String {
        let type = String(describing: Swift.type(of: error))
        let mirror = Mirror(reflecting: error)
        guard mirror.displayStyle == .enum else { return type }
        // A case without values has no children. It is described by its name, unless the type has other words.
        if let label = mirror.children.first?.label { return "\(type).\(label)" }
        return error is any CustomStringConvertible ? type : "\(type).\(error)"
    }
}
