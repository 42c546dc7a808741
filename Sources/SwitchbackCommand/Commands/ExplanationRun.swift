import Foundation
import Switchback
import WebService

/// One explanation from the command line: read, explain, write.
struct ExplanationRun {
    let kind: ExplanationKind
    let subject: any ExplainedSubject
    let given: [GivenOption]
    let output: OutputArguments
    let model: ModelArguments

    init(
        _ kind: ExplanationKind, _ subject: any ExplainedSubject, _ given: [GivenOption], _ output: OutputArguments,
        _ model: ModelArguments
    ) {
        self.kind = kind
        self.subject = subject
        self.given = given + subject.given
        self.output = output
        self.model = model
    }

    func run() throws {
        let impliedFormat = output.impliedFormat
        let request = try ExplanationRequest(kind, options: given + output.given, acceptedFormat: impliedFormat)
        let wantsTable = impliedFormat == nil && output.format == nil
        let sink = OutputSink(path: output.output)
        if !wantsTable, request.output.format != .json { try sink.refuseTerminal(format: request.output.format) }
        // One command has nobody to share with, so no sweep is too long for it: the progress bar says how long.
        let engine = try model.engine(
            limits: EngineLimits(maximumExplanationBytes: .max, maximumMultiplyAdds: .infinity))
        let answer = try subject.answer(request, from: engine)
        try sink.write(wantsTable ? [UInt8](AnswerTable(answer).text.utf8) : try Self.encode(answer, request.output))
    }

    private static func encode(_ answer: Answer, _ output: OutputOptions) throws -> [UInt8] {
        switch output.format {
        case .json: AnswerDocument(answer, arrays: output.arrays).json.encoded()
        case .png:
            // On one's own machine a picture may take what there is.
            try answer.picture(
                view: output.view, width: output.width, isTransparent: output.isTransparent, maximumPixels: .max)
        case .npy: try answer.array(named: output.array)
        }
    }
}
