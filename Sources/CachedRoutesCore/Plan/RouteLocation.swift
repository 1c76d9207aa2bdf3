import Synchronization

/// The location of a route's declaration in its manifest.
///
/// It changes where lines are inserted above a route that is served. The route stays what it is, and messages about it have the
/// new location.
final class RouteLocation: Sendable {
    private let text: Mutex<String?>

    /// - Parameter text: the location, such as `Sources/App/routes.yaml:12`; `nil` if there is none.
    init(_ text: String?) { self.text = Mutex(text) }

    /// The location now, such as `Sources/App/routes.yaml:12`; `nil` if there is none.
    var current: String? { text.withLock { $0 } }

    /// Sets the location.
    func change(to new: String?) { text.withLock { $0 = new } }
}
