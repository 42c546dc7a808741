internal import HTTP
internal import HTTPTypes

/// What browsers are told so that an answer cannot be turned against who sees it.
enum SecurityHeaders {
    /// A page may load what this service serves and nothing else, and no other page may frame it.
    private static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'",
        "img-src 'self' blob: data:", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// Adds them to an answer: that its type is to be believed; to a page also what it may do.
    static func apply(to response: inout Response) {
        response.fields[.xContentTypeOptions] = "nosniff"
        guard response.fields[.contentType]?.hasPrefix("text/html") == true else { return }
        response.fields[.contentSecurityPolicy] = contentSecurityPolicy
        response.fields[.referrerPolicy] = "no-referrer"
        response.fields[.crossOriginOpenerPolicy] = "same-origin"
    }
}

extension HTTPField.Name {
    /// `Referrer-Policy` (W3C Referrer Policy).
    static let referrerPolicy = known("Referrer-Policy")
    /// `Cross-Origin-Opener-Policy` (HTML, section 7.1.3).
    static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
}
