/// Keeps refused requests in order on a connection: earlier requests are answered first, later ones are not looked at.
///
/// A value type; the channel's handler tells it what passes.
struct RequestRefusals<Refusal> {
    enum Step {
        /// The part goes on to the router.
        case pass
        /// The part is of no concern any more.
        case drop
        /// The request is refused now.
        case refuse(Refusal)
    }

    private enum State {
        case open
        /// Waits for the answers of earlier requests.
        case refusing(Refusal)
        case refused
    }

    private var state = State.open
    /// The requests that were passed on and are not answered.
    private var unanswered = 0

    /// A request begins.
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

    /// More of a request comes.
    func goesOn() -> Step { if case .open = state { .pass } else { .drop } }

    /// A request has been answered.
    ///
    /// - Returns: the refusal that is to be sent now.
    mutating func answered() -> Refusal? {
        unanswered -= 1
        guard unanswered == 0, case .refusing(let refusal) = state else { return nil }
        state = .refused
        return refusal
    }
}
