import HTTPTypes
import Logging
package import RouteModel

/// All that is decided about a request of a route before anything is read or made for it.
package struct RequestExplanation: Sendable {
    /// An input with its value.
    package struct Input: Sendable {
        /// The origin of a value.
        package enum Origin: Hashable, Sendable {
            /// The request has it as it is in the key.
            case sent
            /// The request has these texts for it.
            case normalised(from: [String])
            /// The request has none, or only a header field that is no value of the input.
            case standard(inPlaceOf: [String])
        }

        /// The declaration of the input.
        package let declaration: RouteInput
        /// The canonical text, or those of a list's elements.
        package let texts: [String]
        /// Indicates that there is a value; a list may have one without elements.
        package let isPresent: Bool
        /// Indicates that a body has the input as `null`.
        package let isNull: Bool
        /// The origin of the value, or of its absence.
        package let origin: Origin

        /// Indicates that the value is the input's default.
        package var isDefault: Bool { isPresent && declaration.defaultValue?.texts == texts }
    }

    /// The reason why no stored response is looked up.
    package enum Bypass: Hashable, Sendable {
        /// The route writes.
        case write
        /// The route has `cache: off`.
        case uncached
        /// The request has `Authorization`, and the route is neither public nor has it context inputs (RFC 9111, 3.5).
        case authorization
        /// The request's `Cache-Control` forbids it, which the route honors (RFC 9111, 5.2.1.5).
        case noStore
    }

    /// The route.
    package var route: RouteDefinition { plan.route }
    /// The inputs in the order of their declaration.
    package let inputs: [Input]
    /// The names in the query that have no effect.
    package let ignoredQuery: [String]
    /// The reason why no stored response is looked up; `nil` if one is.
    package let bypass: Bypass?
    /// The tag versions that a write purges.
    package let purges: [TagVersionKey]
    /// Indicates that the request is refused with a 504 rather than answered by a response that is made for it (RFC 9111, 5.2.1.7).
    package var acceptsOnlyStored: Bool { plan.write == nil && prepared.directives.onlyIfCached }
    let prepared: PreparedRequest
    let plan: RoutePlan

    /// The key of the response in its form without a coding; `nil` if the route writes.
    package var key: CacheKey? { plan.write == nil ? prepared.key : nil }
    /// The form that the client gets.
    package var coding: ContentCoding { prepared.coding }
    /// Indicates that responses are stored in two forms.
    package var hasVariants: Bool { plan.hasVariants }
    /// The keys of the tag versions that a stored response has to carry, in its order.
    package var tagVersions: [TagVersionKey] { prepared.tokens }
    /// The key in the form that the client gets; `nil` if no stored response is looked up.
    package var lookupKey: CacheKey? { bypass == nil ? prepared.lookupKey : nil }
}

extension RequestExplanation {
    /// Explains a request, by the code that serves it.
    ///
    /// - Parameters:
    ///   - request: a request whose path is the route's.
    ///   - plan: the route.
    ///   - context: the values of context inputs.
    /// - Throws: the problem that the request is refused with.
    init(_ request: RouteRequest, _ plan: RoutePlan, context: some RouteContext) throws(Problem) {
        let logger = Logger(label: "explanation") { _ in SwiftLogNoOpLogHandler() }
        let prepared = try RequestPreparation(logger: logger).prepare(request, plan, context: context, departures: 0)
        let values = prepared.values
        if plan.write != nil {
            _ = try ConditionReader(validator: RequestValidator(logger: logger)).condition(of: request, plan, values)
        }
        let sent = plan.parser.sent(in: request, context: context)
        let purges = plan.write.map { write in
            write.invalidates.flatMap { $0.names(for: values) } + write.targets.flatMap { $0.names(for: values) }
        }
        self.init(
            inputs: plan.signature.inputs.indices.map { index in
                Input(plan.signature.inputs[index], at: index, in: values, sent: sent.texts[index])
            },
            ignoredQuery: sent.ignoredQuery,
            bypass: Bypass(prepared, plan),
            purges: (purges ?? []).withoutRepetitions,
            prepared: prepared,
            plan: plan
        )
    }
}

extension RequestExplanation.Bypass {
    fileprivate init?(_ prepared: PreparedRequest, _ plan: RoutePlan) {
        if plan.write != nil {
            self = .write
        } else if plan.cache == nil {
            self = .uncached
        } else if prepared.cache == nil {
            self = .authorization
        } else if !prepared.mayUseStore {
            self = .noStore
        } else {
            return nil
        }
    }
}

extension RequestExplanation.Input {
    fileprivate init(_ declaration: RouteInput, at index: Int, in values: InputValues, sent: [String]) {
        self.declaration = declaration
        texts = values.texts(at: index)
        isPresent = values.isPresent(at: index)
        isNull = values.isNull(at: index)
        let isStandard = isPresent && declaration.defaultValue?.texts == texts
        if declaration.group == .body || sent == texts && !sent.isEmpty {
            origin = .sent
        } else if sent.isEmpty || !isPresent {
            origin = .standard(inPlaceOf: sent)
        } else {
            // An invalid header field is replaced by the default; one that means the default can't be told from it here.
            origin = isStandard && declaration.group == .header ? .standard(inPlaceOf: sent) : .normalised(from: sent)
        }
    }
}
