import RouteModel

/// Checks routes against each other.
struct CrossChecks {
    let diagnostics: Diagnostics

    func check(_ routes: [DraftRoute]) {
        checkPaths(routes)
        checkContext(routes)
        checkGeneratedNames(routes)
        InvalidationChecks(diagnostics: diagnostics).check(routes)
    }

    /// Two routes of one method and one shape would match the same requests. Where a literal stands against an input, both may
    /// stay: at the first segment in which two routes differ, the literal wins.
    private func checkPaths(_ routes: [DraftRoute]) {
        var first: [[String]: DraftRoute] = [:]
        for route in routes {
            guard let method = route.methodName, let path = route.path else { continue }
            let shape = path.segments.map { segment in
                switch segment {
                case .literal(let text): text
                case .input: "{}"
                }
            }
            guard let other = first[[method] + shape] else {
                first[[method] + shape] = route
                continue
            }
            diagnostics.error(
                "route '\(route.name)' matches the same requests as '\(other.name)'",
                at: route.methodLocation,
                notes: [.init("'\(other.name)' is here", at: other.methodLocation)]
            )
        }
    }

    /// The app gives one value for a name to all routes of a manifest.
    private func checkContext(_ routes: [DraftRoute]) {
        var first: [String: (type: InputType, location: Location)] = [:]
        for input in routes.flatMap(\.inputs) where input.group == .context {
            guard let type = input.type else { continue }
            guard let other = first[input.name] else {
                first[input.name] = (type.value, type.location)
                continue
            }
            guard other.type != type.value else { continue }
            diagnostics.error(
                "context input '\(input.name)' is \(type.value) here and \(other.type) in another route",
                at: type.location,
                notes: [.init("\(other.type) here", at: other.location)]
            )
        }
    }

    /// Names that generated code uses for something else, in the generated type's own scope.
    private static let reservedNames: Set<String> = [
        "Array", "Bool", "CachePolicy", "ConstraintAnswer", "Context", "Date", "Double", "Duration", "HandlerAnswer",
        "Handlers", "Input",
        "InputValues", "Int", "Int32", "NoContext", "NullableInput", "Optional", "PathTemplate", "Route",
        "RouteContext",
        "RouteSignature",
        "RouteTable", "SQLQuery", "Sendable", "String", "TablePolicy", "UUID", "WarmPolicy", "WritePolicy", "routes",
    ]

    private func checkGeneratedNames(_ routes: [DraftRoute]) {
        var owners: [String: DraftRoute] = [:]
        for route in routes where SwiftName.problem(with: route.name) == nil {
            if Self.reservedNames.contains(route.name) {
                diagnostics.error(
                    "a route cannot be called '\(route.name)': generated code uses that name",
                    at: route.location
                )
                continue
            }
            let type = SwiftName.capitalized(route.name)
            for name in [route.name, type + "Input", type + "Output"] {
                if let other = owners[name], other.name != route.name {
                    diagnostics.error(
                        "routes '\(other.name)' and '\(route.name)' would both generate '\(name)'",
                        at: route.location,
                        notes: [.init("'\(other.name)' is here", at: other.location)]
                    )
                    break
                }
                owners[name] = route
            }
        }
    }
}
