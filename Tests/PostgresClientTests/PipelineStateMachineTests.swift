import Testing

@testable import PostgresClient

@Suite("The queries in flight on a connection")
struct PipelineStateMachineTests {
    private enum Event {
        case admit(UInt64)
        case done
        case failed(String)
        case doubtful
        case abandoned(UInt64)
        case returned
        case stalled
        case ended
    }

    private func word(_ action: PipelineStateMachine.Action) -> String {
        switch action {
        case .none: "-"
        case .cancel: "cancel"
        }
    }

    private func word(_ verdict: PipelineStateMachine.Verdict) -> String {
        switch verdict {
        case .answer: "answer"
        case .fail(let error): "fail \(error.sqlState ?? "")"
        case .runAgain(wasHit: true): "again, hit"
        case .runAgain(wasHit: false): "again"
        case .drop: "drop"
        }
    }

    private func take(_ event: Event, _ machine: inout PipelineStateMachine) -> String {
        switch event {
        case .admit(let id): machine.admit(id) ? "send" : "no"
        case .done: word(machine.completed(.done))
        case .failed(let state): word(machine.completed(.failed(PostgresError(.server(sqlState: state), ""))))
        case .doubtful: word(machine.completed(.doubtful))
        case .abandoned(let id): word(machine.abandoned(id))
        case .returned: word(machine.cancelReturned())
        case .stalled: machine.stalled().map(String.init).joined(separator: " ")
        case .ended: machine.ended().map(String.init).joined(separator: " ")
        }
    }

    private func expect(_ steps: [(Event, String)], isFree: Bool = true, line: Int = #line) {
        var machine = PipelineStateMachine(depth: 3)
        for (index, (event, expected)) in steps.enumerated() {
            #expect(take(event, &machine) == expected, "step \(index) of the table at line \(line): \(event)")
        }
        #expect(machine.isFree == isFree, "the table at line \(line)")
    }

