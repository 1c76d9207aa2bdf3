import RouteModel

/// An argument of generated code.
package struct GeneratedArgument {
    /// The name of the setting in manifests.
    package let name: String
    /// The label.
    package let label: String
    /// The form of the value in manifests.
    package let shape: SettingShape
    /// A value of a type that generated code has a literal for.
    package let value: Any
}

/// A number of bytes, for which generated code has a literal of its own.
package struct GeneratedByteCount {
    /// The number.
    package let bytes: Int

    /// A number of bytes.
    package init(bytes: Int) { self.bytes = bytes }
}

extension CachePolicy {
    /// The arguments of the initializer that differ from its defaults, in the order of its parameters.
    package var arguments: [GeneratedArgument] {
        CacheSettings.table.compactMap { $0.argument(of: self, unlike: CachePolicy()) }
    }
}

extension WritePolicy {
    /// The arguments of the initializer that differ from its defaults, in the order of its parameters, except the
    /// targets.
    package var arguments: [GeneratedArgument] {
        RouteSettings.table.compactMap { $0.argument(of: self, unlike: WritePolicy()) }
    }
}

extension RouteDeclaration {
    /// The arguments of the initializer that differ from its defaults, in the order of its parameters, except the
    /// location.
    package var arguments: [GeneratedArgument] {
        let standard = RouteDeclaration(name, signature, write == nil ? .read(nil) : .write(WritePolicy()))
        return RouteSettings.table.compactMap { $0.argument(of: self, unlike: standard) }
    }
}
