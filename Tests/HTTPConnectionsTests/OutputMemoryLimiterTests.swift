import Fuzzing
import NIOCore
import Testing

@testable import HTTPConnections

@Suite("The memory of unsent responses")
struct OutputMemoryLimiterTests {
    private static let megabyte = 1 << 20

    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    private func storage(_ id: UInt, _ bytes: Int = megabyte) -> UnsentOutputMemory.Storage {
        .init(id: id, bytes: bytes)
    }

    private func holds(_ storages: UnsentOutputMemory.Storage..., small: Int = 0) -> UnsentOutputMemory.Change {
        UnsentOutputMemory.Change(added: storages, small: small)
    }

    @Test("A large write holds its whole storage until its last byte is taken, a small one its bytes")
    func writes() {
        var writes = UnsentOutputMemory()
        writes.append(bytes: 200, in: nil)
        writes.append(bytes: 1000, in: storage(1, 5000))
        writes.append(bytes: 100, in: nil)
        #expect(writes.settle(pending: 1300) == UnsentOutputMemory.Change(added: [storage(1, 5000)], small: 300))
        #expect(writes.settle(pending: 1300) == nil)
        #expect(writes.settle(pending: 1100) == UnsentOutputMemory.Change(small: 100))
        #expect(writes.settle(pending: 101) == nil)
        #expect(writes.settle(pending: 100) == UnsentOutputMemory.Change(removed: [storage(1, 5000)], small: 100))
        #expect(writes.settle(pending: 0) == UnsentOutputMemory.Change())
        #expect(!writes.isCounted && !writes.hasLargeWrites)
        // What was taken at once is never counted.
        writes.append(bytes: 1000, in: storage(2))
        #expect(writes.settle(pending: 0) == nil)
    }

    @Test("Buffers that share their storage are known by it, and by the memory it takes")
    func sharedBuffers() {
        var buffer = ByteBuffer(repeating: 1, count: 100_000)
        let head = buffer.readSlice(length: 50_000) ?? ByteBuffer()
        var first = UnsentOutputMemory()
        first.append(.byteBuffer(head))
        var second = UnsentOutputMemory()
        second.append(.byteBuffer(buffer))
        let added = first.settle(pending: 50_000)?.added
        #expect(added == second.settle(pending: 50_000)?.added)
        #expect(added?.first?.bytes == buffer.storageCapacity)
        var other = UnsentOutputMemory()
        other.append(.byteBuffer(ByteBuffer(repeating: 1, count: 100_000)))
        #expect(other.settle(pending: 100_000)?.added != added)
        var small = UnsentOutputMemory()
        small.append(.byteBuffer(ByteBuffer(repeating: 1, count: 100)))
        #expect(small.settle(pending: 40) == UnsentOutputMemory.Change(small: 40))
    }

    @Test("A storage that many connections send counts once, until the last of them has sent it")
    func shared() {
        var unsent = OutputMemoryLimiter(limit: 3 * Self.megabyte)
        let connections = (0..<300).map { _ in ConnectionID() }
        for connection in connections {
            let action = unsent.update(
                connection,
                change: holds(storage(1), small: 10),
                noProgressSince: at(0),
                at: at(0)
            )
            #expect(action == .none)
        }
        #expect(unsent.total == Self.megabyte + 3000)
        for (index, connection) in connections.enumerated() {
            unsent.remove(connection)
            #expect(unsent.total == (index == 299 ? 0 : Self.megabyte + 10 * (299 - index)))
        }
        #expect(unsent.count == 0)
    }

    @Test("Beyond the limit the connection goes that has taken nothing for the longest time, and no more than needed")
    func slowest() {
        var unsent = OutputMemoryLimiter(limit: 3 * Self.megabyte)
        let connections = (0..<4).map { _ in ConnectionID() }
        let order: [Int64] = [37, 35, 36]
        for index in 0..<3 {
            let action = unsent.update(
                connections[index],
                change: holds(storage(UInt(index))),
                noProgressSince: at(order[index]),
                at: at(38)
            )
            #expect(action == .none)
        }
        let newcomer = connections[3]
        let first = unsent.update(newcomer, change: holds(storage(3)), noProgressSince: at(40), at: at(40))
        #expect(first == .close([connections[1]]))
        #expect(unsent.total == 3 * Self.megabyte)
        let second = unsent.update(newcomer, change: holds(storage(4), storage(5)), noProgressSince: at(40), at: at(40))
        #expect(second == .close([connections[2], connections[0]]))
    }

    @Test("Below the limit those go that have taken nothing for a moment, and none that takes something")
    func patience() {
        var unsent = OutputMemoryLimiter(limit: 4 * Self.megabyte)
        let connections = (0..<4).map { _ in ConnectionID() }
        var actions: [OutputMemoryLimiter.Action] = []
        for index in 0..<4 {
            actions.append(
                unsent.update(
                    connections[index],
                    change: holds(storage(UInt(index))),
                    noProgressSince: at(0),
                    at: at(0)
                )
            )
        }
        for index in 1..<4 {
            actions.append(unsent.update(connections[index], change: nil, noProgressSince: at(200), at: at(200)))
        }
        actions.append(unsent.update(connections[3], change: nil, noProgressSince: at(240), at: at(249)))
        #expect(actions.allSatisfy { $0 == .none })
        let asks = unsent.update(connections[3], change: nil, noProgressSince: at(240), at: at(250))
        #expect(asks == .settle([connections[0]]))
        let closes = unsent.update(connections[0], change: nil, noProgressSince: at(0), at: at(251))
        #expect(closes == .close([connections[0]]))
        // Three quarters may be held for as long as it takes.
        let later = unsent.update(connections[3], change: nil, noProgressSince: at(240), at: at(5000))
        #expect(later == .none && unsent.count == 3)
    }

