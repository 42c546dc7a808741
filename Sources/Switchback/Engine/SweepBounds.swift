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
    func checkMemory(_ estimate: CostEstimate) throws(SwitchbackError) {
        let summary = CostSummary(estimate, writing: output)
        guard summary.bytes <= limits.maximumExplanationBytes else {
            throw .tooMuchMemory(estimate: summary, limit: limits.maximumExplanationBytes)
        }
    }
}

extension CostSummary {
    /// The summary of a sweep whose arrays are answered in that form.
    init(_ estimate: CostEstimate, writing output: OutputOptions) {
        let (bytes, overflow) = estimate.bytes.addingReportingOverflow(output.bytes(writing: estimate.resultBytes / 4))
        self.init(
            forwardPasses: estimate.forwardPasses, multiplyAdds: estimate.multiplyAdds, bytes: overflow ? .max : bytes)
    }
}

extension OutputOptions {
    /// The bytes that so many values of arrays take as they are written, besides the arrays themselves; what a picture
    /// takes has a limit of its own.
    fileprivate func bytes(writing values: Int) -> Int {
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
        return overflow ? .max : bytes
    }
}
