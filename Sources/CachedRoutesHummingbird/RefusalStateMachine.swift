/// Orders the refusal of a request on a connection: earlier requests are answered first, later ones are dropped.
///
/// A value type without I/O.
struct RefusalStateMachine<Refusal> {
    enum Step {
        /// The part is passed on to the router.
        case pass
        /// The part is dropped.
        case drop
        /// The refusal is sent now.
        case refuse(Refusal)
    }

    private enum State {
        case open
        /// The refusal waits for the responses to earlier requests.
        case refusing(Refusal)
        case refused
    }

    private var state = State.open
    /// The number of requests that were passed on and have no complete response yet.
    private(set) var unanswered = 0

    /// Takes the head of a request, with its refusal if there is one.
    mutating func begins(_ refusal: Refusal?) -> Step {
        guard case .open = state else { return .drop }
        guard let refusal else {
            unanswered += 1
            return .pass
        }
        guard unanswered == 0 else {
            state = .refusing(refusal)
            return .drop
        }
        state = .refused
        return .refuse(refusal)
    }

    /// Indicates that the parts of requests are passed on.
    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Records that a response has been written.
    ///
    /// - Returns: the refusal to send now; `nil` if there is none.
    mutating func answered() -> Refusal? {
        unanswered -= 1
        guard unanswered == 0, case .refusing(let refusal) = state else { return nil }
        state = .refused
        return refusal
    }
}
