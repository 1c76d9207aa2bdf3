extension FixedWidthInteger {
    /// Makes a number of decimal digits alone, without a sign; `nil` for any other text, and if the number is too large.
    init?(digits text: some StringProtocol) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        self.init(text, radix: 10)
    }
}
