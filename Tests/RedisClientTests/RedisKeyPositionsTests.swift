import Testing

@testable import RedisClient

@Suite struct RedisKeyPositionsTests {
    @Test(arguments: [0, 1, 63, 64, 1_000])
    func `They are in ascending order wherever they start`(start: Int) {
        let positions = RedisKeyPositions([63, 0, 7].map { start + $0 })
        #expect(Array(positions) == [start, start + 7, start + 63])
        #expect(positions.count == 3 && positions.first == start)
        #expect((0..<4).map { positions.position(number: $0) } == [start, start + 7, start + 63, nil])
        #expect([-1, 0, 1, 8, 63, 64, 200].map { positions.count(below: start + $0) } == [0, 0, 1, 2, 2, 3, 3])
    }

    @Test func `There may be one or none`() {
        #expect(Array(RedisKeyPositions(startingAt: 5)).isEmpty && RedisKeyPositions(startingAt: 5).first == nil)
        #expect(Array(RedisKeyPositions(70)) == [70] && RedisKeyPositions(70).first == 70)
    }
}

extension RedisKeyPositions {
    /// Makes a list of positions, in any order.
    init(_ positions: [Int]) {
        self.init(startingAt: positions.min() ?? 0)
        for position in positions { insert(position) }
    }
}