    @Test("are answered in their order, and are no more than there are places")
    func order() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.admit(3), "send"), (.admit(4), "no"), (.done, "answer"),
            (.admit(4), "send"), (.done, "answer"), (.done, "answer"), (.done, "answer"),
        ])
        expect([(.admit(1), "send"), (.done, "answer"), (.admit(2), "send")], isFree: false)
    }

    @Test("fail for themselves")
    func errors() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.admit(3), "send"), (.failed("22012"), "fail 22012"),
            (.doubtful, "again"), (.done, "answer"),
        ])
        expect([(.admit(1), "send"), (.failed("57014"), "fail 57014")])
    }

    @Test("are cancelled only while they run; none joins until that is over")
    func cancel() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.abandoned(1), "cancel"), (.abandoned(1), "-"),
            (.admit(3), "no"), (.failed("57014"), "drop"), (.admit(3), "no"), (.returned, "-"), (.admit(3), "no"),
            (.done, "answer"), (.admit(3), "send"), (.done, "answer"),
        ])
        expect(
            [(.admit(1), "send"), (.abandoned(1), "cancel"), (.done, "drop"), (.admit(2), "no")],
            isFree: false
        )
        expect([
            (.admit(1), "send"), (.abandoned(1), "cancel"), (.done, "drop"), (.returned, "-"), (.admit(2), "send"),
            (.done, "answer"),
        ])
    }

    @Test("behind the one that runs are abandoned without a request to cancel")
    func behind() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.admit(3), "send"), (.abandoned(2), "-"), (.done, "answer"),
            (.admit(4), "send"), (.done, "drop"), (.done, "answer"), (.done, "answer"),
        ])
    }

    @Test("run again where a request to cancel another one hit them")
    func hit() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.admit(3), "send"), (.abandoned(1), "cancel"),
            (.done, "drop"), (.failed("57014"), "again, hit"), (.returned, "-"), (.failed("57014"), "again, hit"),
        ])
        // After the last one nothing of the request is left.
        expect([
            (.admit(1), "send"), (.abandoned(1), "cancel"), (.returned, "-"), (.done, "drop"), (.admit(2), "send"),
            (.failed("57014"), "fail 57014"),
        ])
    }

    @Test("are cancelled one after the other")
    func several() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.abandoned(1), "cancel"), (.failed("57014"), "drop"),
            (.abandoned(2), "-"), (.returned, "cancel"), (.failed("57014"), "drop"), (.returned, "-"),
            (.admit(3), "send"), (.done, "answer"),
        ])
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.abandoned(1), "cancel"), (.returned, "-"),
            (.failed("57014"), "drop"), (.abandoned(2), "cancel"), (.done, "drop"), (.returned, "-"),
        ])
    }

    @Test("run elsewhere where the first one takes long, and are dropped here")
    func stall() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.admit(3), "send"), (.abandoned(2), "-"), (.stalled, "3"),
            (.stalled, ""), (.admit(4), "no"), (.done, "answer"), (.failed("57014"), "drop"), (.admit(4), "no"),
            (.done, "drop"), (.admit(4), "send"), (.stalled, ""), (.failed("57014"), "fail 57014"),
        ])
        // Nothing was cancelled, so the server has ended it for a reason of its own.
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.stalled, "2"), (.failed("57014"), "fail 57014"),
            (.done, "drop"),
        ])
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.stalled, "2"), (.abandoned(1), "cancel"),
            (.failed("57014"), "drop"), (.done, "drop"), (.returned, "-"), (.admit(3), "send"), (.done, "answer"),
        ])
    }

    @Test("are given back when the connection ends, unless nobody waits for them")
    func end() {
        expect([
            (.admit(1), "send"), (.admit(2), "send"), (.admit(3), "send"), (.abandoned(2), "-"), (.ended, "1 3"),
            (.admit(4), "no"), (.done, "drop"), (.returned, "-"),
        ])
    }

    @Test("end once each, in their order, whatever happens (seeded)", arguments: 0..<50)
    func random(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let depth = Int.random(in: 1...6, using: &random)
        var machine = PipelineStateMachine(depth: depth)
        // The model: what is in flight, who waits, and how many requests to cancel are under way.
        var flying: [UInt64] = []
        var waiting: Set<UInt64> = []
        var cancels = 0
        var sealed = false
        var hits = false
        var ends: [UInt64: Int] = [:]
        var last: UInt64 = 0
        func note(_ action: PipelineStateMachine.Action, _ isAllowed: Bool) {
            guard case .cancel = action else { return }
            #expect(isAllowed && cancels == 0 && !waiting.contains(flying[0]), "only an abandoned first query")
            cancels = 1
            sealed = true
            hits = true
        }
        func unseal() {
            guard flying.isEmpty, cancels == 0 else { return }
            sealed = false
            hits = false
        }
        for _ in 0..<3000 {
            switch Int.random(in: 0..<9, using: &random) {
            case 0...2:
                last += 1
                let isAdmitted = machine.admit(last)
                #expect(isAdmitted == (!sealed && flying.count < depth))
                guard isAdmitted else { continue }
                flying.append(last)
                waiting.insert(last)
            case 3, 4:
                guard let first = flying.first else { continue }
                let isWanted = waiting.remove(first) != nil
                flying.removeFirst()
                ends[first, default: 0] += 1
                let mayBeHit = hits
                unseal()
                switch Int.random(in: 0..<3, using: &random) {
                case 0: #expect(word(machine.completed(.done)) == (isWanted ? "answer" : "drop"))
                case 1:
                    let error = PostgresError(.server(sqlState: "57014"), "")
                    let expected = mayBeHit ? "again, hit" : "fail 57014"
                    #expect(word(machine.completed(.failed(error))) == (isWanted ? expected : "drop"))
                default: #expect(word(machine.completed(.doubtful)) == (isWanted ? "again" : "drop"))
                }
            case 5, 6:
                guard let id = flying.randomElement(using: &random) else { continue }
                let action = machine.abandoned(id)
                let isNew = waiting.remove(id) != nil
                note(action, isNew && id == flying.first)
            case 7:
                guard Int.random(in: 0..<8, using: &random) == 0 else { continue }
                let moved = flying.dropFirst().filter(waiting.contains)
                #expect(machine.stalled() == moved)
                waiting.subtract(moved)
                if !moved.isEmpty { sealed = true }
            default:
                guard cancels > 0 else {
                    #expect(word(machine.cancelReturned()) == "-")
                    continue
                }
                cancels = 0
                unseal()
                note(machine.cancelReturned(), !flying.isEmpty)
            }
            #expect(machine.count == flying.count)
            #expect(machine.isSealed == sealed)
            #expect(machine.isFree == (flying.isEmpty && cancels == 0))
        }
        #expect(machine.ended() == flying.filter(waiting.contains))
        #expect(ends.values.allSatisfy { $0 == 1 })
    }
}
