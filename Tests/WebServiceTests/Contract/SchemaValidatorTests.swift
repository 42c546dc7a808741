import Testing

/// The validator that holds answers to the contract refuses what it should.
struct SchemaValidatorTests {
    private func faults(_ value: String, by schema: String, in document: String = "{}") throws -> [String] {
        let validator = SchemaValidator(document: try DocumentValue(parsing: document))
        return validator.faults(of: try DocumentValue(parsing: value), by: try DocumentValue(parsing: schema))
    }

    @Test(arguments: [
        ("1", "{type: integer}"), ("1.5", "{type: number}"), (#""1""#, "{type: string}"),
        ("null", "{type: [string, 'null']}"),
        ("[1, 2]", "{type: array, items: {type: integer, minimum: 1}, minItems: 2, maxItems: 2}"),
        (#"{"a": 1}"#, "{type: object, required: [a], properties: {a: {const: 1}}}"),
        (#"{"a": 1, "b": 2}"#, "{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}"),
        (#"{"a": 1}"#, "{additionalProperties: {type: integer}}"), (#""AAAA""#, "{contentEncoding: base64}"),
        ("1e-05", "{oneOf: [{type: string}, {type: number, maximum: 1}]}"),
    ])
    func takes(_ value: String, by schema: String) throws {
        #expect(try faults(value, by: schema) == [])
    }

    @Test(arguments: [
        ("1.5", "{type: integer}"), ("1", "{type: string}"), ("true", "{type: number}"), ("[]", "{minItems: 1}"),
        (#"{"a": 1}"#, "{type: object}"), (#"{"a": 1}"#, "{required: [b], additionalProperties: true}"),
        (#"{"a": {"b": 1}}"#, "{properties: {a: {properties: {c: {}}}}}"), (#""x""#, "{enum: [y, z]}"),
        ("5", "{maximum: 4}"), (#""A""#, "{pattern: '^[a-z]$'}"), (#""?""#, "{contentEncoding: base64}"),
        ("1", "{oneOf: [{type: integer}, {type: number}]}"), ("1", "{anyOf: [{type: string}]}"),
        ("1", "{unknownKeyword: 1}"), ("1", "{$ref: '#/nowhere'}"), (#"{"a": 1}"#, "{additionalProperties: false}"),
    ])
    func refuses(_ value: String, by schema: String) throws {
        #expect(try faults(value, by: schema).count == 1)
    }

    @Test func followsReferences() throws {
        let document = "{defs: {number: {type: number}}}"
        #expect(try faults("1", by: "{$ref: '#/defs/number'}", in: document) == [])
        #expect(try faults("null", by: "{$ref: '#/defs/number'}", in: document) == ["$: is null, not number"])
    }

    @Test func refusesAMemberThatStandsTwice() {
        #expect(throws: (any Error).self) { try DocumentValue(parsing: #"{"a": 1, "a": 2}"#) }
    }
}
