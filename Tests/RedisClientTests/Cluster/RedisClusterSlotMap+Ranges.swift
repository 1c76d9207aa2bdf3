@testable import RedisClient

extension RedisClusterSlotMap {
    /// The slots that a node has, as ranges in ascending order.
    func ranges(of endpoint: Endpoint) -> [ClosedRange<UInt16>] {
        var ranges: [ClosedRange<UInt16>] = []
        for number in 0..<UInt16(RedisHashSlot.count) where self.endpoint(of: .number(Int(number))) == endpoint {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges
    }
}
