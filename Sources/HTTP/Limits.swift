/// How large a message may be.
///
/// Whatever goes over is refused before it is kept.
public struct Limits: Equatable, Sendable {
    /// The request line without its line end, in bytes; 8 KiB by default.
    ///
    /// Over it: 414.
    public var maximumRequestLineBytes: Int
    /// All header lines with their line ends, and those of a trailer, in bytes; 32 KiB by default.
    ///
    /// Over it: 431.
    public var maximumHeaderBytes: Int
    /// The number of header lines, those of a trailer among them; 100 by default.
    ///
    /// Over it: 431.
    public var maximumHeaderCount: Int
    /// The body without its chunked framing, in bytes; 32 MiB by default.
    ///
    /// Over it: 413, and with a `Content-Length` before any of it is read.
    public var maximumBodyBytes: Int
    /// The line in front of a chunk, with its extensions, in bytes; 256 by default.
    ///
    /// Over it: 400.
    public var maximumChunkLineBytes: Int
    /// All chunk extensions of a body together, in bytes; 4 KiB by default.
    ///
    /// Over it: 400.
    public var maximumChunkExtensionBytes: Int
    /// The number of parts of a multipart body; 64 by default.
    ///
    /// Over it: 413.
    public var maximumMultipartParts: Int
    /// The header lines of a part of a multipart body, in bytes; 4 KiB by default.
    ///
    /// Over it: 431.
    public var maximumPartHeaderBytes: Int
    /// The number of fields of a form-urlencoded body or a query; 1,000 by default.
    ///
    /// Over it: 413.
    public var maximumFormFields: Int

    /// Limits, each at its default unless given.
    public init(
        maximumRequestLineBytes: Int = 8 << 10,
        maximumHeaderBytes: Int = 32 << 10,
        maximumHeaderCount: Int = 100,
        maximumBodyBytes: Int = 32 << 20,
        maximumChunkLineBytes: Int = 256,
        maximumChunkExtensionBytes: Int = 4 << 10,
        maximumMultipartParts: Int = 64,
        maximumPartHeaderBytes: Int = 4 << 10,
        maximumFormFields: Int = 1000
    ) {
        self.maximumRequestLineBytes = maximumRequestLineBytes
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumHeaderCount = maximumHeaderCount
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumChunkLineBytes = maximumChunkLineBytes
        self.maximumChunkExtensionBytes = maximumChunkExtensionBytes
        self.maximumMultipartParts = maximumMultipartParts
        self.maximumPartHeaderBytes = maximumPartHeaderBytes
        self.maximumFormFields = maximumFormFields
    }
}
