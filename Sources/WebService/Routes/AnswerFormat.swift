internal import HTTP
internal import Switchback

/// The media types of the forms of an answer.
enum AnswerFormat {
    static func mediaType(of format: OutputFormat) -> String {
        switch format {
        case .json: "application/json"
        case .png: "image/png"
        case .npy: "application/x-npy"
        }
    }

    /// The form that suits the Accept field best (RFC 9110, section 12.5.1); JSON where all suit alike.
    ///
    /// - Throws: `NegotiationError` where none suits: a 406.
    static func negotiated(accept: String?) throws(NegotiationError) -> OutputFormat {
        let offered = OutputFormat.allCases.map(mediaType)
        guard let chosen = Negotiation.mediaType(accept: accept, offered: offered),
            let format = OutputFormat.allCases.first(where: { mediaType(of: $0) == chosen })
        else { throw NegotiationError(accepted: accept ?? "", available: offered) }
        return format
    }
}
