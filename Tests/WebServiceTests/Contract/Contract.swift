import Foundation
import TestSupport

/// What `openapi.yaml` promises, operation by operation.
struct Contract {
    let bytes: [UInt8]
    let document: DocumentValue
    let validator: SchemaValidator
    let operations: [ContractOperation]

    init() throws {
        bytes = [UInt8](try Data(contentsOf: Fixtures.root.appendingPathComponent("openapi.yaml")))
        document = try DocumentValue(parsing: String(decoding: bytes, as: UTF8.self))
        validator = SchemaValidator(document: document)
        var operations: [ContractOperation] = []
        for (path, item) in (document["paths"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            let shared = item["parameters"]?.elements ?? []
            for (method, operation) in item.members.sorted(by: { $0.key > $1.key }) where method != "parameters" {
                operations.append(
                    try ContractOperation(
                        method: method.uppercased(), path: path, operation: operation, shared: shared, in: validator))
            }
        }
        self.operations = operations
    }

    /// The operation of that name.
    func operation(_ id: String) throws -> ContractOperation {
        guard let found = operations.first(where: { $0.id == id }) else { throw TestFailure("no operation '\(id)'") }
        return found
    }
}

/// One method of one path.
struct ContractOperation: CustomStringConvertible {
    let id: String
    let method: String
    let path: String
    let parameters: [ContractParameter]
    /// The schemas and examples of the bodies it takes, by media type.
    let bodies: [String: DocumentValue]
    /// The answers by status, or under `default`.
    let responses: [String: DocumentValue]

    var description: String { "\(method) \(path)" }

    init(
        method: String, path: String, operation: DocumentValue, shared: [DocumentValue], in validator: SchemaValidator
    ) throws {
        guard let id = operation["operationId"]?.text else { throw TestFailure("\(method) \(path) has no operationId") }
        self.id = id
        self.method = method
        self.path = path
        parameters = try (shared + (operation["parameters"]?.elements ?? [])).map {
            try ContractParameter(try validator.resolved($0), in: validator)
        }
        bodies = try operation["requestBody"].map { try validator.resolved($0)["content"]?.members ?? [:] } ?? [:]
        responses = try (operation["responses"]?.members ?? [:]).mapValues { try validator.resolved($0) }
    }

    /// What is wrong with an answer to this operation by the contract; nothing if it keeps it.
    func faults(of answer: HTTPClient.Answer, by validator: SchemaValidator) throws -> [String] {
        guard let promised = responses[String(answer.status)] ?? responses["default"] else {
            return ["the status \(answer.status) is not in the contract"]
        }
        var faults: [String] = []
        for (name, header) in promised["headers"]?.members ?? [:] {
            let isRequired = try validator.resolved(header)["required"] == .bool(true)
            if isRequired, answer.field(name) == nil { faults.append("the field '\(name)' is missing") }
        }
        let contents = promised["content"]?.members ?? [:]
        guard !contents.isEmpty else {
            return answer.body.isEmpty
                ? faults : faults + ["a body of \(answer.body.count) bytes where none is promised"]
        }
        if method == "HEAD" { return faults }
        let type = answer.field("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
        guard let content = contents[type] ?? contents[type.split(separator: "/").first.map { "\($0)/*" } ?? ""] else {
            return faults + ["the type '\(type)' is not in the contract"]
        }
        guard type.hasSuffix("json"), let schema = content["schema"] else { return faults }
        let value = try DocumentValue(parsing: String(decoding: answer.body, as: UTF8.self))
        return faults + validator.faults(of: value, by: schema)
    }
}

/// One parameter of a path, a query or a head.
struct ContractParameter {
    let name: String
    let place: String
    let isRequired: Bool
    /// A value that works, where one is given.
    let example: String?
    /// Other values worth a request each: what the schema lists, and further examples.
    let values: [String]
    /// What it goes with, for an option that means nothing else: the format, or the format and a view.
    let company: [String: String]

    init(_ parameter: DocumentValue, in validator: SchemaValidator) throws {
        guard let name = parameter["name"]?.text, let place = parameter["in"]?.text else {
            throw TestFailure("a parameter without name or place")
        }
        let schema = try validator.resolved(parameter["schema"] ?? .object([:]))
        let further = (parameter["examples"]?.members ?? [:]).sorted { $0.key < $1.key }.compactMap {
            $0.value["value"]
        }
        self.name = name
        self.place = place
        isRequired = parameter["required"] == .bool(true)
        example = parameter["example"]?.queryText
        values = ((schema["enum"]?.elements ?? []) + further).compactMap(\.queryText)
        company = (parameter["x-goes-with"]?.members ?? [:]).compactMapValues(\.text)
    }
}
