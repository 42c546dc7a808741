internal import HTTP
internal import HTTPTypes
internal import Switchback

/// Reads a request's body and query into a submission.
struct SubmissionReader: Sendable {
    let limits: Limits

    /// The image and the options of `request`: query parameters first, then form fields or JSON members.
    ///
    /// - Parameter isAboutDataset: whether there is to be no image; that a data set is named is found by the options' reader.
    /// - Throws: `SubmissionError`, `SwitchbackError` for an image given twice, or `HTTPError` for a form that is broken
    ///   or over its limits.
    func read(_ request: Request, isAboutDataset: Bool = false) throws -> Submission {
        var image: SubmittedImage?
        var options: [GivenOption] = []
        let isByAddress = request.method == .get || request.method == .head
        // What signs an address is no part of what it asks for.
        for pair in request.target.query where !(isByAddress && LinkSigner.isParameter(pair.name)) {
            guard pair.name == "image" else {
                options.append(GivenOption(name: pair.name, value: pair.value))
                continue
            }
            guard image == nil else { throw SwitchbackError.repeatedOption(name: "image") }
            image = .stored(sha256: try Self.digest(pair.value))
        }
        if isByAddress || request.body.isEmpty && (image != nil || isAboutDataset || Self.namesDataset(options)) {
            return try Self.submission(image, options, orThrow: isAboutDataset ? nil : Self.noImageInQuery)
        }
        let (sent, fields) = try body(of: request)
        guard image == nil || sent == nil else { throw SwitchbackError.repeatedOption(name: "image") }
        return try Self.submission(
            image ?? sent, options + fields, orThrow: isAboutDataset ? nil : Self.noImageInBody(of: request))
    }

    private static func namesDataset(_ options: [GivenOption]) -> Bool { options.contains { $0.name == "dataset" } }

    /// One image, or the name of a data set among the options.
    private static func submission(
        _ image: SubmittedImage?, _ options: [GivenOption], orThrow missing: SubmissionError?
    ) throws(SubmissionError) -> Submission {
        switch (image, namesDataset(options)) {
        case (nil, false):
            if let missing { throw missing }
            return Submission(image: nil, options: options)
        case (.some, true): throw .imageAndDataset
        default: return Submission(image: image, options: options)
        }
    }

    /// The image of a request that has one and nothing else.
    func image(of request: Request) throws -> ImageInput {
        let submission = try read(request)
        if let option = submission.options.first { throw SubmissionError.needlessOption(name: option.name) }
        guard case .sent(let image) = submission.image else { throw SubmissionError.needlessOption(name: "image") }
        return image
    }

    /// The kind of a body, known before it is read.
    ///
    /// - Throws: `SubmissionError.unsupportedType` for one that is not taken.
    static func checkType(_ fields: HTTPFields) throws(SubmissionError) -> BodyType {
        let stated = fields[.contentType]
        guard let stated, let type = MediaType(stated) else { throw .unsupportedType(stated) }
        switch (type.type, type.essence) {
        case (_, "multipart/form-data"): return .form(stated)
        case (_, "application/json"): return .json
        case (_, "application/x-npy"): return .npy
        case ("image", _), (_, "application/octet-stream"): return .image
        default: throw .unsupportedType(type.essence)
        }
    }

    /// Throws where the body, which is an image and nothing else, is stated to be larger than an image may be.
    static func checkLength(of head: RequestHead, maximumImageBytes: Int) throws(SwitchbackError) {
        guard case .fixed(let count) = head.bodyLength, count > maximumImageBytes else { return }
        throw .badImage(.tooLarge, reason: "the image has \(count) bytes; at most \(maximumImageBytes) are allowed")
    }

    /// The kinds of body that are taken.
    enum BodyType: Equatable {
        /// A form, with the boundary in its media type.
        case form(String)
        case json
        case npy
        case image

        /// Whether the body is the image and nothing else.
        var isImageAlone: Bool { self == .npy || self == .image }
    }

    private func body(of request: Request) throws -> (SubmittedImage?, [GivenOption]) {
        switch try Self.checkType(request.fields) {
        case .form(let type): return try form(request.body, contentType: type)
        case .json: return try document(request.body)
        case .npy: return (.sent(.npy(try Self.filled(request.body))), [])
        case .image: return (.sent(ImageInput(recognizing: try Self.filled(request.body))), [])
        }
    }

    private static var noImageInQuery: SubmissionError {
        .noImage(
            reason: """
                there is no image in the query: POST one to \(Address.images), which answers its address, and ask with \
                ?image= and the digest in it
                """)
    }

    private static func noImageInBody(of request: Request) -> SubmissionError {
        let isJSON = (try? checkType(request.fields)) == .json
        return .noImage(
            reason: isJSON
                ? "the JSON body has no member 'image_base64'"
                : "the form has no part 'image'; with curl: -F image=@photo.jpg")
    }

    private static func filled(_ body: [UInt8]) throws(SubmissionError) -> [UInt8] {
        guard !body.isEmpty else { throw .noImage(reason: "the body is empty; it should be an image") }
        return body
    }

    private func form(_ body: [UInt8], contentType: String) throws -> (SubmittedImage?, [GivenOption]) {
        var image: SubmittedImage?
        var options: [GivenOption] = []
        for part in try Multipart.parse(body, contentType: contentType, limits: limits) {
            if part.name == "image" {
                guard image == nil else { throw SubmissionError.malformed(reason: "the form has two parts 'image'") }
                let bytes = Array(part.bytes)
                guard !bytes.isEmpty else { throw SubmissionError.noImage(reason: "the form's part 'image' is empty") }
                image = Self.digest(in: bytes).map { .stored(sha256: $0) } ?? .sent(ImageInput(recognizing: bytes))
            } else {
                options.append(GivenOption(name: part.name, value: try part.text()))
            }
        }
        return (image, options)
    }

    private func document(_ body: [UInt8]) throws(SubmissionError) -> (SubmittedImage?, [GivenOption]) {
        var image: SubmittedImage?
        var options: [GivenOption] = []
        for member in try JSONOptions.members(of: body) {
            switch member.name {
            case "image_base64", "image":
                guard image == nil else {
                    throw .malformed(reason: "the JSON body has both members 'image' and 'image_base64'")
                }
                image = try Self.image(in: member)
            default: options.append(GivenOption(name: member.name, value: try JSONOptions.text(of: member)))
            }
        }
        return (image, options)
    }

    private static func image(in member: JSON.Member) throws(SubmissionError) -> SubmittedImage {
        guard member.name == "image_base64" else {
            return .stored(sha256: try digest(try JSONOptions.text(of: member)))
        }
        guard case .string(let text) = member.value, let bytes = Base64.decode(text), !bytes.isEmpty else {
            throw .malformed(reason: "the member 'image_base64' is not base64 (RFC 4648) of an image")
        }
        return .sent(ImageInput(recognizing: bytes))
    }

    private static func digest(_ text: String) throws(SubmissionError) -> String {
        guard let digest = digest(in: Array(text.utf8)) else { throw .badDigest(text) }
        return digest
    }

    /// The digest that `bytes` spell, which no image is: 64 hexadecimal digits in lower case.
    private static func digest(in bytes: [UInt8]) -> String? {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
        return bytes.count == 64 && bytes.allSatisfy(isDigit) ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
