internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Switchback

/// Gives an answer to a request for it: its entity tag is known before anything is computed.
struct AnswerDelivery {
    let request: Request
    /// What is answered, and how.
    let resolved: ResolvedRequest
    let imageDigest: String
    /// Whether the image is kept, which the links in a JSON answer tell.
    let isStored: Bool
    /// Whether the image is an array by its media type alone (``ExplainedImage/isArrayByType``).
    var isArrayByType = false
    let cache: CachePolicy
    let answers: AnswerCache
    let log: StageLog
    let maximumPicturePixels: Int

    /// The response: 304 where the client has the answer, else what `compute` makes, or what was made before.
    ///
    /// - Parameter check: finds what is wrong with a HEAD request, which nothing is computed for.
    func response(
        token: CancellationToken, check: () throws -> Void, compute: (CancellationToken) throws -> Answer
    ) throws -> Response {
        let output = resolved.output
        let coding = output.format == .json ? ContentCoding(acceptedBy: request.fields) : .identity
        let tag = tag(coding)
        let fields = self.fields(tag)
        // "*" asks whether there is any answer, which only the answer tells.
        let asksForAny = [request.fields[.ifMatch], request.fields[.ifNoneMatch]].contains { $0?.contains("*") == true }
        if !asksForAny, let response = try ImageRoute.conditional(request, tag, fields) { return response }
        var response = Response(status: .ok, fields: fields)
        if request.method == .head {
            try check()
            response.leavesLengthOut = true
        } else {
            response.body = try body(token: token, compute: compute)
        }
        if asksForAny, let response = try ImageRoute.conditional(request, tag, fields) { return response }
        response.fields[.serverTiming] = log.serverTiming
        return output.format == .json ? response : response.selectingRange(for: request)
    }

    /// The body of the answer, from before, from another request, or computed.
    private func body(token: CancellationToken, compute: (CancellationToken) throws -> Answer) throws -> [UInt8] {
        try answers.body(for: tag(.identity), token: token) { token in
            let answer = try compute(token)
            let links = isStored ? AnswerLinks(resolved, imageDigest: imageDigest) : nil
            return try log.clock.time("render") { try encode(answer, links) }
        }
    }

    private func tag(_ coding: ContentCoding) -> EntityTag {
        AnswerTag(
            resolved, imageDigest: imageDigest, isStored: isStored, isArrayByType: isArrayByType, coding: coding
        ).entityTag
    }

    private func fields(_ tag: EntityTag) -> HTTPFields {
        var fields: HTTPFields = [
            .eTag: tag.description, .vary: "Accept, Accept-Encoding",
            .contentType: AnswerFormat.mediaType(of: resolved.output.format),
        ]
        // An answer to POST is not at its address.
        if request.method != .post { fields[.cacheControl] = cache.explanation }
        return fields
    }

    /// The answer in the form asked for.
    func encode(_ answer: Answer, _ links: AnswerLinks?) throws -> [UInt8] {
        let output = resolved.output
        return switch output.format {
        case .json: AnswerDocument(answer, arrays: output.arrays, links: links).json.encoded()
        case .png:
            try answer.picture(
                view: output.view, width: output.width, isTransparent: output.isTransparent,
                maximumPixels: maximumPicturePixels)
        case .npy: try answer.array(named: output.array)
        }
    }
}
