using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>Provides the getters of a scored row and of a cursor over scored rows.</summary>
internal sealed class ScoreColumns
{
    private readonly ScoreSchema _schema;
    private readonly TwoLayerNetworkModelParametersBase _model;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private ScoreGetters? _getters;

    public ScoreColumns(ScoreSchema schema, TwoLayerNetworkModelParametersBase model, DataViewRow input, bool[] active)
    {
        _schema = schema;
        _model = model;
        _input = input;
        _active = active;
    }

    /// <summary>Gets the cursor that reads blocks of rows ahead; null for a single row.</summary>
    public BlockCursor? Blocks { get; init; }

    public bool IsActive(DataViewSchema.Column column) => (uint)column.Index < (uint)_active.Length
        ? _active[column.Index]
        : throw new ArgumentOutOfRangeException(nameof(column), column.Index,
            $"Column '{Shown.Text(column.Name)}' isn't one of this row's {_active.Length} columns.");

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
        {
            throw new ArgumentOutOfRangeException(nameof(column), Shown.Text(column.Name),
                $"Column '{Shown.Text(column.Name)}' wasn't asked for when this row was made.");
        }

        if (_schema.IsPassedOn(column, out DataViewSchema.Column input))
        {
            return _input.GetGetter<TValue>(input);
        }

        _getters ??= new ScoreGetters(_model, _input, _schema.FeatureColumn, Blocks);
        Delegate getter = _schema.Added(column).GetGetter(_getters);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Invalid TValue in GetGetter for column '{Shown.Text(column.Name)}': "
                + $"'{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
    }
}

/// <summary>Computes <c>Score</c> and <c>PredictedLabel</c> of an input cursor's current row, at most once for each row.</summary>
internal sealed class ScoreGetters
{
    private readonly TwoLayerNetworkModelParametersBase _model;
    private readonly Predictor _predictor;
    private readonly DataViewRow _input;
    private readonly BlockCursor? _blocks;
    private readonly string _featureColumn;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly float[] _scores;
    private VBuffer<float> _features;
    private long _position = -1;

    public ScoreGetters(
        TwoLayerNetworkModelParametersBase model, DataViewRow input, DataViewSchema.Column featureColumn, BlockCursor? blocks)
    {
        _blocks = blocks;
        _model = model;
        _predictor = model.Predictor;
        _input = input;
        _featureColumn = featureColumn.Name;
        _getFeatures = (blocks?.Input ?? input).GetGetter<VBuffer<float>>(featureColumn);
        _scores = new float[model.OutputCount];
    }

    public void GetScores(ref VBuffer<float> score)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref score, _scores.Length);
        _scores.CopyTo(editor.Values);
        score = editor.Commit();
    }

    /// <summary>
    /// Gets the key of the most probable class, of equal ones the first; 0, which means missing, where the probabilities are NaN.
    /// </summary>
    public void GetPredictedKey(ref uint label)
    {
        Update();
        int best = 0;
        for (int c = 1; c < _scores.Length; c++)
        {
            if (_scores[c] > _scores[best])
            {
                best = c;
            }
        }

        label = float.IsNaN(_scores[best]) ? 0 : (uint)best + 1;
    }

    /// <summary>Gets the score of a network with one output.</summary>
    public void GetScore(ref float score)
    {
        Update();
        score = _scores[0];
    }

    /// <summary>Gets which labels' probabilities are at least their thresholds.</summary>
    public void GetAnswers(ImmutableArray<float> thresholds, ref VBuffer<bool> labels)
    {
        Update();
        VBufferEditor<bool> editor = VBufferEditor.Create(ref labels, _scores.Length);
        for (int k = 0; k < _scores.Length; k++)
        {
            editor.Values[k] = _scores[k] >= thresholds[k];
        }

        labels = editor.Commit();
    }

    private void Update()
    {
        if (_position == _input.Position && _position >= 0)
        {
            return;
        }

        if (_blocks?.TryGetScores(_scores) == true)
        {
            _position = _input.Position;
            return;
        }

        _getFeatures(ref _features);
        FeatureRow.Check(_features, _input.Position, _featureColumn, _model.InputCount);
        if (_features.IsDense)
        {
            _predictor.Predict(_features.GetValues(), _scores);
        }
        else
        {
            _predictor.PredictSparse(_features.GetIndices(), _features.GetValues(), _scores);
        }

        _position = _input.Position;
    }
}
