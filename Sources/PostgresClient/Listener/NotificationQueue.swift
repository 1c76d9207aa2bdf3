import NIOCore

/// A span of time in which notifications may have been missed.
public enum NotificationGap: Sendable, Hashable {
    /// Until the process listened for the first time.
    case beforeFirstSession
    /// While a lost connection was replaced.
    case betweenSessions
    /// More notifications waited to be handled than are kept.
    case tooMany
}

/// The things that a listening session has heard and nobody has handled yet, in order. A value type: one lock around it makes its
/// steps whole.
///
/// Equal notifications that wait are one, because one says no more than that something has changed. So what waits is bounded by
/// the number of different ones, and beyond a limit stands for all: as if the session had begun anew.
struct NotificationQueue {
    enum Item: Sendable, Equatable {
        /// Anything may have been missed.
        case missed(NotificationGap)
        /// A notification's payload.
        case notification(String)
        /// The tables have been inspected.
        case inspected([TableReport])
        /// All that was notified before this time stands before this.
        ///
        /// - Parameter isInspected: the last inspection before this did not fail.
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

    /// Anything may have been missed before the session began. What has been received and waits is handled behind that.
    mutating func missed() {
        items.removeAll { [.missed(.beforeFirstSession), .missed(.betweenSessions)].contains($0) }
        items.prepend(.missed(hasListened ? .betweenSessions : .beforeFirstSession))
        hasListened = true
    }

    /// The session is over: its answers and inspections do not count any more. What it has received still has to be handled.
    mutating func end() {
        items.removeAll { item in
            switch item {
            case .missed, .notification: false
            case .inspected, .answer: true
            }
        }
    }

    /// The channel was notified.
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

    /// The tables have been inspected; an earlier inspection that waits does not matter any more.
    mutating func inspected(_ reports: [TableReport]) {
        items.removeAll { if case .inspected = $0 { true } else { false } }
        items.append(.inspected(reports))
    }

    /// The server has answered.
    mutating func answer(_ askedAt: NIODeadline, isInspected: Bool) {
        if case .answer = items.last { items.removeLast() }
        items.append(.answer(askedAt, isInspected: isInspected))
    }

    /// The tables could not be inspected: no answer that waits says any more that they have been.
    mutating func inspectionFailed() {
        for index in items.indices {
            if case .answer(let askedAt, true) = items[index] { items[index] = .answer(askedAt, isInspected: false) }
        }
    }

    /// The next to be handled. A notification that comes while an equal one is being handled waits again.
    mutating func next() -> Item? {
        guard let item = items.popFirst() else { return nil }
        if case .notification(let payload) = item { waiting.remove(payload) }
        return item
    }
}
