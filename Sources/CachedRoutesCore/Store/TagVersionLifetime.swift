import RouteModel
import Synchronization

/// How long tokens live: twice as long as the entry of any of the service's routes that lives longest, so that whoever renews a
/// token which several routes have does not make its life too short for one of them.
package final class TagVersionLifetime: Sendable {
    private let longestEntry = Atomic<Int64>(60_000)

    package init() {}

    /// Takes the life of a route's entries into account, in milliseconds.
    package func cover(entriesOf milliseconds: Int64) {
        longestEntry.max(milliseconds, ordering: .relaxed)
    }

    /// The life of a token, in milliseconds.
    package var milliseconds: Int64 { longestEntry.load(ordering: .relaxed) * 2 }

    /// How long before its time a token need not be renewed: what is left then is still more than an entry's life.
    package var renewalPause: Int64 { longestEntry.load(ordering: .relaxed) / 2 }
}

extension TagVersion {
    /// Tells whether these bytes are the value of a token, as ``randomValue()`` makes them.
    package static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count == 15
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// A value that no token has had.
    ///
    /// 90 random bits in 15 characters, which Swift keeps without memory of their own.
    package static func randomValue() -> String {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_".utf8)
        var generator = SystemRandomNumberGenerator()
        return String(unsafeUninitializedCapacity: 15) { buffer in
            var bits: UInt64 = 0
            for index in 0..<15 {
                if index % 10 == 0 { bits = generator.next() }
                buffer[index] = digits[Int(bits & 63)]
                bits >>= 6
            }
            return 15
        }
    }
}
