// Generated from namespaces.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

#if hasFeature(InternalImportsByDefault)
    package import CachedRoutes
#else
    import CachedRoutes
#endif

/// The routes of `namespaces.routes.yaml`, under the namespace `namespaces`.
package struct NamespacesRoutes: RouteSet {
    /// The routes in the manifest's order.
    package let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    package init(handlers: some Handlers) {
        routes = [
            Self.route,
            Self.input(handlers),
            Self.row,
            Self.response(handlers),
            Self.Row,
            Self.RowInput,
            Self.namespacesRoutes,
            Self.routeNamespace,
            Self.routeInputs,
            Self.inputText,
            Self.jSONFragment,
            Self.cachedRoutes,
            Self.void,
            Self.date,
            Self.any,
            Self.`throws`,
            Self.RouteInputs,
            Self.Swift,
        ]
    }

    /// The methods behind the routes that say `handler: swift`.
    package protocol Handlers: Sendable {
        /// What `input` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype InputOutput: Encodable & Sendable
        /// `GET /input`
        func input(_ input: InputInput) async throws -> InputOutput

        /// What `response` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ResponseOutput: Encodable & Sendable
        /// `GET /response`
        func response() async throws -> ResponseOutput
    }

    /// `GET /route`
    package static let route = RouteDefinition(
        RouteDeclaration(
            "route",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/route",
                inputs: [
                    RouteInput(.query, "Route", .int),
                    RouteInput(.query, "route", .int),
                    RouteInput(.query, "Input", .int, optional: true),
                    RouteInput(.query, "texts", .list(.int)),
                ]
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `route`.
    package enum Route: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RouteInput2

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.route.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RouteInput2 {
            RouteInput2(
                Route: values.required(0),
                route: values.required(1),
                Input: values.optional(2),
                texts: values.list(3)
            )
        }

        /// The texts of inputs.
        package static func texts(of input: RouteInput2) -> [CachedRoutes.InputText] {
            [.required(input.Route), .required(input.route), .optional(input.Input), .list(input.texts)]
        }
    }

    /// The inputs of `route`.
    package struct RouteInput2: CachedRoutes.RouteInputs {
        /// The names of the route.
        package static var route: NamespacesRoutes.Route.Type { NamespacesRoutes.Route.self }
        /// From the query.
        package var Route: Int
        /// From the query.
        package var route: Int
        /// From the query.
        package var Input: Int?
        /// From the query.
        package var texts: [Int]

        /// All values; what is left out has its default, or is absent.
        package init(Route: Int, route: Int, Input: Int? = nil, texts: [Int]) {
            self.Route = Route
            self.route = route
            self.Input = Input
            self.texts = texts
        }
    }

    /// A request of `route`.
    package static func route(Route: Int, route: Int, Input: Int? = nil, texts: [Int]) -> RouteInput2 {
        .init(Route: Route, route: route, Input: Input, texts: texts)
    }

    /// `GET /input`
    package static func input(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Input.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.input(Self.Input.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `input`.
    package enum Input: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = InputInput

        /// The route as the manifest declares it.
        package static let declaration = RouteDeclaration(
            "input",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/input",
                inputs: [
                    RouteInput(.query, "Route", .string, optional: true),
                    RouteInput(.query, "values", .int),
                    RouteInput(.query, "InputInput", .int, default: "1"),
                    RouteInput(.query, "InputText", .int),
                    RouteInput(.query, "declaration", .int, default: "2"),
                    RouteInput(.query, "init", .int),
                ]
            ),
            .read(CachePolicy())
        )

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> InputInput {
            InputInput(
                Route: values.optional(0),
                values: values.required(1),
                InputInput: values.required(2),
                InputText: values.required(3),
                declaration: values.required(4),
                initValue: values.required(5)
            )
        }

        /// The texts of inputs.
        package static func texts(of input: InputInput) -> [CachedRoutes.InputText] {
            [
                .optional(input.Route),
                .required(input.values),
                .required(input.InputInput),
                .required(input.InputText),
                .required(input.declaration),
                .required(input.initValue),
            ]
        }
    }

    /// The inputs of `input`.
    package struct InputInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package static var route: NamespacesRoutes.Input.Type { NamespacesRoutes.Input.self }
        /// From the query.
        package var Route: String?
        /// From the query.
        package var values: Int
        /// From the query.
        package var InputInput: Int = 1
        /// From the query.
        package var InputText: Int
        /// From the query.
        package var declaration: Int = 2
        /// From the query.
        package var initValue: Int

        /// All values; what is left out has its default, or is absent.
        package init(
            Route: String? = nil,
            values: Int,
            InputInput: Int = 1,
            InputText: Int,
            declaration: Int = 2,
            initValue: Int
        ) {
            self.Route = Route
            self.values = values
            self.InputInput = InputInput
            self.InputText = InputText
            self.declaration = declaration
            self.initValue = initValue
        }
    }

    /// A request of `input`.
    package static func input(
        Route: String? = nil,
        values: Int,
        InputInput: Int = 1,
        InputText: Int,
        declaration: Int = 2,
        initValue: Int
    ) -> InputInput {
        .init(
            Route: Route,
            values: values,
            InputInput: InputInput,
            InputText: InputText,
            declaration: declaration,
            initValue: initValue
        )
    }

    /// `GET /row`
    package static let row = RouteDefinition(
        RouteDeclaration(
            "row",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/row", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `row`.
    package enum Row2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RowInput2

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.row.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RowInput2 {
            RowInput2()
        }

        /// The texts of inputs.
        package static func texts(of input: RowInput2) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `row`.
    package struct RowInput2: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Row2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `row`.
    package static func row(_: () = ()) -> RowInput2 {
        .init()
    }

    /// `GET /response`
    package static func response(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Response.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.response())
            }
        )
    }

    /// The types and the URLs of `response`.
    package enum Response: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = ResponseInput

        /// The route as the manifest declares it.
        package static let declaration = RouteDeclaration(
            "response",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/response",
                inputs: []
            ),
            .read(CachePolicy())
        )

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> ResponseInput {
            ResponseInput()
        }

        /// The texts of inputs.
        package static func texts(of input: ResponseInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `response`.
    package struct ResponseInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Response

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `response`.
    package static func response() -> ResponseInput {
        .init()
    }

    /// `GET /Row`
    package static let Row = RouteDefinition(
        RouteDeclaration(
            "Row",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/Row", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `Row`.
    package enum Row3: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RowInput3

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.Row.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RowInput3 {
            RowInput3()
        }

        /// The texts of inputs.
        package static func texts(of input: RowInput3) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `Row`.
    package struct RowInput3: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Row3

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `Row`.
    package static func Row(_: () = ()) -> RowInput3 {
        .init()
    }

    /// `GET /row-input`
    package static let RowInput = RouteDefinition(
        RouteDeclaration(
            "RowInput",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/row-input",
                inputs: [RouteInput(.query, "_", .int), RouteInput(.query, "self", .string, default: "x")]
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `RowInput`.
    package enum RowInput4: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RowInputInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.RowInput.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RowInputInput {
            RowInputInput(_Value: values.required(0), selfValue: values.required(1))
        }

        /// The texts of inputs.
        package static func texts(of input: RowInputInput) -> [CachedRoutes.InputText] {
            [.required(input._Value), .required(input.selfValue)]
        }
    }

    /// The inputs of `RowInput`.
    package struct RowInputInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.RowInput4
        /// From the query.
        package var _Value: Int
        /// From the query.
        package var selfValue: String = "x"

        /// All values; what is left out has its default, or is absent.
        package init(_Value: Int, selfValue: String = "x") {
            self._Value = _Value
            self.selfValue = selfValue
        }
    }

    /// A request of `RowInput`.
    package static func RowInput(_Value: Int, selfValue: String = "x") -> RowInputInput {
        .init(_Value: _Value, selfValue: selfValue)
    }

    /// `GET /n`
    package static let namespacesRoutes = RouteDefinition(
        RouteDeclaration(
            "namespacesRoutes",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/n", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `namespacesRoutes`.
    package enum NamespacesRoutes2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = NamespacesRoutesInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.namespacesRoutes.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> NamespacesRoutesInput {
            NamespacesRoutesInput()
        }

        /// The texts of inputs.
        package static func texts(of input: NamespacesRoutesInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `namespacesRoutes`.
    package struct NamespacesRoutesInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.NamespacesRoutes2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `namespacesRoutes`.
    package static func namespacesRoutes(_: () = ()) -> NamespacesRoutesInput {
        .init()
    }

    /// `GET /routeNamespace-`
    package static let routeNamespace = RouteDefinition(
        RouteDeclaration(
            "routeNamespace",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/routeNamespace-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `routeNamespace`.
    package enum RouteNamespace: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RouteNamespaceInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.routeNamespace.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RouteNamespaceInput {
            RouteNamespaceInput()
        }

        /// The texts of inputs.
        package static func texts(of input: RouteNamespaceInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `routeNamespace`.
    package struct RouteNamespaceInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.RouteNamespace

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `routeNamespace`.
    package static func routeNamespace(_: () = ()) -> RouteNamespaceInput {
        .init()
    }

    /// `GET /routeInputs-`
    package static let routeInputs = RouteDefinition(
        RouteDeclaration(
            "routeInputs",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/routeInputs-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `routeInputs`.
    package enum RouteInputs2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RouteInputsInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.routeInputs.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RouteInputsInput {
            RouteInputsInput()
        }

        /// The texts of inputs.
        package static func texts(of input: RouteInputsInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `routeInputs`.
    package struct RouteInputsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.RouteInputs2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `routeInputs`.
    package static func routeInputs(_: () = ()) -> RouteInputsInput {
        .init()
    }

    /// `GET /inputText-`
    package static let inputText = RouteDefinition(
        RouteDeclaration(
            "inputText",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/inputText-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `inputText`.
    package enum InputText: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = InputTextInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.inputText.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> InputTextInput {
            InputTextInput()
        }

        /// The texts of inputs.
        package static func texts(of input: InputTextInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `inputText`.
    package struct InputTextInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.InputText

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `inputText`.
    package static func inputText(_: () = ()) -> InputTextInput {
        .init()
    }

    /// `GET /jSONFragment-`
    package static let jSONFragment = RouteDefinition(
        RouteDeclaration(
            "jSONFragment",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/jSONFragment-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `jSONFragment`.
    package enum JSONFragment2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = JSONFragmentInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.jSONFragment.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> JSONFragmentInput {
            JSONFragmentInput()
        }

        /// The texts of inputs.
        package static func texts(of input: JSONFragmentInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `jSONFragment`.
    package struct JSONFragmentInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.JSONFragment2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `jSONFragment`.
    package static func jSONFragment(_: () = ()) -> JSONFragmentInput {
        .init()
    }

    /// `GET /cachedRoutes-`
    package static let cachedRoutes = RouteDefinition(
        RouteDeclaration(
            "cachedRoutes",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/cachedRoutes-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `cachedRoutes`.
    package enum CachedRoutes2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = CachedRoutesInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.cachedRoutes.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> CachedRoutesInput {
            CachedRoutesInput()
        }

        /// The texts of inputs.
        package static func texts(of input: CachedRoutesInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `cachedRoutes`.
    package struct CachedRoutesInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.CachedRoutes2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `cachedRoutes`.
    package static func cachedRoutes(_: () = ()) -> CachedRoutesInput {
        .init()
    }

    /// `GET /void-`
    package static let void = RouteDefinition(
        RouteDeclaration(
            "void",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/void-", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `void`.
    package enum Void: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = VoidInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.void.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> VoidInput {
            VoidInput()
        }

        /// The texts of inputs.
        package static func texts(of input: VoidInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `void`.
    package struct VoidInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Void

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `void`.
    package static func void(_: () = ()) -> VoidInput {
        .init()
    }

    /// `GET /date-`
    package static let date = RouteDefinition(
        RouteDeclaration(
            "date",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/date-", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `date`.
    package enum Date2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = DateInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.date.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> DateInput {
            DateInput()
        }

        /// The texts of inputs.
        package static func texts(of input: DateInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `date`.
    package struct DateInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Date2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `date`.
    package static func date(_: () = ()) -> DateInput {
        .init()
    }

    /// `GET /any-`
    package static let any = RouteDefinition(
        RouteDeclaration(
            "any",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/any-", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `any`.
    package enum Any2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = AnyInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.any.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> AnyInput {
            AnyInput()
        }

        /// The texts of inputs.
        package static func texts(of input: AnyInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `any`.
    package struct AnyInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Any2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `any`.
    package static func any(_: () = ()) -> AnyInput {
        .init()
    }

    /// `GET /throws-`
    package static let `throws` = RouteDefinition(
        RouteDeclaration(
            "throws",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/throws-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `throws`.
    package enum Throws: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = ThrowsInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.`throws`.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> ThrowsInput {
            ThrowsInput()
        }

        /// The texts of inputs.
        package static func texts(of input: ThrowsInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `throws`.
    package struct ThrowsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Throws

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `throws`.
    package static func `throws`(_: () = ()) -> ThrowsInput {
        .init()
    }

    /// `GET /RouteInputs-`
    package static let RouteInputs = RouteDefinition(
        RouteDeclaration(
            "RouteInputs",
            RouteSignature(
                namespace: "namespaces",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/RouteInputs-",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `RouteInputs`.
    package enum RouteInputs3: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = RouteInputsInput2

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.RouteInputs.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> RouteInputsInput2 {
            RouteInputsInput2()
        }

        /// The texts of inputs.
        package static func texts(of input: RouteInputsInput2) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `RouteInputs`.
    package struct RouteInputsInput2: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.RouteInputs3

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `RouteInputs`.
    package static func RouteInputs(_: () = ()) -> RouteInputsInput2 {
        .init()
    }

    /// `GET /Swift-`
    package static let Swift = RouteDefinition(
        RouteDeclaration(
            "Swift",
            RouteSignature(namespace: "namespaces", fingerprint: "3f9a01c2", method: .get, path: "/Swift-", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `Swift`.
    package enum Swift2: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = SwiftInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { NamespacesRoutes.Swift.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> SwiftInput {
            SwiftInput()
        }

        /// The texts of inputs.
        package static func texts(of input: SwiftInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `Swift`.
    package struct SwiftInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = NamespacesRoutes.Swift2

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `Swift`.
    package static func Swift(_: () = ()) -> SwiftInput {
        .init()
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    package typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    package typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    package typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    package typealias RouteInput = CachedRoutes.RouteInput
}
