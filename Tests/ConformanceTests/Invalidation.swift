import CachedRoutesTesting
import NIOCore
import RouteModel
import Synchronization
import TestApp
import TestServers

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A table of one row, which every statement that reads sees and every statement that writes makes one version newer.
final class VersionedRow: Sendable {
    private let version = Mutex(1)
    private let gate = Mutex<Gate?>(nil)
    let database: CannedDatabase

    init() {
        database = CannedDatabase { _, _ in nil }
        database.answer { [self] query, _ in
            if query.access.isWrite {
                return self.version.withLock {
                    $0 += 1
                    return "\($0)"
                }
            }
            let read = self.version.withLock { $0 }
            // What was read is on its way for as long as a test wants.
            if let gate = self.gate.withLock({ $0 }) { await gate.pass() }
            return "\(read)"
        }
    }

    /// Makes the row one version newer, as nobody else notices.
    func change() { version.withLock { $0 += 1 } }

    /// Holds answers back that are read from now on; they are as old as their reading.
    func hold() -> Gate {
        let gate = Gate()
        self.gate.withLock { $0 = gate }
        return gate
    }

    /// Holds no more answers back.
    func release() { gate.withLock { $0 = nil } }
}

enum TaggedRoutes {
    private static func signature(
        _ method: RouteSignature.Method,
        _ path: PathTemplate,
        _ inputs: [RouteInput]
    ) -> RouteSignature {
        RouteSignature(namespace: "shop", fingerprint: "0badcafe", method: method, path: path, inputs: inputs)
    }

    /// `GET /t/{id}` with the tags `users` and `user:{id}`.
    static func get(_ cache: CachePolicy? = nil) -> RouteDefinition {
        RouteDefinition(
            RouteDeclaration(
                "getUser",
                signature(.get, "/t/{id}", [RouteInput(.path, "id", .string)]),
                .read(cache ?? CachePolicy(tags: ["users", "user:{id}"])),
                returns: .one
            ),
            .sql("SELECT 1", binding: ["id"])
        )
    }

    /// `GET /l` with a tag for each of its users.
    static let list = RouteDefinition(
        RouteDeclaration(
            "listUsers",
            signature(.get, "/l", [RouteInput(.query, "ids", .list(.string), optional: true)]),
            .read(CachePolicy(tags: ["user:{ids}"])),
            returns: .many
        ),
        .sql("SELECT 1")
    )

    /// `GET /p`, which has no tags.
    static let plain = RouteDefinition(
        RouteDeclaration("plain", signature(.get, "/p", []), .read(CachePolicy()), returns: .many),
        .sql("SELECT 1")
    )

    /// `PUT /t/{id}`, which purges `user:{id}`.
    static let put = RouteDefinition(
        RouteDeclaration(
            "putUser",
            signature(.put, "/t/{id}", [RouteInput(.path, "id", .string)]),
            .write(WritePolicy(invalidates: ["user:{id}"])),
            returns: .one
        ),
        .sql("UPDATE", binding: ["id"])
    )

    static let all = [get(), list, plain, put]
}
