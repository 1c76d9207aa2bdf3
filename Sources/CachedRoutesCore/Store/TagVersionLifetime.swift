import RouteModel
import Synchronization

/// The lifetime of tag versions: twice that of the longest-lived entry of all routes, so that renewing a version that
/// several routes share never makes it too short for one of them.
package final class TagVersionLifetime: Sendable {
    private let longestEntry = Atomic<Int64>(60_000)

    package init() {}

    /// Takes the lifetime of a route's entries into account, in milliseconds.
    package func cover(entriesOf milliseconds: Int64) {
        longestEntry.max(milliseconds, ordering: .relaxed)
    }

    /// The lifetime of a tag version in milliseconds.
    package var milliseconds: Int64 { longestEntry.load(ordering: .relaxed) * 2 }

    /// The time for which a tag version need not be renewed, in milliseconds: its remaining lifetime then still exceeds
    /// that of an entry.
    package var renewalPause: Int64 { longestEntry.load(ordering: .relaxed) / 2 }
}

extension TagVersion {
    /// Indicates that the bytes have the form of ``randomValue()``.
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

    /// Makes a value that no tag version has had.
    ///
    /// It has 90 random bits in 15 characters, which Swift stores without an allocation.
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
