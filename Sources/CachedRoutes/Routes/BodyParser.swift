import NIOCore
import RouteModel

/// Reads a route's body inputs from the JSON object in a request's body.
struct BodyParser: Sendable {
    /// How much of a name that the route does not know is told back to the client, in Unicode scalars.
    private static let longestName = 64

    private let inputs: [(index: Int, input: Input)]

    /// A parser for the route's body inputs; `nil` where it has none.
    init?(_ signature: RouteSignature) {
        inputs = signature.inputs.indices.compactMap { index in
            signature.inputs[index].group == .body ? (index, signature.inputs[index]) : nil
        }
        if inputs.isEmpty { return nil }
    }

    /// Adds the values in `body`. No body is an object without members.
    func read(_ body: ByteBuffer?, into values: inout InputValues) throws(RequestFault) {
        if let body, body.readableBytes > 0 { try readObject(Array(body.readableBytesView), into: &values) }
        for (index, input) in inputs {
            do throws(InputViolation) {
                try values.complete(input, at: index)
            } catch {
                throw .refused(.body, name: input.name, error)
            }
        }
    }

    private func readObject(_ text: [UInt8], into values: inout InputValues) throws(RequestFault) {
        let body: JSONValue
        do throws(JSONFault) {
            body = try JSONValue(text)
        } catch {
            throw .malformedBody("The request body \(error).")
        }
        guard body.kind == .object else { throw .malformedBody("The request body must be a JSON object.") }
        for member in body.members {
            guard let (index, input) = inputs.first(where: { member.name.elementsEqual($0.input.name.utf8) }) else {
                throw .refused(.body, name: Self.shown(member.name), .undeclared)
            }
            do throws(InputViolation) {
                try values.add(member.value, to: input, at: index)
            } catch {
                throw .refused(.body, name: input.name, error)
            }
        }
    }

    private static func shown(_ name: ArraySlice<UInt8>) -> String {
        let scalars = String(decoding: name.prefix(4 * longestName + 4), as: UTF8.self).unicodeScalars
        guard scalars.count > longestName else { return String(scalars) }
        return String(scalars.prefix(longestName)) + "…"
    }
}
