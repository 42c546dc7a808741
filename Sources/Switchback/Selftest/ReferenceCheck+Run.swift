internal import Tensors

extension ReferenceCheck {
    /// Nil where `engine` answers as the reference does; else what falls short.
    public func problem(with engine: ExplanationEngine) throws -> String? {
        let answers = try answers(engine)
        guard !answers.isEmpty else { return "unknown kind '\(request.kind)'" }
        for answer in answers {
            if let problem = try problem(with: answer) { return problem }
        }
        return nil
    }

    private func problem(with answer: Answer) throws -> String? {
        switch answer.content {
        case .predict: try predictProblem(answer)
        case .deconv(_, let projections): try deconvProblem(projections)
        case .ablation(let ablation): try ablationProblem(answer, ablation)
        case .occlusion(let occlusion): try occlusionProblem(occlusion, of: answer)
        case .activations, .accuracy, .topImages: "the reference has none of this"
        }
    }

    /// What is asked, as anyone could ask it: the kind, its options, and the NPY file that is the network's input.
    ///
    /// An occlusion is asked twice, for the probability and for the logit; everything else once.
    public var questions: [(kind: ExplanationKind, options: [GivenOption], input: [UInt8])] {
        switch request.kind {
        case "predict": [question(.predict, [:])]
        case "deconv":
            [
                question(
                    .deconv,
                    [
                        "layer": request.layer, "feature_map": request.featureMap.map(String.init),
                        "overlap": request.overlap, "seed": request.seed, "lrn": request.lrn,
                    ])
            ]
        case "ablation": [question(.ablation, ["layer": request.layer])]
        case "occlusion":
            ["probability", "logit"].map { quantity in
                question(
                    .occlusion,
                    [
                        "patch": request.patch.map(String.init), "stride": request.stride.map(String.init),
                        "fill": request.fill.map { "\($0)" }, "of": quantity,
                    ])
            }
        default: []
        }
    }

    private func question(
        _ kind: ExplanationKind, _ options: KeyValuePairs<String, String?>
    ) -> (kind: ExplanationKind, options: [GivenOption], input: [UInt8]) {
        let given = options.compactMap { option in option.value.map { GivenOption(name: option.key, value: $0) } }
        return (kind, given + [GivenOption(name: "model", value: model)], input)
    }

    private func answers(_ engine: ExplanationEngine) throws -> [Answer] {
        try questions.map { question in
            try engine.answer(
                ExplanationRequest(question.kind, options: question.options), about: .npy(question.input))
        }
    }

    private func values(_ answer: Answer, _ array: String) throws -> [Float] {
        try NPY.decode(answer.array(named: array)).values
    }

    private func predictProblem(_ answer: Answer) throws -> String? {
        try ReferenceTolerance.problem("logits", values(answer, "logits"), expected("logits").values)
            ?? ReferenceTolerance.problem(
                "probabilities", values(answer, "probabilities"), expected("probabilities").values,
                within: ReferenceTolerance.probability)
    }

    private func deconvProblem(_ projections: [ProjectionAnswer]) throws -> String? {
        guard let projection = projections.first else { return "no projection" }
        if let unit = request.unit, projection.unit != unit { return "unit \(projection.unit ?? []), expected \(unit)" }
        let (found, wanted) = (projection.projection.values, try expected("projection").values)
        return model.hasPrefix("squeezenet")
            ? ReferenceTolerance.problemNearTies("projection", found, wanted)
            : ReferenceTolerance.problem("projection", found, wanted)
    }

    private func ablationProblem(_ answer: Answer, _ ablation: AblationAnswer) throws -> String? {
        let logits = try expected("logits")
        if let problem = ReferenceTolerance.problem("logits", try values(answer, "logits"), logits.values) {
            return problem
        }
        let all = try expected("logits_all").values
        let (target, scale) = (ablation.target, all.reduce(abs(ablation.target.logit)) { max($0, abs($1)) })
        for removal in ablation.ablations + [ablation.layerRemoved] {
            let without =
                removal == ablation.layerRemoved ? all : logits.slice(removal.featureMaps.first ?? 0).values
            let delta = target.logit - without[target.classIndex]
            guard abs(removal.deltaLogit - delta) <= ReferenceTolerance.difference * scale else {
                return "maps \(removal.featureMaps): Δ logit \(removal.deltaLogit), expected \(delta)"
            }
            let top = without.indices.max { (without[$0], $1) < (without[$1], $0) }
            guard removal.topClass == top else { return "maps \(removal.featureMaps): class \(removal.topClass)" }
        }
        return nil
    }

    private func occlusionProblem(_ occlusion: OcclusionAnswer, of answer: Answer) throws -> String? {
        guard occlusion.target.classIndex == request.target else { return "target \(occlusion.target.classIndex)" }
        let labels = try expected("label").values.map { Int32($0) }
        guard occlusion.topClass.values == labels else { return "the most probable classes differ" }
        let isLogit = answer.semantics.contains { $0.name == "of" && $0.value == .text("logit") }
        let quantity = isLogit ? "logit" : "probability"
        let wanted = try expected(quantity).values
        let scale = isLogit ? wanted.reduce(abs(occlusion.target.logit)) { max($0, abs($1)) } : 1
        return try ReferenceTolerance.problem(
            quantity, occlusion.occluded.values, wanted, within: ReferenceTolerance.relative * scale)
            ?? ReferenceTolerance.problem(
                quantity + "_delta", occlusion.delta.values, expected(quantity + "_delta").values,
                within: ReferenceTolerance.difference * scale)
    }
}
