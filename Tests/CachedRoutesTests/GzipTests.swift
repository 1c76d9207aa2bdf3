import CZlib
import Dispatch
import Foundation
import MetricsTestKit
import NIOCore
import NIOPosix
import TestServers
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// The start of a list of users as JSON, `count` bytes long.
private func json(_ count: Int, seed: UInt64 = 1) -> ByteBuffer {
    var random = SystemRandomNumberGenerator.seeded(seed)
    var page = "["
    for number in 1...1000 {
        let bio = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
        page +=
            #"{"id":\#(number),"email":"user\#(number)@example.com","is_active":\#(number % 7 != 0),"bio":"\#(bio)"},"#
    }
    var buffer = ByteBuffer()
    while buffer.readableBytes < count { buffer.writeString(page) }
    return ByteBuffer(bytes: buffer.readableBytesView.prefix(count))
}

/// Bytes that no method makes fewer.
private func noise(_ count: Int) -> ByteBuffer {
    var random = SystemRandomNumberGenerator.seeded(9)
    var buffer = ByteBuffer()
    while buffer.readableBytes < count { buffer.writeInteger(random.next()) }
    return ByteBuffer(bytes: buffer.readableBytesView.prefix(count))
}

/// What zlib makes of a gzip stream that has nothing behind it; `nil` when it isn't one, or one of more than `limit`
/// bytes.
private func gunzipped(_ compressed: ByteBuffer, limit: Int) -> ByteBuffer? {
    var input = Array(compressed.readableBytesView)
    var output = [UInt8](repeating: 0, count: limit + 1)
    var stream = z_stream()
    let length: Int? = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            withUnsafeMutablePointer(to: &stream) { stream in
                guard cached_routes_gunzip_begin(stream) == Z_OK else { return nil }
                defer { inflateEnd(stream) }
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = uInt(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = uInt(output.count)
                guard inflate(stream, Z_FINISH) == Z_STREAM_END, stream.pointee.avail_in == 0 else { return nil }
                return output.count - Int(stream.pointee.avail_out)
            }
        }
    }
    return length.map { ByteBuffer(bytes: output.prefix($0)) }
}

/// What the program `gzip` makes of a gzip stream; `nil` when it complains.
private func gunzippedByProgram(_ compressed: ByteBuffer) async throws -> ByteBuffer? {
    try await blocking {
        let folder = try ServerProcess.temporaryFolder("gzip")
        defer { try? FileManager.default.removeItem(at: folder) }
        // A file, because a pipe into the program and one out of it can wait for each other.
        let file = folder.appendingPathComponent("body.gz")
        try Data(compressed.readableBytesView).write(to: file)
        let process = Process()
        process.executableURL = try ServerProcess.locate("gzip")
        process.arguments = ["-dc"]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? ByteBuffer(bytes: data) : nil
    }
}

@Suite("Gzip")
struct GzipTests {
    @Test("zlib and the program gzip give the body back", arguments: [200, 1024, 3500, 65_536, 1_000_003, 16 << 20])
    func roundTrip(count: Int) async throws {
        let body = json(count)
        #expect(body.readableBytes == count)
        let compressed = try #require(Gzip.compress(body))
        #expect(compressed.readableBytes < count)
        #expect(gunzipped(compressed, limit: count) == body)
        #expect(try await gunzippedByProgram(compressed) == body)
    }

