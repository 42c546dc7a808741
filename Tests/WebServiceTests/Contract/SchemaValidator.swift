import Foundation

/// Holds values to schemas of JSON Schema 2020-12, as far as `openapi.yaml` uses it.
///
/// A keyword that it does not know is a fault of the schema, so that nothing is passed over; and a member of an object
/// that no schema describes is a fault of the answer, so that the contract is complete.
struct SchemaValidator {
    /// The document that `$ref` leads into.
    let document: DocumentValue

    /// What is wrong with the value, a sentence each; nothing if it is right.
    func faults(of value: DocumentValue, by schema: DocumentValue) -> [String] {
        var check = Check(validator: self)
        let described = check.run(value, schema, "$")
        check.refuseUndescribed(value, described, "$")
        return check.faults
    }

    /// The value that a reference such as `#/components/schemas/Class` names, or the value itself.
    func resolved(_ value: DocumentValue) throws -> DocumentValue {
        guard let reference = value["$ref"]?.text else { return value }
        var found = document
        for step in reference.split(separator: "/").dropFirst() {
            guard let next = found[String(step)] else { throw TestFailure("'\(reference)' leads nowhere") }
            found = next
        }
        return try resolved(found)
    }
}

/// One validation: the faults found so far.
private struct Check {
    let validator: SchemaValidator
    var faults: [String] = []

    /// Checks a value and returns the names of the members that the schemas describe there; nil where any may stand.
    mutating func run(_ value: DocumentValue, _ schema: DocumentValue, _ place: String) -> Set<String>? {
        let keywords = schema.members
        // A schema without words about members leaves them all open, as for bytes.
        var described: Set<String>? = keywords.isEmpty ? nil : []
        for (keyword, rule) in keywords.sorted(by: { $0.key < $1.key }) {
            switch keyword {
            case "$ref":
                guard let target = try? validator.resolved(schema) else {
                    fault(place, "the schema's reference leads nowhere")
                    continue
                }
                described = union(described, run(value, target, place))
            case "allOf":
                for part in rule.elements { described = union(described, run(value, part, place)) }
            case "oneOf", "anyOf":
                described = union(described, runAlternatives(value, rule.elements, place, one: keyword == "oneOf"))
            case "properties", "additionalProperties", "required":
                described = union(described, runMembers(keyword, rule, value, schema, place))
            case "items":
                for (index, element) in value.elements.enumerated() { runWhole(element, rule, "\(place)[\(index)]") }
            default:
                runSimple(keyword, rule, value, place)
            }
        }
        return described
    }

    mutating func refuseUndescribed(_ value: DocumentValue, _ described: Set<String>?, _ place: String) {
        guard let described else { return }
        for name in value.members.keys.sorted() where !described.contains(name) {
            fault(place, "the member '\(name)' is not in the schema")
        }
    }

    private mutating func runWhole(_ value: DocumentValue, _ schema: DocumentValue, _ place: String) {
        let described = run(value, schema, place)
        refuseUndescribed(value, described, place)
    }

    private mutating func runMembers(
        _ keyword: String, _ rule: DocumentValue, _ value: DocumentValue, _ schema: DocumentValue, _ place: String
    ) -> Set<String>? {
        guard case .object(let members) = value else { return [] }
        switch keyword {
        case "required":
            for name in rule.elements.compactMap(\.text) where members[name] == nil {
                fault(place, "the member '\(name)' is missing")
            }
            return []
        case "properties":
            for (name, part) in rule.members {
                if let member = members[name] { runWhole(member, part, "\(place).\(name)") }
            }
            return Set(rule.members.keys)
        default:
            let named = schema["properties"]?.members ?? [:]
            let others = members.keys.filter { named[$0] == nil }
            if rule == .bool(false) {
                for name in others { fault(place, "the member '\(name)' is not allowed") }
            } else if rule != .bool(true) {
                for name in others { if let member = members[name] { runWhole(member, rule, "\(place).\(name)") } }
            }
            return nil
        }
    }

