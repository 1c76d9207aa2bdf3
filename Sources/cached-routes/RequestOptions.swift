import ArgumentParser
import CachedRoutes
import CachedRoutesCore
import CachedRoutesServer
import Foundation
import HTTPFrontend
import HTTPTypes
import NIOCore
import RouteDocuments
import RouteModel
import RouteServing

/// The options that describe requests which are not sent.
struct RequestOptions: ParsableArguments {
    @Argument(help: "The requests: paths with queries, or URLs, of which scheme and host are ignored.")
    var urls: [String]

    @Option(help: "The method. Default: GET, or POST with --body.")
    var method: String?

    @Option(help: ArgumentHelp("A header field of all requests; may be given several times.", valueName: "name: value"))
    var header: [String] = []

    @OptionGroup var contextOptions: ContextOptions

    @Option(help: ArgumentHelp("The body of all requests, which is JSON.", valueName: "json"))
    var body: String?

    @OptionGroup var manifestOptions: ManifestFileOptions

    func validate() throws {
        for url in urls where !url.hasPrefix("/") && !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            throw ValidationError("'\(url)' is neither a path such as '/users?limit=1' nor a URL such as http://…")
        }
        _ = try httpMethod()
        _ = try fields()
    }

    /// A request and its route, or the reason why there is none.
    struct Request {
        /// The result for a route that the request has.
        enum Result {
            /// The request is served.
            case explained(RequestExplanation)
            /// The request is refused by its route.
            case refused(RouteResponse)
        }

        /// The method and the URL, as they were given.
        var title: String
        /// The route and what it makes of the request; `nil` if there is no such route.
        var found: (route: ListedRoute, result: Result)?
        /// The reasons why there is no route, or what is missing for the route, a sentence a line.
        var reasons: [String] = []

        /// The explanation; `nil` if no route serves the request.
        var explanation: RequestExplanation? {
            if case .explained(let explanation)? = found?.result { explanation } else { nil }
        }
    }

    /// Finds the routes of the requests, as a server finds them, and has them read the requests.
    func requests() throws -> [Request] {
        let routes = try ManifestRoutes(manifestOptions.files)
        if let problem = contextOptions.problems(among: routes.all.map(\.declaration)).first {
            throw ValidationError(problem)
        }
        let table = try routes.table()
        return try urls.map { try request($0, routes, table) }
    }

    private func request(_ url: String, _ routes: ManifestRoutes, _ table: ReplaceableRoutes) throws -> Request {
        let method = try httpMethod()
        var request = Request(title: "\(method.rawValue) \(url)")
        // A client keeps the fragment to itself.
        let sent = String(url.prefix { $0 != "#" })
        switch table.match(sent, method: method) {
        case .route(let route, let target):
            guard let description = routes.description(of: route.route) else { break }
            let message = RouteRequest(
                method: method,
                target: target,
                headerFields: try fields(),
                body: body.map { ByteBuffer(string: $0) }
            )
            let context = GivenContext(contextOptions.values)
            do throws(Problem) {
                let explanation = try route.explain(message, context: context)
                request.found = (description, .explained(explanation))
            } catch {
                let response = error.response()
                request.found = (description, .refused(response))
                if response.status == .unauthorized {
                    let missing = route.route.signature.inputs.filter {
                        $0.group == .context && !$0.isOptional && contextOptions.values[$0.name] == nil
                    }
                    request.reasons = missing.map { "give the context input \($0.name) by --context \($0.name)=…" }
                }
            }
        case .own: request.reasons = ["the server itself answers this path, and no route of a manifest"]
        case .otherMethods(let methods): request.reasons = ["the path has routes for other methods: \(methods)"]
        case .nowhere:
            request.reasons = ["no route has this path"]
            request.reasons += NearestRoutes(to: sent, among: routes.all).lines
        }
        return request
    }

    private func httpMethod() throws -> HTTPRequest.Method {
        guard let text = method else { return body == nil ? .get : .post }
        guard let method = HTTPRequest.Method(text.uppercased()) else {
            throw ValidationError("'\(text)' is no method")
        }
        return method
    }

    private func fields() throws -> HTTPFields {
        var fields: HTTPFields = [:]
        for line in header {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else {
                throw ValidationError("'\(line)' is no header field; write --header 'Name: value'")
            }
            // Blanks around a value are not part of it (RFC 9110, 5.5).
            fields.append(
                HTTPField(name: name, value: parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t")))
            )
        }
        if body != nil, !fields.contains(.contentType) { fields[.contentType] = "application/json" }
        return fields
    }
}
