public import RouteModel

/// The names that belong to a route: the types of its inputs and its response, and its URLs; made by generated code.
///
/// ```swift
/// Routes.GetUser.url(for: Routes.getUser(id: 7))  // "/users/7"
/// ```
public protocol RouteNamespace: Sendable {
    /// The inputs of the route, which are ``RouteInputs``. Only they name the route in a constraint: a second one between the two
    /// makes the compiler check each pair twice, which a manifest of hundreds of routes feels.
    associatedtype Input: Sendable
    /// The type of a successful response's JSON. Without a lock, and for handlers, it is any JSON.
    associatedtype Response: Decodable & Sendable = JSONFragment

    /// The route as its manifest declares it.
    static var declaration: RouteDeclaration { get }

    /// Returns the inputs that have given values.
    ///
    /// - Parameter values: the values of the route's inputs in the order of its declaration.
    static func input(of values: InputValues) -> Input

    /// Returns the texts of inputs in the order of the declaration.
    static func texts(of input: Input) -> [InputText]
}

/// The inputs of a route; made by generated code.
public protocol RouteInputs: Sendable {
    /// The names of the route that the inputs belong to.
    associatedtype Route: RouteNamespace where Route.Input == Self

    /// The names of the route as a value. Generated code has it where an input is called `Route`.
    static var route: Route.Type { get }
}

extension RouteInputs {
    /// The names of the route as a value.
    public static var route: Route.Type { Route.self }
}

extension RouteNamespace {
    /// Returns the path and the query of a request with given inputs, percent-encoded.
    ///
    /// Inputs from header fields, bodies and the authenticated request are in no URL. A query can't have an empty list: the
    /// route reads it as an absent one. A path can't have an empty text, nor `.` and `..`, which clients resolve.
    ///
    /// - Parameters:
    ///   - input: the inputs.
    ///   - prefix: the percent-encoded path of the group that the routes were added to, such as `/v2`.
    public static func url(for input: Input, below prefix: String = "") -> String {
        prefix + RequestBuilder(declaration, texts: texts(of: input)).target
    }
}
