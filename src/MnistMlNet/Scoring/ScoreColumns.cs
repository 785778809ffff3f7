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
    private readonly TwoLayerNetworkModelParameters _model;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private ScoreGetters? _getters;

    public ScoreColumns(ScoreSchema schema, TwoLayerNetworkModelParameters model, DataViewRow input, bool[] active)
    {
        _schema = schema;
        _model = model;
        _input = input;
        _active = active;
    }

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

        _getters ??= new ScoreGetters(_model, _input, _schema.FeatureColumn);
        Delegate getter = _schema.IsScore(column)
            ? new ValueGetter<VBuffer<float>>(_getters.GetScore)
            : new ValueGetter<uint>(_getters.GetPredictedLabel);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Invalid TValue in GetGetter for column '{Shown.Text(column.Name)}': "
                + $"'{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
    }
}

/// <summary>Computes <c>Score</c> and <c>PredictedLabel</c> of an input cursor's current row, at most once for each row.</summary>
internal sealed class ScoreGetters
{
    private readonly TwoLayerNetworkModelParameters _model;
    private readonly Predictor _predictor;
    private readonly DataViewRow _input;
    private readonly string _featureColumn;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly float[] _probabilities;
    private VBuffer<float> _features;
    private long _position = -1;

    public ScoreGetters(TwoLayerNetworkModelParameters model, DataViewRow input, DataViewSchema.Column featureColumn)
    {
        _model = model;
        _predictor = model.Predictor;
        _input = input;
        _featureColumn = featureColumn.Name;
        _getFeatures = input.GetGetter<VBuffer<float>>(featureColumn);
        _probabilities = new float[model.ClassCount];
    }

    public void GetScore(ref VBuffer<float> score)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref score, _probabilities.Length);
        _probabilities.CopyTo(editor.Values);
        score = editor.Commit();
    }

    /// <summary>
    /// Gets the key of the most probable class, of equal ones the first; 0, which means missing, where the probabilities are NaN.
    /// </summary>
    public void GetPredictedLabel(ref uint label)
    {
        Update();
        int best = 0;
        for (int c = 1; c < _probabilities.Length; c++)
        {
            if (_probabilities[c] > _probabilities[best])
            {
                best = c;
            }
        }

        label = float.IsNaN(_probabilities[best]) ? 0 : (uint)best + 1;
    }

    private void Update()
    {
        if (_position == _input.Position && _position >= 0)
        {
            return;
        }

        _getFeatures(ref _features);
        FeatureRow.Check(_features, _input.Position, _featureColumn, _model.InputCount);
        if (_features.IsDense)
        {
            _predictor.Predict(_features.GetValues(), _probabilities);
        }
        else
        {
            _predictor.PredictSparse(_features.GetIndices(), _features.GetValues(), _probabilities);
        }

        _position = _input.Position;
    }
}
