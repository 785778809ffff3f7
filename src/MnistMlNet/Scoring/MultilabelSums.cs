namespace MnistMlNet.Scoring;

/// <summary>The counts and sums that <see cref="MultilabelMetrics"/> are made of.</summary>
internal sealed class MultilabelSums
{
    /// <summary>Bounds p away from 0 and 1, so that one wrong label that the model was certain of costs -ln 1e-15 = 34.5 and not
    /// infinity: the bound of scikit-learn's <c>log_loss</c> and of ML.NET's multiclass evaluation.</summary>
    private const double MinProbability = 1e-15;

    private readonly long[] _truePositives;
    private readonly long[] _falsePositives;
    private readonly long[] _falseNegatives;
    private readonly long[] _known;
    private readonly float[] _order;
    private readonly bool[] _isRelevant;
    private long _missing;
    private long _rowsAllCorrect;
    private double _logLoss;
    private double _rankingPrecision;

    public MultilabelSums(int labelCount)
    {
        _truePositives = new long[labelCount];
        _falsePositives = new long[labelCount];
        _falseNegatives = new long[labelCount];
        _known = new long[labelCount];
        _order = new float[labelCount];
        _isRelevant = new bool[labelCount];
    }

    /// <summary>Gets the rows with a known entry so far.</summary>
    public long RowCount { get; private set; }

    /// <param name="labels">0, 1 or NaN for a missing entry.</param>
    /// <param name="probabilities">0 to 1 for known entries.</param>
    public void Add(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> predicted)
    {
        int known = 0;
        bool allCorrect = true;
        for (int k = 0; k < labels.Length; k++)
        {
            if (float.IsNaN(labels[k]))
            {
                _missing++;
                continue;
            }

            bool isPresent = labels[k] == 1;
            _known[k]++;
            _truePositives[k] += isPresent && predicted[k] ? 1 : 0;
            _falsePositives[k] += !isPresent && predicted[k] ? 1 : 0;
            _falseNegatives[k] += isPresent && !predicted[k] ? 1 : 0;
            allCorrect &= isPresent == predicted[k];
            double p = isPresent ? probabilities[k] : 1 - (double)probabilities[k];
            _logLoss -= Math.Log(Math.Clamp(p, MinProbability, 1 - MinProbability));

            // Array.Sort ascends, and the most probable label must be first.
            _order[known] = -probabilities[k];
            _isRelevant[known++] = isPresent;
        }

        if (known > 0)
        {
            RowCount++;
            _rowsAllCorrect += allCorrect ? 1 : 0;
            _rankingPrecision += RankingPrecision(known);
        }
    }

    public MultilabelMetrics ToMetrics(IReadOnlyList<string> names)
    {
        long known = _known.Sum(), wrong = _falsePositives.Sum() + _falseNegatives.Sum();
        return new MultilabelMetrics(
            [.. names.Select((name, k) => _known[k] == 0
                ? new LabelMetrics(name, double.NaN, double.NaN, double.NaN, 0, 0)
                : new LabelMetrics(
                    name,
                    Ratio(_truePositives[k], _truePositives[k] + _falsePositives[k]),
                    Ratio(_truePositives[k], _truePositives[k] + _falseNegatives[k]),
                    F1(_truePositives[k], _falsePositives[k] + _falseNegatives[k]),
                    _truePositives[k] + _falseNegatives[k],
                    _known[k]))],
            RowCount,
            _missing)
        {
            SubsetAccuracy = (double)_rowsAllCorrect / RowCount,
            HammingLoss = (double)wrong / known,
            MicroF1 = F1(_truePositives.Sum(), wrong),
            LabelRankingAveragePrecision = _rankingPrecision / RowCount,
            LogLoss = _logLoss / known,
        };
    }

    private static double F1(long truePositives, long wrong) => Ratio(2 * truePositives, (2 * truePositives) + wrong);

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    /// <summary>The mean, over the relevant labels of a row, of the relevant labels among those that are at least as probable.</summary>
    private double RankingPrecision(int known)
    {
        int relevantCount = _isRelevant.AsSpan(0, known).Count(true);
        if (relevantCount == 0 || relevantCount == known)
        {
            return 1;
        }

        Array.Sort(_order, _isRelevant, 0, known);
        double sum = 0;
        int relevantSoFar = 0;
        for (int start = 0, end; start < known; start = end)
        {
            // Equally probable labels share the largest rank among them.
            int relevantHere = 0;
            for (end = start; end < known && _order[end] == _order[start]; end++)
            {
                relevantHere += _isRelevant[end] ? 1 : 0;
            }

            relevantSoFar += relevantHere;
            sum += relevantHere * (double)relevantSoFar / end;
        }

        return sum / relevantCount;
    }
}
