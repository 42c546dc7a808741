/// Chooses what to send from what a client takes (RFC 9110 section 12.5).
///
/// Elements of a field that are malformed are passed over; a field without any that is well-formed counts as absent.
public enum Negotiation {
    /// The media type to answer with; nil if the client takes none of them (406).
    ///
    /// For each type offered the most specific range of `Accept` that matches tells its quality; the highest quality
    /// wins, then the order offered. Without `Accept` it is the first. `offered` holds well-formed media types.
    public static func mediaType(accept: String?, offered: [String]) -> String? {
        let ranges = FieldList.elements(of: accept ?? "").compactMap(MediaRange.init)
        guard !ranges.isEmpty else { return offered.first }
        return best(offered) { offer in
            guard let type = MediaType(offer) else { preconditionFailure("'\(offer)' is no media type") }
            let matching = ranges.filter { $0.matches(type) }
            return matching.max { $0.specificity < $1.specificity }?.quality ?? 0
        }
    }

    /// The content coding to answer with: one of those offered if the client likes it at least as well as none,
    /// `identity` else; nil if it refuses that too (406).
    ///
    /// Without `Accept-Encoding` it is `identity`.
    public static func contentCoding(acceptEncoding: String?, offered: [String]) -> String? {
        var qualities: [String: Int] = [:]
        for element in FieldList.elements(of: acceptEncoding ?? "") {
            let pieces = FieldList.split(element, at: .semicolon)
            guard pieces[0].isToken, let parameters = FieldList.parameters(pieces.dropFirst()),
                let quality = Quality.of(parameters)
            else { continue }
            let name = String(decoding: pieces[0].map(\.lowercased), as: UTF8.self)
            // "x-gzip" is another name of gzip (RFC 9110 section 8.4.1.3).
            qualities[name == "x-gzip" ? "gzip" : name] = quality
        }
        guard !qualities.isEmpty else { return "identity" }
        let rest = qualities["*"]
        // Not to be named is no refusal for identity alone, and no wish either.
        let identity = qualities["identity"] ?? rest
        let chosen = best(offered) { qualities[$0] ?? rest ?? 0 }
        guard let chosen, qualities[chosen] ?? rest ?? 0 >= identity ?? 0 else {
            return identity == 0 ? nil : "identity"
        }
        return chosen
    }

    /// The offer with the highest quality, the earlier one on a tie; nil if all are 0.
    private static func best(_ offered: [String], quality: (String) -> Int) -> String? {
        var best: (offer: String, quality: Int)?
        for offer in offered {
            let quality = quality(offer)
            if quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }
}

/// An element of `Accept`: `type/subtype`, `type/*` or `*/*` with parameters and a quality.
private struct MediaRange {
    let type: String
    let subtype: String
    let parameters: [String: String]
    let quality: Int

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let parsed = MediaType(bytes), parsed.type != "*" || parsed.subtype == "*" else { return nil }
        guard let quality = Quality.of(parsed.parameters["q"]) else { return nil }
        (type, subtype) = (parsed.type, parsed.subtype)
        parameters = parsed.parameters.filter { $0.key != "q" }
        self.quality = quality
    }

    var specificity: Int {
        type == "*" ? 0 : subtype == "*" ? 1 : 2 + parameters.count
    }

    func matches(_ offer: MediaType) -> Bool {
        (type == "*" || type == offer.type) && (subtype == "*" || subtype == offer.subtype)
            && parameters.allSatisfy { offer.parameters[$0.key]?.lowercased() == $0.value.lowercased() }
    }
}

/// `qvalue` of RFC 9110 section 12.4.2, in thousandths.
private enum Quality {
    static func of(_ text: String?) -> Int? {
        guard let text else { return 1000 }
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == 0x30 || first == 0x31, bytes.count <= 5 else { return nil }
        guard bytes.count == 1 || bytes[1] == .period else { return nil }
        let decimals = bytes.dropFirst(2)
        guard decimals.allSatisfy(\.isDigit) else { return nil }
        var value = Int(first - 0x30)
        for index in 0..<3 { value = value * 10 + (index < decimals.count ? Int(decimals[2 + index] - 0x30) : 0) }
        return value <= 1000 ? value : nil
    }

    static func of(_ parameters: [FieldList.Parameter]) -> Int? {
        of(parameters.first { $0.name == "q" }.map { String(decoding: $0.value, as: UTF8.self) })
    }
}
