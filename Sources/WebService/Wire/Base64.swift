import Foundation

/// Base64 with padding (RFC 4648 section 4).
enum Base64 {
    /// `bytes` in base64, without line breaks.
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The bytes that `text` stands for; nil where it is not base64.
    ///
    /// White space is passed over, since `base64` and `openssl` wrap their lines; any other foreign character is refused.
    static func decode(_ text: String) -> [UInt8]? {
        let compact = text.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0x20 && $0 != 0x09 }
        return Data(base64Encoded: Data(compact)).map { [UInt8]($0) }
    }
}
