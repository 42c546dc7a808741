import Foundation
import TestSupport

/// A request that the contract gives as an example.
struct ContractRequest: CustomStringConvertible {
    let operation: ContractOperation
    let target: String
    let type: String?
    let body: [UInt8]

    var description: String { "\(operation.method) \(target)\(type.map { " with \($0)" } ?? "")" }
}

extension ContractOperation {
    /// Every example request: the parameters' examples together; each other value of a parameter in their company; and
    /// each kind of body.
    ///
    /// - Parameter input: the network's input as NPY, for bodies of that type.
    func exampleRequests(input: [UInt8]) throws -> [ContractRequest] {
        let choices = parameters.flatMap { parameter in parameter.values.map { (parameter, $0) } }
        let types = bodies.keys.sorted()
        var requests = [try request(choosing: nil, type: types.first, input: input)]
        requests += try choices.map { try request(choosing: $0, type: types.first, input: input) }
        requests += try types.dropFirst().map { try request(choosing: nil, type: $0, input: input) }
        return requests
    }

    private func request(
        choosing choice: (parameter: ContractParameter, value: String)?, type: String?, input: [UInt8]
    ) throws -> ContractRequest {
        var chosen = choice?.parameter.company ?? [:]
        if let choice { chosen[choice.parameter.name] = choice.value }
        let format = chosen["format"] ?? "json"
        var path = path
        var query: [String] = []
        for parameter in parameters {
            let isMeaningful = parameter.company["format"] ?? format == format
            let value = chosen[parameter.name] ?? (isMeaningful ? parameter.example : nil)
            switch (parameter.place, value) {
            case ("path", let value?): path = path.replacing("{\(parameter.name)}", with: value)
            case ("query", let value?):
                query.append("\(parameter.name)=\(try Self.escaped(value))")
            default:
                guard !parameter.isRequired else { throw TestFailure("\(self): '\(parameter.name)' has no example") }
            }
        }
        let (fullType, body) = try type.map { try self.body($0, input: input) } ?? (nil, [])
        return ContractRequest(
            operation: self, target: path + (query.isEmpty ? "" : "?" + query.joined(separator: "&")), type: fullType,
            body: body)
    }

    /// An example body of that type: the file that the contract names, or the value it gives.
    private func body(_ type: String, input: [UInt8]) throws -> (type: String, bytes: [UInt8]) {
        if type == "application/x-npy" { return (type, input) }
        let content = bodies[type] ?? .null
        let examples = content["examples"]?.members.values.map(\.self) ?? []
        guard type != "application/json" else {
            guard let example = content["example"] ?? examples.first?["value"] else {
                throw TestFailure("\(self): no example of a body of \(type)")
            }
            return (type, try example.json())
        }
        guard let file = examples.compactMap({ $0["externalValue"]?.text }).first else {
            throw TestFailure("\(self): no example of a body of \(type)")
        }
        let bytes = [UInt8](try Data(contentsOf: Fixtures.root.appendingPathComponent(file)))
        guard type == "multipart/form-data" else { return (type == "image/*" ? "image/png" : type, bytes) }
        let head = "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image\"\r\n\r\n"
        return ("multipart/form-data; boundary=x", [UInt8](head.utf8) + bytes + [UInt8]("\r\n--x--\r\n".utf8))
    }

    private static func escaped(_ value: String) throws -> String {
        guard let escaped = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) else {
            throw TestFailure("'\(value)' cannot stand in a query")
        }
        return escaped
    }
}

extension DocumentValue {
    /// The value as JSON.
    func json() throws -> [UInt8] {
        [UInt8](try JSONSerialization.data(withJSONObject: foundation, options: .fragmentsAllowed))
    }

    private var foundation: Any {
        switch self {
        case .null: NSNull()
        case .bool(let flag): flag
        case .number(let number): number
        case .string(let text): text
        case .array(let elements): elements.map(\.foundation)
        case .object(let members): members.mapValues(\.foundation)
        }
    }
}
