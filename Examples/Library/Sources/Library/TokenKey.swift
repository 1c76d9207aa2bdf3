import Crypto
import Foundation

/// The key that signs the tokens of members: `<member>.<seconds since 1970>.<code>`, the last being the HMAC-SHA256 of what is in
/// front of it, in hexadecimal digits.
struct TokenKey: Sendable {
    private let key: SymmetricKey

    /// Makes a key of a secret text.
    ///
    /// - Throws: ``TokenKeyError`` if the text is too short to be a secret.
    init(_ secret: String?) throws(TokenKeyError) {
        guard let secret, secret.utf8.count >= 32 else { throw TokenKeyError() }
        key = SymmetricKey(data: Data(secret.utf8))
    }

    /// A token that a member may use until a point in time.
    func token(of member: UUID, until end: Date) -> String {
        let claim = "\(member.uuidString.lowercased()).\(Int(end.timeIntervalSince1970))"
        let code = HMAC<SHA256>.authenticationCode(for: Data(claim.utf8), using: key)
        return claim + "." + code.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }

    /// The member of a token; `nil` if the token is not of this key, or its time is over.
    func member(of token: String, at now: Date) -> UUID? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let member = UUID(uuidString: String(parts[0])), let end = Int(parts[1]),
            let code = bytes(parts[2])
        else { return nil }
        let claim = Data("\(parts[0]).\(parts[1])".utf8)
        // It takes the same time whatever the first wrong byte is.
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: claim, using: key),
            now.timeIntervalSince1970 < Double(end)
        else { return nil }
        return member
    }

    private func bytes(_ digits: Substring) -> Data? {
        guard digits.utf8.count == 64 else { return nil }
        var bytes = Data()
        var rest = digits
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}

/// The error about a missing key.
struct TokenKeyError: Error, CustomStringConvertible {
    let description =
        "LIBRARY_TOKEN_KEY needs a secret of at least 32 characters, such as that of 'openssl rand -hex 32'"
}
