import Charts

/// Every sentence of the page, in both languages; `{0}` and so on stand for values.
enum ReportText: CaseIterable {
    case report, held, notHeld, summary
    case wrong, notAsExpected, found
    case better, worse, unclear, betterNumbers, worseNumbers, unclearNumbers, allHeld, someFailed, nothingMeasured
    case upliftAUC, upliftRMSE, interval, independent, sameModel, equal, different, equalNote, differentNote, noDigest
    case time, ofWhichTraining, expectations, ofHeld, sites, routesPassed

    case models, modelsNote, measure, difference, higherIsBetter, lowerIsBetter
    case guest, federated, centralised

    case curves, curvesNote
    case roc, rocSummary, falsePositives, truePositives, random
    case ks, ksSummary, score, cumulative, events, others, largestGap
    case gain, gainSummary, shareOfRows, shareOfEvents
    case lift, liftSummary, band, liftValue, noLift
    case calibration, calibrationSummary, predicted, observed, perfect
    case scores, scoresSummary, shareOfClass
    case predictions, predictionsSummary, count
    case scatter, scatterSummary, label

    case importance, importanceNote, importanceOf, importanceSummary, importanceByParty, importanceByPartySummary
    case column, party, gainShare, columnCount, moreColumns

    case weights, weightsNote, weightsEqualNote, weightsDifferentNote
    case weightsOf, weightsSummary, onePlaceNote, regressionNote, regressionEqualNote, regressionDifferentNote
    case informationOf, informationSummary, informationValue
    case bin, rowsInBin, bads, badRate, woe, points, missing, rising, falling, undivided
    case comparedModels, modelKind, areaUnderCurve, boosting, scorecardAlone, scorecardOfAll, scorecardBetween
    case cutoffs, approvedFrom, approvalRate, badsCaught, goodsLost
    case selection, selectionSummary, rule, limit, decision, reason, kept, dropped

    case trees, treesNote, treesMore, tree, treeSummary, splitAt, nodeRows, yes, no

    case privacy, privacyNote, declared, counted, nothingCounted, value
    case bitsPerRow, separation, sums, commonIDs, ownSplits, fineBinsSeen, ratesSeen, partialScoresSeen,
        residualSumsSeen
    case ledgers, ledgersNote, site, peer, head, lines

    case timeline, timelineNote, waterfall, waterfallSummary, phase, start, seconds, cpu, memory, bytes

    case expectationsNote, expectation, holds
    case data, dataNote, role, columns, rowsAtSite, settings, setting
    case routes, from, to, outcome, layers
    case figures, figuresNote, figure
    case environment, reproduce, reproduceNote, resumedNote, made

    var phrase: Phrase {
        guard let entry = Self.table[self] else { return "" }
        return Phrase(entry.0, chinese: entry.1)
    }

    func filled(_ values: Phrase...) -> Phrase {
        switch values.count {
        case 0: phrase
        case 1: phrase.filled(values[0])
        case 2: phrase.filled(values[0], values[1])
        case 3: phrase.filled(values[0], values[1], values[2])
        default: phrase.filled(values[0], values[1], values[2], values[3])
        }
    }

    /// A test holds that every case is there in both, with the same values.
    static let table: [ReportText: (String, String)] = Dictionary(
        headTexts + curveTexts + scorecardTexts + partyTexts + runTexts, uniquingKeysWith: { first, _ in first })
}
