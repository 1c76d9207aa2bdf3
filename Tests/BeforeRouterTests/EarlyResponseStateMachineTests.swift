import Testing

@testable import HTTPFrontend

@Suite("Whose turn it is on a connection")
struct EarlyResponseStateMachineTests {
    @Test("A request is looked at, asked for, and answered; then the next one is")
    func hit() {
        var machine = EarlyResponseStateMachine()
        #expect(machine.next(buffered: 0) == .wait)
        #expect(machine.next(buffered: 100) == .examine)
        machine.looks()
        #expect(machine.next(buffered: 300) == .wait)
        machine.answered(isDrained: true)
        #expect(machine.next(buffered: 200) == .examine)
    }

    @Test("Part of a head is looked at again when there is more of it")
    func incomplete() {
        var machine = EarlyResponseStateMachine()
        #expect(machine.next(buffered: 10) == .examine)
        machine.isIncomplete(10)
        #expect(machine.next(buffered: 10) == .wait)
        #expect(machine.next(buffered: 11) == .examine)
    }

    @Test("A client that does not take an answer gets no other one, and is not read without bound")
    func slowReader() {
        var machine = EarlyResponseStateMachine()
        machine.answered(isDrained: false)
        #expect(machine.next(buffered: 100) == .wait)
        #expect(machine.mayRead(buffered: 100))
        #expect(!machine.mayRead(buffered: EarlyResponseStateMachine.longestQueue))
        machine.drained()
        #expect(machine.next(buffered: 100) == .examine)
        #expect(machine.mayRead(buffered: EarlyResponseStateMachine.longestQueue))
    }

    @Test("The router gets a request and its body, and nothing of the next one before it has answered")
    func forwarded() {
        var machine = EarlyResponseStateMachine()
        machine.forwarded(bodyLength: 50, endsConnection: false)
        #expect(machine.next(buffered: 30) == .forward(30))
        #expect(machine.next(buffered: 0) == .wait)
        #expect(machine.mayRead(buffered: 1 << 20))
        #expect(machine.next(buffered: 70) == .forward(20))
        #expect(machine.next(buffered: 50) == .wait)
        #expect(!machine.mayRead(buffered: EarlyResponseStateMachine.longestQueue))
        machine.forwardedIsAnswered()
        #expect(machine.next(buffered: 50) == .examine)
    }

    @Test("An answer that comes before the end of the body does not make a request of its rest")
    func earlyAnswer() {
        var machine = EarlyResponseStateMachine()
        machine.forwarded(bodyLength: 50, endsConnection: false)
        machine.forwardedIsAnswered()
        #expect(machine.next(buffered: 40) == .forward(40))
        #expect(machine.next(buffered: 15) == .forward(10))
        #expect(machine.next(buffered: 5) == .examine)
    }

    @Test("A connection that is the router's stays the router's")
    func handedOver() {
        for isByRequest in [true, false] {
            var machine = EarlyResponseStateMachine()
            if isByRequest {
                machine.forwarded(bodyLength: 0, endsConnection: true)
            } else {
                machine.handOver()
            }
            #expect(machine.mayRead(buffered: 1 << 20))
            #expect(machine.next(buffered: 7) == .forward(7))
            machine.forwardedIsAnswered()
            machine.drained()
            machine.inputClosed()
            #expect(machine.next(buffered: 8) == .forward(8))
            #expect(machine.next(buffered: 0) == .tellInputClosed)
            #expect(machine.next(buffered: 9) == .forward(9))
        }
    }

    @Test("What the client sends behind the last answer is not carried out")
    func last() {
        var machine = EarlyResponseStateMachine()
        machine.looks()
        #expect(machine.next(buffered: 0) == .wait)
        machine.answered(isDrained: true, isLast: true)
        #expect(machine.next(buffered: 10) == .drop)
        #expect(machine.next(buffered: 0) == .wait)
        machine.drained()
        machine.written()
        machine.inputClosed()
        #expect(machine.next(buffered: 10) == .drop)
        #expect(machine.next(buffered: 0) == .wait)
        #expect(machine.mayRead(buffered: 1 << 20))
    }

    @Test("While an answer is on its way nothing more is answered, whatever the client takes meanwhile")
    func finishing() {
        var machine = EarlyResponseStateMachine()
        machine.answered(isDrained: true)
        machine.inputClosed()
        #expect(machine.next(buffered: 0) == .finishWriting)
        machine.drained()
        #expect(machine.next(buffered: 10) == .wait)
        #expect(machine.mayRead(buffered: 10))
        #expect(!machine.mayRead(buffered: EarlyResponseStateMachine.longestQueue))
        machine.written()
        #expect(machine.next(buffered: 10) == .examine)
    }

    @Test("The router hears of a client's end while it answers, and behind requests that wait once they are answered")
    func forwardedEnd() {
        var machine = EarlyResponseStateMachine()
        machine.forwarded(bodyLength: 0, endsConnection: false)
        machine.inputClosed()
        #expect(machine.next(buffered: 0) == .tellInputClosed)
        #expect(machine.next(buffered: 0) == .wait)
        machine = EarlyResponseStateMachine()
        machine.forwarded(bodyLength: 0, endsConnection: false)
        machine.inputClosed()
        #expect(machine.next(buffered: 10) == .wait)
        machine.forwardedIsAnswered()
        #expect(machine.next(buffered: 10) == .examine)
        machine.answered(isDrained: true)
        #expect(machine.next(buffered: 0) == .finishWriting)
        machine.written()
        #expect(machine.next(buffered: 0) == .tellInputClosed)
    }

    @Test("A head that will never be whole is the router's")
    func endInsideHead() {
        var machine = EarlyResponseStateMachine()
        machine.isIncomplete(5)
        machine.inputClosed()
        #expect(machine.next(buffered: 5) == .forward(5))
        #expect(machine.next(buffered: 0) == .tellInputClosed)
        // From now on it is the router's.
        #expect(machine.next(buffered: 3) == .forward(3))
    }
}
