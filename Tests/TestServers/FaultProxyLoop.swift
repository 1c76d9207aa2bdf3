import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The thread of a ``FaultProxy``. Everything in it belongs to that thread alone.
final class FaultProxyLoop {
    /// One way of a connection.
    private struct Way {
        var pending: [UInt8] = []
        /// The time, in nanoseconds, before which nothing is passed on.
        var holdsUntil: UInt64 = 0
    }

    private struct Pair {
        let client: Int32
        let server: Int32
        var toServer = Way()
        var toClient = Way()
        /// The bytes of the server's that are still to be passed on; `nil`: all.
        var left: Int?
    }

    private let proxy: FaultProxy
    private var listener: Int32?
    private var pairs: [Pair] = []
    private var cuts = 0
    private var random: SystemlessRandom

    /// SplitMix64.
    private struct SystemlessRandom {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((mixed ^ (mixed >> 31)) >> 1) % bound
        }
    }

    init(_ proxy: FaultProxy, listener: Int32, seed: UInt64) {
        self.proxy = proxy
        self.listener = listener
        random = SystemlessRandom(state: seed)
    }

    func run() {
        while true {
            let wanted = proxy.control.withLock { $0 }
            if wanted.isStopping { break }
            if wanted.cuts > cuts {
                cuts = wanted.cuts
                closeAll()
            }
            listen(wanted.isListening)
            wait()
            accept()
            let now = DispatchTime.now().uptimeNanoseconds
            for index in pairs.indices.reversed() where !pass(&pairs[index], wanted.pauses, now) { close(index) }
            proxy.control.withLock { $0.open = pairs.count }
        }
        closeAll()
        listen(false)
        proxy.control.withLock { $0.hasEnded = true }
    }

    private func listen(_ isListening: Bool) {
        if isListening, listener == nil {
            listener = LoopbackSocket.listen(on: proxy.port)
        } else if !isListening, let descriptor = listener {
            LoopbackSocket.close(descriptor)
            listener = nil
        }
    }

    /// Waits until something can be read, no longer than the shortest pause is.
    private func wait() {
        var polled: [pollfd] = []
        if let listener { polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
        for pair in pairs {
            if pair.toServer.pending.isEmpty {
                polled.append(pollfd(fd: pair.client, events: Int16(POLLIN), revents: 0))
            }
            if pair.toClient.pending.isEmpty {
                polled.append(pollfd(fd: pair.server, events: Int16(POLLIN), revents: 0))
            }
        }
        let isHolding = pairs.contains { !$0.toServer.pending.isEmpty || !$0.toClient.pending.isEmpty }
        poll(&polled, nfds_t(polled.count), isHolding ? 1 : 5)
    }

    private func accept() {
        while let listener, let client = LoopbackSocket.accept(on: listener) {
            let number = proxy.control.withLock { control in
                control.accepted += 1
                return control.accepted - 1
            }
            switch proxy.treatment(number) {
            case .close(let withReset): LoopbackSocket.close(client, withReset: withReset)
            case .garbage:
                let bytes = (0...random.below(200)).map { _ in UInt8(random.below(256)) }
                _ = LoopbackSocket.send(bytes[...], to: client)
                LoopbackSocket.close(client)
            case .relay: relay(client, left: nil)
            case .half(let count): relay(client, left: count)
            }
        }
    }

    private func relay(_ client: Int32, left: Int?) {
        guard let server = LoopbackSocket.connect(to: proxy.target) else { return LoopbackSocket.close(client) }
        pairs.append(Pair(client: client, server: server, left: left))
    }

    /// Passes on what there is; false when the connection is over.
    private func pass(_ pair: inout Pair, _ pauses: FaultProxy.Pauses, _ now: UInt64) -> Bool {
        guard move(&pair.toServer, from: pair.client, to: pair.server, pauses, now, limit: nil) != nil,
            let moved = move(&pair.toClient, from: pair.server, to: pair.client, pauses, now, limit: pair.left)
        else { return false }
        if let left = pair.left {
            pair.left = left - moved
            if left <= moved { return false }
        }
        return true
    }

    /// Reads if nothing waits, then passes on a piece.
    ///
    /// - Returns: the number of bytes that were passed on; `nil` when the connection is over.
    private func move(
        _ way: inout Way,
        from source: Int32,
        to destination: Int32,
        _ pauses: FaultProxy.Pauses,
        _ now: UInt64,
        limit: Int?
    ) -> Int? {
        if way.pending.isEmpty {
            guard let bytes = LoopbackSocket.receive(from: source) else { return nil }
            guard !bytes.isEmpty else { return 0 }
            way.pending = bytes
            hold(&way, pauses, now)
        }
        guard now >= way.holdsUntil else { return 0 }
        var piece = way.pending.prefix(limit.map { max($0, 1) } ?? .max)
        if pauses.oneIn > 0, random.below(3) == 0 { piece = piece.prefix(1 + random.below(piece.count)) }
        guard let sent = LoopbackSocket.send(piece, to: destination) else { return nil }
        way.pending.removeFirst(sent)
        if !way.pending.isEmpty { hold(&way, pauses, now) }
        return sent
    }

    private func hold(_ way: inout Way, _ pauses: FaultProxy.Pauses, _ now: UInt64) {
        guard pauses.oneIn > 0, random.below(pauses.oneIn) == 0 else { return }
        way.holdsUntil = now + UInt64(random.below(pauses.milliseconds * 1_000) + 1) * 1_000
    }

    private func close(_ index: Int) {
        let pair = pairs.remove(at: index)
        let withReset = random.below(4) == 0
        LoopbackSocket.close(pair.client, withReset: withReset)
        LoopbackSocket.close(pair.server)
    }

    private func closeAll() {
        for index in pairs.indices.reversed() { close(index) }
    }
}
