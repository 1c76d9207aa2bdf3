import RouteManifest
import RouteModel

/// The values of settings as manifests spell them: the inverse of their readers.
enum ManifestSpelling {
    /// The settings of a policy or declaration that differ from their defaults, by their names in manifests.
    ///
    /// - Parameters:
    ///   - arguments: the settings.
    ///   - inputs: the inputs of the route.
    static func members(_ arguments: [GeneratedArgument], of inputs: [RouteInput]) -> [Document.Member] {
        arguments.map { Document.Member($0.name, document($0, inputs)) }
    }

    private static func document(_ argument: GeneratedArgument, _ inputs: [RouteInput]) -> Document {
        switch argument.value {
        case let value as Duration: duration(value)
        case let size as GeneratedByteCount: .string(QuantityNotation.text(ofBytes: size.bytes))
        case let number as Int where argument.shape == .percentage: .string("\(number)%")
        case let number as Int: .number(number)
        case let flag as Bool: .bool(flag)
        case let tags as [TagTemplate]: .array(tags.map { .string($0.description) })
        case let warm as WarmPolicy: document(warm, inputs)
        case let tables as TablePolicy: document(tables)
        case let near as CachePolicy.Near: document(near)
        case let errors as [String: ConstraintResponse]: document(errors)
        case let choice as CachePolicy.BeforeRouter: choice == .all ? "all" : .bool(choice == .hits)
        case let choice as any ExtensibleEnum: .string("\(choice)")
        // The test that reads all settings again finds a type whose description is not its spelling.
        default: .string("\(argument.value)")
        }
    }

    /// A duration, such as `5m`.
    static func duration(_ duration: Duration) -> Document { .string(QuantityNotation.text(of: duration)) }

    private static func document(_ warm: WarmPolicy, _ inputs: [RouteInput]) -> Document {
        var members = [Document.Member("every", duration(warm.every))]
        if warm.inputs != WarmPolicy(every: warm.every).inputs {
            let sets = warm.inputs.map { set in
                Document.object(
                    set.sorted { $0.key < $1.key }.map { name, texts in
                        let isList = inputs.first { $0.name == name }?.type.isList ?? (texts.count != 1)
                        return Document.Member(name, isList ? .array(texts.map { .string($0) }) : .string(texts[0]))
                    }
                )
            }
            members.append(.init("with", .array(sets)))
        }
        if !warm.atStart { members.append(.init("at-start", false)) }
        return .object(members)
    }

    private static func document(_ tables: TablePolicy) -> Document {
        let names = Document.array(tables.names.map { .string($0) })
        guard tables.minimumInterval > .zero else { return names }
        return ["names": names, "min-interval": duration(tables.minimumInterval)]
    }

    private static func document(_ near: CachePolicy.Near) -> Document {
        switch near.kind {
        case .off: false
        case .life: true
        case .atMost(let limit): duration(limit)
        }
    }

    private static func document(_ errors: [String: ConstraintResponse]) -> Document {
        .object(
            errors.sorted { $0.key < $1.key }.map { name, response in
                .init(name, ["status": .number(response.status), "message": .string(response.message)])
            }
        )
    }
}
