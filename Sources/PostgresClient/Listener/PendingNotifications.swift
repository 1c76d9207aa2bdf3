import NIOCore

/// A period in which notifications may have been missed.
public enum NotificationGap: Sendable, Hashable {
    /// The time before the first session of the process.
    case beforeFirstSession
    /// The time between a lost session and its replacement.
    case betweenSessions
    /// More notifications were waiting than can be stored.
    case tooMany
}

/// The notifications and reports of a session that have not been handled, in order. It is a value type, to be protected
/// by one lock.
///
/// Equal notifications that wait are merged, because each only says that something has changed. So the number of
/// different notifications bounds the queue; above a limit they are replaced by one that stands for all, as at the
/// beginning of a session.
struct PendingNotifications {
    enum Item: Sendable, Equatable {
        /// Notifications may have been missed.
        case missed(NotificationGap)
        /// A notification's payload.
        case notification(String)
        /// An inspection of the tables.
        case inspected([TableReport])
        /// A response; everything that was notified before its request precedes it.
        ///
        /// - Parameter isInspected: tells that the last inspection before it did not fail.
        case answer(NIODeadline, isInspected: Bool)
    }

    private let limit: Int
    private var items: CircularBuffer<Item> = []
    private var waiting: Set<String> = []
    private var hasListened = false

    init(limit: Int = 10_000) {
        self.limit = limit
    }

    /// The number of notifications that wait.
    var notificationCount: Int { waiting.count }

    /// Records that notifications may have been missed before the session began. Notifications that wait are handled
    /// after this one.
    mutating func missed() {
        items.removeAll { [.missed(.beforeFirstSession), .missed(.betweenSessions)].contains($0) }
        items.prepend(.missed(hasListened ? .betweenSessions : .beforeFirstSession))
        hasListened = true
    }

    /// Records the end of the session: its responses and inspections are dropped, but its notifications are still
    /// handled.
    mutating func end() {
        items.removeAll { item in
            switch item {
            case .missed, .notification: false
            case .inspected, .answer: true
            }
        }
    }

    /// Adds a notification.
    mutating func notified(_ payload: String) {
        guard waiting.insert(payload).inserted else { return }
        guard waiting.count <= limit else {
            waiting = []
            let inspections = items.filter { if case .inspected = $0 { true } else { false } }
            items = CircularBuffer([.missed(.tooMany)] + inspections)
            return
        }
        items.append(.notification(payload))
    }

    /// Adds an inspection, which replaces one that waits.
    mutating func inspected(_ reports: [TableReport]) {
        items.removeAll { if case .inspected = $0 { true } else { false } }
        items.append(.inspected(reports))
    }

    /// Adds a response.
    mutating func answer(_ askedAt: NIODeadline, isInspected: Bool) {
        if case .answer = items.last { items.removeLast() }
        items.append(.answer(askedAt, isInspected: isInspected))
    }

    /// Records that an inspection failed, so that responses that wait no longer count as inspected.
    mutating func inspectionFailed() {
        for index in items.indices {
            if case .answer(let askedAt, true) = items[index] { items[index] = .answer(askedAt, isInspected: false) }
        }
    }

    /// Takes the next item. A notification that arrives while an equal one is being handled waits again.
    mutating func next() -> Item? {
        guard let item = items.popFirst() else { return nil }
        if case .notification(let payload) = item { waiting.remove(payload) }
        return item
    }
}
