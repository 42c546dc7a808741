internal import HTTP
internal import HTTPTypes
internal import Switchback

/// Reads a request's body and query into a submission.
struct SubmissionReader {
    let limits: Limits

    /// The image and the options of `request`: query parameters first, then form fields or JSON members.
    ///
    /// - Throws: `SubmissionError`, or `HTTPError` for a form that is broken or over its limits.
    func read(_ request: Request) throws -> Submission {
        let query = request.target.query.map { GivenOption(name: $0.name, value: $0.value) }
        let stated = request.fields[.contentType]
        guard let stated, let type = MediaType(stated) else { throw SubmissionError.unsupportedType(stated) }
        switch (type.type, type.essence) {
        case (_, "multipart/form-data"):
            let (image, fields) = try form(request.body, contentType: stated)
            return Submission(image: image, options: query + fields)
        case (_, "application/json"):
            let (image, members) = try document(request.body)
            return Submission(image: image, options: query + members)
        case (_, "application/x-npy"):
            return Submission(image: .npy(try filled(request.body)), options: query)
        case ("image", _), (_, "application/octet-stream"):
            return Submission(image: ImageInput(recognizing: try filled(request.body)), options: query)
        default: throw SubmissionError.unsupportedType(type.essence)
        }
    }

    private func filled(_ body: [UInt8]) throws(SubmissionError) -> [UInt8] {
        guard !body.isEmpty else { throw .noImage(reason: "the body is empty; it should be an image") }
        return body
    }

    private func form(_ body: [UInt8], contentType: String) throws -> (ImageInput, [GivenOption]) {
        var image: ImageInput?
        var options: [GivenOption] = []
        for part in try Multipart.parse(body, contentType: contentType, limits: limits) {
            if part.name == "image" {
                guard image == nil else { throw SubmissionError.malformed(reason: "the form has two parts 'image'") }
                let bytes = Array(part.bytes)
                guard !bytes.isEmpty else { throw SubmissionError.noImage(reason: "the form's part 'image' is empty") }
                image = ImageInput(recognizing: bytes)
            } else {
                options.append(GivenOption(name: part.name, value: try part.text()))
            }
        }
        guard let image else {
            throw SubmissionError.noImage(reason: "the form has no part 'image'; with curl: -F image=@photo.jpg")
        }
        return (image, options)
    }

    private func document(_ body: [UInt8]) throws(SubmissionError) -> (ImageInput, [GivenOption]) {
        let document: JSON
        do {
            document = try JSONParser.parse(body)
        } catch {
            throw .malformed(reason: "the body is not JSON: \(error)")
        }
        guard case .object(let members) = document else {
            throw .malformed(reason: "the JSON body should be an object with the member 'image_base64'")
        }
        var image: ImageInput?
        var options: [GivenOption] = []
        for member in members {
            if member.name == "image_base64" {
                guard case .string(let text) = member.value, let bytes = Base64.decode(text), !bytes.isEmpty else {
                    throw .malformed(reason: "the member 'image_base64' is not base64 (RFC 4648) of an image")
                }
                image = ImageInput(recognizing: bytes)
            } else {
                options.append(GivenOption(name: member.name, value: try Self.text(of: member)))
            }
        }
        guard let image else { throw .noImage(reason: "the JSON body has no member 'image_base64'") }
        return (image, options)
    }

    /// A member's value in the notation of query parameters: numbers as they are, lists with commas.
    private static func text(of member: JSON.Member) throws(SubmissionError) -> String {
        if case .array(let elements) = member.value {
            var parts: [String] = []
            for element in elements { parts.append(try scalar(element, in: member.name)) }
            return parts.joined(separator: ",")
        }
        return try scalar(member.value, in: member.name)
    }

    private static func scalar(_ value: JSON, in name: String) throws(SubmissionError) -> String {
        switch value {
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .double(let number): return String(number)
        case .number(let number): return String(number)
        case .null, .bool, .array, .object:
            throw .malformed(reason: "the member '\(name)' should be a string, a number or a list of them")
        }
    }
}
