import NIOCore
import Testing

@testable import PostgresClient

@Suite("A statement's cost")
struct StatementCostTests {
    @Test("is unknown at first, and light after a fast and small execution")
    func first() {
        let cost = StatementCost()
        #expect(!cost.isLight)
        cost.record(time: .milliseconds(1), size: 100)
        #expect(cost.isLight)
        cost.forget()
        #expect(!cost.isLight)
    }

    @Test("is too high where one execution was slow or large, and comes down by later ones")
    func decay() {
        for (time, size) in [(TimeAmount.seconds(1), 100), (.milliseconds(1), 1 << 20)] {
            let cost = StatementCost()
            for _ in 0..<10 { cost.record(time: .milliseconds(1), size: 100) }
            #expect(cost.isLight)
            cost.record(time: time, size: size)
            #expect(!cost.isLight)
            var executions = 0
            while !cost.isLight {
                cost.record(time: .milliseconds(1), size: 100)
                executions += 1
            }
            #expect((10..<60).contains(executions), "\(executions)")
        }
    }

    @Test("counts an execution that was given up only where it took longer than others")
    func abandoned() {
        let cost = StatementCost()
        cost.recordAbandoned(after: .seconds(1))
        #expect(!cost.isLight)
        let light = StatementCost()
        light.record(time: .milliseconds(4), size: 10)
        for _ in 0..<100 { light.recordAbandoned(after: .microseconds(1)) }
        #expect(light.isLight)
        light.recordAbandoned(after: .seconds(1))
        #expect(!light.isLight)
    }
}
