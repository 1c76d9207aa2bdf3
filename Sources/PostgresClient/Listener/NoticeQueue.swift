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

/// What a listening session has heard and nobody has handled yet, in order. A value type: one lock around it makes its steps whole.
///
/// Equal notices that wait are one, because a notice says no more than that something has changed. So what waits is bounded by
/// the number of different ones, and beyond a limit stands for all: as if the session had begun anew.
struct NoticeQueue {
    enum Item: Sendable, Equatable {
        /// Anything may have been missed.
        case missed(NotificationGap)
        /// A notice's payload.
        case notice(String)
        /// What the tables are.
        case inspected([TableReport])
        /// All that was notified before this time stands before this.
        case answer(NIODeadline)
    }

    private let limit: Int
    private var items: CircularBuffer<Item> = []
    private var waiting: Set<String> = []
    private var hasBegun = false

    init(limit: Int = 10_000) {
        self.limit = limit
    }

    var isEmpty: Bool { items.isEmpty }
    /// How many notices wait.
    var noticeCount: Int { waiting.count }

    /// A session has begun. Notifications that an earlier one has received still have to be handled. Nothing counts as answered
    /// before the tables have been inspected.
    mutating func begin() {
        end()
        items.removeAll { [.missed(.beforeFirstSession), .missed(.betweenSessions)].contains($0) }
        items.prepend(.missed(hasBegun ? .betweenSessions : .beforeFirstSession))
        hasBegun = true
    }

    /// The session is over: its answers and inspections do not count any more.
    mutating func end() {
        items.removeAll { item in
            switch item {
            case .missed, .notice: false
            case .inspected, .answer: true
            }
        }
    }

    mutating func notice(_ payload: String) {
        guard waiting.insert(payload).inserted else { return }
        guard waiting.count <= limit else {
            waiting = []
            let inspections = items.filter { if case .inspected = $0 { true } else { false } }
            items = CircularBuffer([.missed(.tooMany)] + inspections)
            return
        }
        items.append(.notice(payload))
    }

    /// The tables have been inspected; an earlier inspection that waits does not matter any more.
    mutating func inspected(_ reports: [TableReport]) {
        items.removeAll { if case .inspected = $0 { true } else { false } }
        items.append(.inspected(reports))
    }

    mutating func answer(_ askedAt: NIODeadline) {
        if case .answer = items.last { items.removeLast() }
        items.append(.answer(askedAt))
    }

    /// The next to be handled. A notice that comes while an equal one is being handled waits again.
    mutating func next() -> Item? {
        guard let item = items.popFirst() else { return nil }
        if case .notice(let payload) = item { waiting.remove(payload) }
        return item
    }
}