    @Test("A connection of which nothing has been heard for a while is settled before it is judged, once")
    func freshness() {
        var unsent = OutputMemoryLimiter(limit: Self.megabyte)
        let (oldID, otherID) = (ConnectionID(), ConnectionID())
        func update(
            _ id: ConnectionID,
            _ stored: UInt?,
            progress: Int64,
            _ now: Int64
        ) -> OutputMemoryLimiter.Action {
            unsent.update(id, change: stored.map { holds(storage($0)) }, noProgressSince: at(progress), at: at(now))
        }
        #expect(update(oldID, 1, progress: 0, 0) == .none)
        #expect(update(otherID, 2, progress: 10, 10) == .settle([oldID]))
        // It has taken something meanwhile, and the other one has not.
        #expect(update(oldID, nil, progress: 11, 11) == .close([otherID]))
        // Or it has not.
        #expect(update(otherID, 3, progress: 30, 30) == .settle([oldID]))
        #expect(update(otherID, nil, progress: 31, 31) == .none)
        #expect(update(oldID, nil, progress: 11, 32) == .close([oldID]))
        // Where both take something, one goes all the same.
        #expect(update(oldID, 4, progress: 50, 50) == .settle([otherID]))
        #expect(update(otherID, nil, progress: 60, 60) == .settle([oldID]))
        #expect(update(oldID, nil, progress: 70, 70) == .close([otherID]))
    }

    @Test("A connection that is alone may hold one response of any size")
    func alone() {
        var unsent = OutputMemoryLimiter(limit: 100)
        let (id, second) = (ConnectionID(), ConnectionID())
        #expect(unsent.update(id, change: holds(storage(1)), noProgressSince: at(0), at: at(0)) == .none)
        let action = unsent.update(second, change: holds(storage(2)), noProgressSince: at(1), at: at(1))
        #expect(action == .close([id]))
    }

    @Test("The total is that of what is held, whatever order things happen in", arguments: 0..<20)
    func seeded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let limit = 64 * 1000
        var unsent = OutputMemoryLimiter(limit: limit)
        let connections = (0..<10).map { _ in ConnectionID() }
        var holdings: [ConnectionID: (storages: [UnsentOutputMemory.Storage], small: Int)] = [:]
        func obey(_ action: OutputMemoryLimiter.Action) {
            switch action {
            case .none: break
            case .close(let victims): for victim in victims { holdings[victim] = nil }
            case .settle(let stale):
                // They have left meanwhile.
                for id in stale {
                    unsent.remove(id)
                    holdings[id] = nil
                }
            }
        }
        for step in 0..<2000 {
            let id = connections[Int.random(in: 0..<10, using: &random)]
            var held = holdings[id] ?? ([], 0)
            if Bool.random(using: &random) {
                let bytes = [1000, 5000, 20_000]
                let number = Int.random(in: 0..<9, using: &random)
                let new = storage(UInt(number), bytes[number % 3])
                held.storages.append(new)
                held.small = Int.random(in: 0..<500, using: &random)
                let change = holds(new, small: held.small)
                holdings[id] = held
                obey(unsent.update(id, change: change, noProgressSince: at(Int64(step)), at: at(Int64(step))))
            } else if let gone = held.storages.first {
                held.storages.removeFirst()
                holdings[id] = held.storages.isEmpty && held.small == 0 ? nil : held
                let change = UnsentOutputMemory.Change(removed: [gone], small: held.small)
                obey(unsent.update(id, change: change, noProgressSince: at(Int64(step)), at: at(Int64(step))))
            } else {
                unsent.remove(id)
                holdings[id] = nil
            }
            let storages = Set(holdings.values.flatMap(\.storages)).reduce(0) { $0 + $1.bytes }
            #expect(unsent.total == storages + holdings.values.reduce(0) { $0 + $1.small })
        }
    }

    @Test("However many connections hold something, each change looks at few of them")
    func many() {
        let count = 20_000
        var unsent = OutputMemoryLimiter(limit: count * 1000)
        let connections = (0..<count).map { _ in ConnectionID() }
        var closed: Set<ConnectionID> = []
        var asked = 0
        var rounds = 0
        var queue: [ConnectionID] = []
        // All of them go on taking something, and hold more than there may be.
        for step in 0..<3 * count {
            let time = at(Int64(step / 100))
            let next = queue.popLast()
            let id = next ?? connections[step % count]
            guard !closed.contains(id) else { continue }
            let change: UnsentOutputMemory.Change? = next == nil ? holds(small: 1000 + step / count * 10) : nil
            switch unsent.update(id, change: change, noProgressSince: time, at: time) {
            case .none: break
            case .settle(let ids):
                asked += ids.count
                queue += ids
            case .close(let ids):
                rounds += 1
                closed.formUnion(ids)
            }
            #expect(unsent.total <= count * 1010 + 1010)
        }
        #expect(rounds > 0 && rounds < 20)
        #expect(asked < 20 * count)
    }

    @Test("The end of a time of much unsent memory is said once")
    func released() {
        var unsent = OutputMemoryLimiter(limit: 1 << 30)
        let connections = (0..<64).map { _ in ConnectionID() }
        for (index, connection) in connections.enumerated() {
            _ = unsent.update(
                connection,
                change: holds(storage(UInt(index))),
                noProgressSince: at(0),
                at: at(0)
            )
            let isReleased = unsent.isReleased()
            #expect(!isReleased)
        }
        var times = 0
        for connection in connections {
            unsent.remove(connection)
            if unsent.isReleased() { times += 1 }
        }
        #expect(times == 1)
    }
}
