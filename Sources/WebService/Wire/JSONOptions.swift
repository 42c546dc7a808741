/// Options as the members of a JSON body.
enum JSONOptions {
    /// The members of the object that `body` is.
    static func members(of body: [UInt8]) throws(SubmissionError) -> [JSON.Member] {
        let document: JSON
        do {
            document = try JSONParser.parse(body)
        } catch {
            throw .malformed(reason: "the body is not JSON: \(error)")
        }
        guard case .object(let members) = document else {
            throw .malformed(reason: "the JSON body should be an object with the member 'image_base64'")
        }
        return members
    }

    /// A member's value in the notation of query parameters: numbers as they are, lists with commas.
    static func text(of member: JSON.Member) throws(SubmissionError) -> String {
        guard case .array(let elements) = member.value else { return try scalar(member.value, in: member.name) }
        var parts: [String] = []
        for element in elements { parts.append(try scalar(element, in: member.name)) }
        return parts.joined(separator: ",")
    }

    private static func scalar(_ value: JSON, in name: String) throws(SubmissionError) -> String {
        switch value {
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .double(let number): return String(number)
        case .number(let number): return String(number)
        case .null, .bool, .array, .list, .object, .packed, .nested:
            throw .malformed(reason: "the member '\(name)' should be a string, a number or a list of them")
        }
    }
}
