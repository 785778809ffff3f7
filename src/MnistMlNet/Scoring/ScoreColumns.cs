using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>What a scored row and a cursor over scored rows have in common: which column comes from where.</summary>
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
