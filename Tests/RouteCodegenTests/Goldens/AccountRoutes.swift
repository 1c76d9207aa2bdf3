// Generated from account.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import Synchronization

#if hasFeature(InternalImportsByDefault)
    package import CachedRoutes

    #if canImport(FoundationEssentials)
        package import FoundationEssentials
    #else
        package import Foundation
    #endif
#else
    import CachedRoutes

    #if canImport(FoundationEssentials)
        import FoundationEssentials
    #else
        import Foundation
    #endif
#endif

/// The routes of `account.routes.yaml`, under the namespace `account`.
package struct AccountRoutes: RouteSet {
    /// The routes in the manifest's order.
    package let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    package init(handlers: some Handlers) {
        routes = [Self.balance, Self.limits(handlers), Self.keywords(handlers)]
    }

    /// The methods behind the routes that say `handler: swift`.
    package protocol Handlers: Sendable {
        /// What `limits` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype LimitsOutput: Encodable & Sendable
        /// `GET /limits`
        func limits(_ input: LimitsInput) async throws -> LimitsOutput

        /// What `keywords` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype KeywordsOutput: Encodable & Sendable
        /// `GET /keywords`
        func keywords(_ input: KeywordsInput) async throws -> KeywordsOutput
    }

    /// What the app takes from an authenticated request.
    package struct Context: RouteContext {
        /// The context input `name`.
        package var name: String?
        /// The context input `userID`.
        package var userID: UUID?

        /// All values; what is left out is absent.
        package init(name: String? = nil, userID: UUID? = nil) {
            self.name = name
            self.userID = userID
        }

        /// The text of a context input; `nil` when the request has none.
        package func text(of name: String) -> String? {
            switch name {
            case "name": self.name?.canonicalText
            case "userID": self.userID?.canonicalText
            default: nil
            }
        }
    }

    /// `GET /balance`
    package static let balance = RouteDefinition(
        RouteDeclaration(
            "balance",
            RouteSignature(
                namespace: "account",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/balance",
                inputs: [RouteInput(.context, "userID", .uuid), RouteInput(.context, "name", .string)]
            ),
            .read(CachePolicy()),
            returns: .one
        ),
        .sql("SELECT $1, $2", binding: ["userID", "name"])
    )

    /// The types and the URLs of `balance`.
    package enum Balance: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = BalanceInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { AccountRoutes.balance.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> BalanceInput {
            BalanceInput(userID: values.required(0), name: values.required(1))
        }

        /// The texts of inputs.
        package static func texts(of input: BalanceInput) -> [CachedRoutes.InputText] {
            [.required(input.userID), .required(input.name)]
        }
    }

    /// The inputs of `balance`.
    package struct BalanceInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = AccountRoutes.Balance
        /// From the context.
        package var userID: UUID
        /// From the context.
        package var name: String

        /// All values; what is left out has its default, or is absent.
        package init(userID: UUID, name: String) {
            self.userID = userID
            self.name = name
        }
    }

    /// A request of `balance`.
    package static func balance(userID: UUID, name: String) -> BalanceInput {
        .init(userID: userID, name: name)
    }

    /// `GET /limits`
    package static func limits(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Limits.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.limits(Self.Limits.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `limits`.
    package enum Limits: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = LimitsInput

        /// The route as the manifest declares it.
        package static let declaration = RouteDeclaration(
            "limits",
            RouteSignature(
                namespace: "account",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/limits",
                inputs: [RouteInput(.query, "values", .int)]
            ),
            .read(CachePolicy())
        )

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> LimitsInput {
            LimitsInput(values: values.required(0))
        }

        /// The texts of inputs.
        package static func texts(of input: LimitsInput) -> [CachedRoutes.InputText] {
            [.required(input.values)]
        }
    }

    /// The inputs of `limits`.
    package struct LimitsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = AccountRoutes.Limits
        /// From the query.
        package var values: Int

        /// All values; what is left out has its default, or is absent.
        package init(values: Int) {
            self.values = values
        }
    }

    /// A request of `limits`.
    package static func limits(values: Int) -> LimitsInput {
        .init(values: values)
    }

    /// `GET /keywords`
    package static func keywords(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Keywords.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.keywords(Self.Keywords.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `keywords`.
    package enum Keywords: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = KeywordsInput

        /// The route as the manifest declares it.
        package static let declaration = RouteDeclaration(
            "keywords",
            RouteSignature(
                namespace: "account",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/keywords",
                inputs: [
                    RouteInput(.query, "in", .int),
                    RouteInput(.query, "inout", .int),
                    RouteInput(.query, "var", .int),
                    RouteInput(.query, "let", .int),
                    RouteInput(.query, "default", .int),
                    RouteInput(.query, "class", .int),
                    RouteInput(.query, "some", .int),
                ]
            ),
            .read(CachePolicy())
        )

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> KeywordsInput {
            KeywordsInput(
                in: values.required(0),
                `inout`: values.required(1),
                var: values.required(2),
                let: values.required(3),
                default: values.required(4),
                class: values.required(5),
                some: values.required(6)
            )
        }

        /// The texts of inputs.
        package static func texts(of input: KeywordsInput) -> [CachedRoutes.InputText] {
            [
                .required(input.`in`),
                .required(input.`inout`),
                .required(input.`var`),
                .required(input.`let`),
                .required(input.`default`),
                .required(input.`class`),
                .required(input.some),
            ]
        }
    }

    /// The inputs of `keywords`.
    package struct KeywordsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = AccountRoutes.Keywords
        /// From the query.
        package var `in`: Int
        /// From the query.
        package var `inout`: Int
        /// From the query.
        package var `var`: Int
        /// From the query.
        package var `let`: Int
        /// From the query.
        package var `default`: Int
        /// From the query.
        package var `class`: Int
        /// From the query.
        package var some: Int

        /// All values; what is left out has its default, or is absent.
        package init(`in`: Int, `inout`: Int, `var`: Int, `let`: Int, `default`: Int, `class`: Int, some: Int) {
            self.`in` = `in`
            self.`inout` = `inout`
            self.`var` = `var`
            self.`let` = `let`
            self.`default` = `default`
            self.`class` = `class`
            self.some = some
        }
    }

    /// A request of `keywords`.
    package static func keywords(
        `in`: Int,
        `inout`: Int,
        `var`: Int,
        `let`: Int,
        `default`: Int,
        `class`: Int,
        some: Int
    ) -> KeywordsInput {
        .init(in: `in`, `inout`: `inout`, var: `var`, let: `let`, default: `default`, class: `class`, some: some)
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
