internal import Explainers

/// What one explanation may cost, by what it is and by the form in which it is answered.
struct SweepBounds {
    let limits: EngineLimits
    let output: OutputOptions

    /// Throws `tooCostly` or `tooMuchMemory` where the estimate is over a limit.
    func check(_ estimate: CostEstimate) throws(SwitchbackError) {
        let summary = CostSummary(estimate, writing: output)
        guard Double(summary.multiplyAdds) <= limits.maximumMultiplyAdds else {
            throw .tooCostly(estimate: summary, limit: limits.maximumMultiplyAdds)
        }
        try checkMemory(estimate)
    }

    /// Throws `tooMuchMemory` where the estimate is over the limit.
    ///
    /// - Parameter answer: the answer where it is there, whose lists are only then known to be long or short.
    func checkMemory(_ estimate: CostEstimate, of answer: Answer? = nil) throws(SwitchbackError) {
        let summary = CostSummary(estimate, writing: output, listing: answer?.listedBytes ?? 0)
        guard summary.bytes <= limits.maximumExplanationBytes else {
            throw .tooMuchMemory(estimate: summary, limit: limits.maximumExplanationBytes)
        }
    }
}

extension CostSummary {
    /// The summary of a sweep whose arrays are answered in that form, with lists of so many bytes beside them.
    init(_ estimate: CostEstimate, writing output: OutputOptions, listing: Int = 0) {
        let written = output.bytes(writing: estimate.resultBytes / 4, listing: listing)
        let (bytes, overflow) = estimate.bytes.addingReportingOverflow(written)
        self.init(
            forwardPasses: estimate.forwardPasses, multiplyAdds: estimate.multiplyAdds, bytes: overflow ? .max : bytes)
    }
}

extension Answer {
    /// The most bytes that its lists take as text, where they may be long: of images, by name.
    fileprivate var listedBytes: Int {
        if case .accuracy(let accuracy) = content { accuracy.listedBytes } else { 0 }
    }
}

extension OutputOptions {
    /// The bytes that so many values of arrays, and lists of so many bytes, take as they are written, besides the arrays
    /// themselves; what a picture takes has a limit of its own.
    fileprivate func bytes(writing values: Int, listing: Int) -> Int {
        let bytesPerValue =
            switch (format, arrays) {
            case (.png, _): 0
            // Joined in one array, and the file.
            case (.npy, _): 8
            // The text, and its compressed form, which may be no shorter: 16/3 characters a value, or 16 at most.
            case (.json, .base64): 11
            case (.json, .nested): 32
            }
        let (bytes, overflow) = values.multipliedReportingOverflow(by: bytesPerValue)
        // The text and its compressed form.
        let (sum, isTooLarge) = bytes.addingReportingOverflow(format == .json ? 2 * listing : 0)
        return overflow || isTooLarge ? .max : sum
    }
}
