import NIOCore
import RouteModel

/// Parses a route's body inputs from the JSON object in a request's body.
struct BodyParser: Sendable {
    private let inputs: [(index: Int, input: RouteInput)]

    /// Makes a parser for the route's body inputs; `nil` if it has none.
    init?(_ signature: RouteSignature) {
        inputs = signature.inputs.indices.compactMap { index in
            signature.inputs[index].group == .body ? (index, signature.inputs[index]) : nil
        }
        if inputs.isEmpty { return nil }
    }

    /// Parses a body. An absent body counts as an object without members.
    ///
    /// - Parameters:
    ///   - body: the body of the request.
    ///   - values: receives the values.
    ///   - refused: receives the errors.
    func read(_ body: ByteBuffer?, into values: inout InputValues, refused: inout RefusedInputs) {
        var undeclared: [ArraySlice<UInt8>] = []
        var errors: [Int: InputError] = [:]
        if let body, body.readableBytes > 0 {
            do throws(JSONError) {
                let object = try JSONValue(Array(body.readableBytesView))
                guard object.kind == .object else { return refused.addBody("must be a JSON object") }
                readMembers(of: object, into: &values, errors: &errors, undeclared: &undeclared)
            } catch {
                return refused.addBody(error.description)
            }
        }
        for (index, input) in inputs {
            do throws(InputError) {
                if let error = errors[index] { throw error }
                try values.complete(input, at: index)
            } catch {
                refused.add(input, error)
            }
        }
        for name in undeclared { refused.addUndeclared(name, in: .body) }
    }

    /// Reads the members in the client's order; errors are reported in the order of the declaration.
    private func readMembers(
        of object: JSONValue,
        into values: inout InputValues,
        errors: inout [Int: InputError],
        undeclared: inout [ArraySlice<UInt8>]
    ) {
        for member in object.members {
            guard let (index, input) = inputs.first(where: { member.name.elementsEqual($0.input.wireName.utf8) }) else {
                if undeclared.count <= RefusedInputs.limit { undeclared.append(member.name) }
                continue
            }
            do throws(InputError) {
                try values.add(member.value, to: input, at: index)
            } catch {
                errors[index] = error
            }
        }
    }
}