    private mutating func runAlternatives(
        _ value: DocumentValue, _ schemas: [DocumentValue], _ place: String, one: Bool
    ) -> Set<String>? {
        var matching: [Set<String>?] = []
        var reasons: [String] = []
        for schema in schemas {
            var attempt = Check(validator: validator)
            let described = attempt.run(value, schema, place)
            if attempt.faults.isEmpty { matching.append(described) } else { reasons += attempt.faults }
        }
        if matching.isEmpty { fault(place, "fits none of the alternatives: \(reasons.joined(separator: "; "))") }
        if one, matching.count > 1 { fault(place, "fits \(matching.count) alternatives where one is allowed") }
        return matching.reduce([]) { union($0, $1) }
    }

    private func union(_ first: Set<String>?, _ second: Set<String>?) -> Set<String>? {
        guard let first, let second else { return nil }
        return first.union(second)
    }

    fileprivate mutating func fault(_ place: String, _ words: String) { faults.append("\(place): \(words)") }
}

extension Check {
    /// The keywords that concern a value by itself.
    fileprivate mutating func runSimple(
        _ keyword: String, _ rule: DocumentValue, _ value: DocumentValue, _ place: String
    ) {
        switch keyword {
        case "description", "title", "default", "example", "examples", "deprecated", "discriminator": break
        case "type":
            let allowed = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
            if !allowed.contains(where: { Self.is(value, $0) }) {
                fault(place, "is \(Self.type(of: value)), not \(allowed.joined(separator: " or "))")
            }
        case "enum": if !rule.elements.contains(value) { fault(place, "\(value) is none of those listed") }
        case "const": if value != rule { fault(place, "\(value) is not \(rule)") }
        case "pattern", "format", "contentEncoding": runText(keyword, rule, value, place)
        default: runBound(keyword, rule, value, place)
        }
    }

    private mutating func runText(_ keyword: String, _ rule: DocumentValue, _ value: DocumentValue, _ place: String) {
        guard let text = value.text, let word = rule.text else { return }
        let fits: Bool
        switch (keyword, word) {
        case ("pattern", _): fits = text.range(of: word, options: .regularExpression) != nil
        case ("contentEncoding", "base64"): fits = Data(base64Encoded: text) != nil
        case ("format", "binary"): fits = true
        case ("format", "uri-reference"): fits = URL(string: text) != nil
        case ("format", "date-time"):
            let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            fits = (try? Date(text, strategy: .iso8601)) != nil || (try? Date(text, strategy: fractional)) != nil
        default: return fault(place, "the schema's \(keyword) '\(word)' is not known")
        }
        if !fits { fault(place, "'\(text.prefix(80))' does not fit the \(keyword) '\(word)'") }
    }

    private mutating func runBound(_ keyword: String, _ rule: DocumentValue, _ value: DocumentValue, _ place: String) {
        guard case .number(let bound) = rule else {
            return fault(place, "the schema's keyword '\(keyword)' is not known")
        }
        let measured: Double
        switch (keyword, value) {
        case ("minimum", .number(let number)), ("maximum", .number(let number)): measured = number
        case ("minItems", .array(let elements)), ("maxItems", .array(let elements)): measured = Double(elements.count)
        case ("minLength", .string(let text)), ("maxLength", .string(let text)): measured = Double(text.count)
        case ("minimum", _), ("maximum", _), ("minItems", _), ("maxItems", _), ("minLength", _), ("maxLength", _):
            return
        default: return fault(place, "the schema's keyword '\(keyword)' is not known")
        }
        let fits = keyword.hasPrefix("min") ? measured >= bound : measured <= bound
        if !fits { fault(place, "\(measured) is outside \(keyword) \(bound)") }
    }

    private static func `is`(_ value: DocumentValue, _ type: String) -> Bool {
        if type == "integer", case .number(let number) = value { return number == number.rounded() }
        return Self.type(of: value) == type
    }

    private static func type(of value: DocumentValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
