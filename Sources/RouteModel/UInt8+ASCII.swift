extension UInt8 {
    /// Indicates that the byte is an ASCII decimal digit.
    var isASCIIDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }
}