    @Test("the header says gzip and deflate, and holds no flags, no name and no time")
    func header() throws {
        let compressed = try #require(Gzip.compress(json(5000)))
        #expect(Array(compressed.readableBytesView.prefix(8)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }

    @Test("the same bytes give the same bytes, wherever they lie")
    func deterministic() throws {
        let body = json(100_000)
        let first = try #require(Gzip.compress(body))
        _ = Gzip.compress(json(50_000, seed: 2))
        #expect(Gzip.compress(body) == first)
        var larger = ByteBuffer(string: "before")
        larger.writeImmutableBuffer(body)
        larger.writeString("behind")
        #expect(larger.getSlice(at: 6, length: 100_000).flatMap(Gzip.compress) == first)
        larger.moveReaderIndex(forwardBy: 6)
        larger.moveWriterIndex(to: 100_006)
        #expect(Gzip.compress(larger) == first)
    }

    @Test("different bytes never share a result")
    func different() throws {
        let bodies = (0..<50).map { json(2000, seed: $0) }
        #expect(Set(bodies).count == 50)
        #expect(Set(bodies.compactMap(Gzip.compress)).count == 50)
    }

    @Test("bytes that don't get fewer give nothing", arguments: [1, 2, 18, 19, 1000, 65_536, 1 << 20])
    func incompressible(count: Int) {
        #expect(Gzip.compress(noise(count)) == nil)
    }

    @Test("an empty body gives nothing")
    func empty() {
        #expect(Gzip.compress(ByteBuffer()) == nil)
        var read = ByteBuffer(string: "read")
        read.moveReaderIndex(forwardBy: 4)
        #expect(Gzip.compress(read) == nil)
    }

    @Test("one byte fewer is enough, none is not")
    func border() {
        // Bytes that get no fewer, and behind them some that do: among these there are bodies that win any small number of bytes.
        let bodies = (200..<260).flatMap { length in
            (0..<60).map { run in
                var body = noise(length)
                body.writeRepeatingByte(0x61, count: run)
                return body
            }
        }
        let wins = bodies.compactMap { body in
            Gzip.compress(body).map { compressed in
                #expect(gunzipped(compressed, limit: body.readableBytes) == body)
                return body.readableBytes - compressed.readableBytes
            }
        }
        #expect(wins.count < bodies.count)
        #expect(wins.min() == 1)
    }

    @Test("the result's memory is its own and no larger than it needs")
    func memory() throws {
        for count in [2000, 100_000, 3_000_000] {
            let body = json(count)
            let compressed = try #require(Gzip.compress(body))
            #expect(compressed.storageCapacity < 2 * compressed.readableBytes)
            #expect(compressed.readableBytes < count / 2)
        }
    }

    @Test("What was compressed is decompressed to the same bytes", arguments: [200, 1024, 65_536, 1_000_003, 16 << 20])
    func decompress(count: Int) throws {
        let body = json(count)
        let compressed = try #require(Gzip.compress(body))
        let decompressed = try #require(Gzip.decompress(compressed, limit: count))
        #expect(decompressed == body)
        #expect(decompressed.storageCapacity < 2 * count + 64)
        #expect(Gzip.decompress(compressed, limit: count - 1) == nil)
        var larger = ByteBuffer(string: "before")
        larger.writeImmutableBuffer(compressed)
        larger.moveReaderIndex(forwardBy: 6)
        #expect(Gzip.decompress(larger, limit: count) == body)
    }

    @Test("What is not one whole gzip stream is not decompressed", arguments: 0..<20)
    func notGzip(seed: UInt64) throws {
        var random = SystemRandomNumberGenerator.seeded(seed)
        let body = json(Int.random(in: 200...40_000, using: &random), seed: seed)
        let compressed = try #require(Gzip.compress(body))
        let limit = 1 << 20
        var damaged: [ByteBuffer] = [ByteBuffer(), body, noise(100), ByteBuffer(repeating: 0, count: 64)]
        for _ in 0..<40 {
            let length = Int.random(in: 0..<compressed.readableBytes, using: &random)
            damaged.append(try #require(compressed.getSlice(at: 0, length: length)))
            var changed = compressed
            // Behind the header, of which a byte or two mean nothing.
            let place = Int.random(in: 10..<compressed.readableBytes, using: &random)
            let byte: UInt8 = try #require(changed.getInteger(at: place))
            changed.setInteger(byte ^ UInt8.random(in: 1...255, using: &random), at: place)
            damaged.append(changed)
        }
        var followed = compressed
        followed.writeString("more")
        damaged.append(followed)
        var twice = compressed
        twice.writeImmutableBuffer(compressed)
        damaged.append(twice)
        for length in [0, 1, UInt32.max, UInt32(limit), UInt32(body.readableBytes + 1)] {
            var forged = compressed
            forged.setInteger(length, at: compressed.readableBytes - 4, endianness: .little)
            damaged.append(forged)
        }
        for bytes in damaged { #expect(Gzip.decompress(bytes, limit: limit) == nil) }
        #expect(Gzip.decompress(compressed, limit: limit) == body)
    }

    @Test("concurrent calls don't touch each other")
    func concurrent() async {
        let bodies = (0..<32).map { json(20_000 + $0, seed: UInt64($0)) }
        let results = await withTaskGroup(of: (Int, ByteBuffer?).self) { group in
            for (number, body) in bodies.enumerated() { group.addTask { (number, Gzip.compress(body)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (number, body) in bodies.enumerated() {
            #expect(results[number].flatMap { gunzipped($0, limit: 30_000) } == body)
        }
    }
}

/// Whether a future of the event loop this is called on has completed.
private func isDone(_ future: EventLoopFuture<ByteBuffer?>) -> Bool {
    var isDone = false
    future.assumeIsolated().whenComplete { _ in isDone = true }
    return isDone
}

@Suite("The compressor")
struct BodyCompressionPoolTests {
    /// A pool with one thread, which is busy until the semaphore is signalled.
    private func busyPool() -> (NIOThreadPool, DispatchSemaphore) {
        let pool = NIOThreadPool(numberOfThreads: 1)
        let end = DispatchSemaphore(value: 0)
        pool.start()
        pool.submit { _ in end.wait() }
        return (pool, end)
    }

    private let metrics = TestMetrics()

    private func shed() throws -> Int64 {
        try metrics.expectCounter("cached_routes_compressions_shed_total").totalValue
    }

    @Test("gives what gzip gives", arguments: [10_000, 100_000])
    func results(count: Int) async throws {
        let compressor = BodyCompressionPool(byteLimit: 1 << 20)
        let body = json(count)
        for eventLoop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            #expect(try await compressor.compress(body, on: eventLoop).get() == Gzip.compress(body))
            #expect(try await compressor.compress(noise(2000), on: eventLoop).get() == nil)
            #expect(try await compressor.compress(ByteBuffer(), on: eventLoop).get() == nil)
        }
    }

    @Test("works on the pool's threads, or at once on a short body, and sheds at once what would pass the limit")
    func shedding() async throws {
        let (pool, end) = busyPool()
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let compressor = BodyCompressionPool(byteLimit: 100_000, pool: pool, metrics: metrics)
        let bodies = [json(60_000), json(60_000), json(40_000), json(10_000), ByteBuffer(string: "x")]
        let futures = bodies.map { compressor.compress($0, on: eventLoop) }
        // Nothing waits for a future before the pool works, so that no fault makes the test wait for ever.
        let shedAtOnce = metrics.counters.map(\.totalValue)
        let areDone = try await eventLoop.submit { futures.map(isDone) }.get()
        end.signal()
        #expect(areDone == [false, true, false, true, true])
        #expect(shedAtOnce == [1])
        let results = try await EventLoopFuture.whenAllSucceed(futures, on: eventLoop).get()
        #expect(results == [bodies[0], nil, bodies[2], bodies[3], nil].map { $0.flatMap(Gzip.compress) })
        let whole = json(100_000)
        #expect(try await compressor.compress(whole, on: eventLoop).get() == Gzip.compress(whole))
        #expect(try await compressor.compress(json(100_001), on: eventLoop).get() == nil)
        #expect(try shed() == 2)
        try await pool.shutdownGracefully()
    }

    @Test("has room again after bodies that gzip does nothing for")
    func room() async throws {
        let compressor = BodyCompressionPool(byteLimit: 50_000, pool: .singleton, metrics: metrics)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        for _ in 0..<10 { #expect(try await compressor.compress(noise(50_000), on: eventLoop).get() == nil) }
        #expect(try shed() == 0)
    }

    @Test("a pool that does no work gives nothing, and is not waited for")
    func stoppedPool() async throws {
        let compressor = BodyCompressionPool(
            byteLimit: 50_000,
            pool: NIOThreadPool(numberOfThreads: 1),
            metrics: metrics
        )
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        for _ in 0..<10 { #expect(try await compressor.compress(json(50_000), on: eventLoop).get() == nil) }
        #expect(try shed() == 0)
    }

    @Test("loses no byte of its limit under concurrent calls")
    func concurrent() async throws {
        let (count, size) = (200, 20_000)
        let compressor = BodyCompressionPool(byteLimit: 20 * size, pool: .singleton, metrics: metrics)
        let bodies = (0..<count).map { json(size, seed: UInt64($0)) }
        let results = try await withThrowingTaskGroup(of: (Int, ByteBuffer?).self) { group in
            for (number, body) in bodies.enumerated() {
                group.addTask {
                    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
                    return (number, try await compressor.compress(body, on: eventLoop).get())
                }
            }
            return try await group.reduce(into: [(Int, ByteBuffer)]()) { results, result in
                if let compressed = result.1 { results.append((result.0, compressed)) }
            }
        }
        for (number, compressed) in results { #expect(gunzipped(compressed, limit: size) == bodies[number]) }
        #expect(try shed() == Int64(count - results.count))
        let whole = json(20 * size)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        #expect(try await compressor.compress(whole, on: eventLoop).get() == Gzip.compress(whole))
    }
}

extension BodyCompressionPool {
    /// What comes of a compression, as a future.
    fileprivate func compress(_ body: ByteBuffer, on eventLoop: any EventLoop) -> EventLoopFuture<ByteBuffer?> {
        let promise = eventLoop.makePromise(of: ByteBuffer?.self)
        compress(body) { result in
            guard case .compressed(let body) = result else { return promise.succeed(nil) }
            promise.succeed(body)
        }
        return promise.futureResult
    }
}
